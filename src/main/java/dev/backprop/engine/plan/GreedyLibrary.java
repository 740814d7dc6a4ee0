package dev.backprop.engine.plan;

import dev.backprop.engine.scoring.CandidateAnswers;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Candidates to choose from by what they answered. Several are tried at the same time, and the
/// training may be ended between them.
final class GreedyLibrary implements GreedySelection.Library {

  private final CandidateAnswers answers;
  private final LastPhase last;
  private @Nullable TrainingResult ended;

  GreedyLibrary(CandidateAnswers answers, LastPhase last) {
    this.answers = answers;
    this.last = last;
  }

  @Override
  public int size() {
    return answers.size();
  }

  @Override
  public double @Nullable [] lossesWithOneMore() {
    double[] losses = new double[size()];
    ended =
        last.each(
            losses.length, candidate -> losses[candidate] = answers.lossWithOneMore(candidate));
    return ended == null ? losses : null;
  }

  @Override
  public void take(int candidate) {
    answers.take(candidate);
  }

  /// How the training ended in the midst of it.
  TrainingResult ended() {
    return Objects.requireNonNull(ended);
  }
}
