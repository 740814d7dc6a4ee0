package dev.backprop.engine.scoring;

import dev.backprop.engine.data.Examples;
import dev.backprop.engine.figures.Calibration;
import dev.backprop.engine.nn.Workspace;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Rows whose targets are known, and what a model answers to them.
public abstract class AnsweredRows {

  private final Scorer scorer;
  private final int size;

  private AnsweredRows(Scorer scorer, int size) {
    this.scorer = scorer;
    this.size = size;
  }

  /// Rows each of which some members answer, as [Predictor#evaluateApart] has them.
  ///
  /// @param ofGroups at least one row
  public static AnsweredRows of(Predictor predictor, PredictorRows rows, List<int[]> ofGroups) {
    int size = ofGroups.stream().mapToInt(group -> group.length).sum();
    return new AnsweredRows(predictor.scorer(), size) {

      @Override
      void give(@Nullable Calibration calibration, BlockSink sink, Spreads spreads) {
        predictor.give(rows, ofGroups, calibration, sink, spreads);
      }
    };
  }

  /// Rows that one network answers as it did while it was trained.
  ///
  /// @param rows at least one
  public static AnsweredRows of(Scorer scorer, Examples examples, int[] rows) {
    return new AnsweredRows(scorer, rows.length) {

      @Override
      void give(@Nullable Calibration calibration, BlockSink sink, Spreads spreads) {
        Workspace workspace = scorer.workspace();
        scorer.add(
            sink,
            examples,
            rows,
            (from, n) -> {
              workspace.rows(n);
              examples.encode(rows, from, n, workspace.x(), workspace.y());
              scorer.network().forward(workspace);
              if (calibration != null) {
                calibration.apply(workspace.answers());
              }
              return workspace.answers();
            },
            null);
      }
    };
  }

  /// Rows that were answered before, elsewhere.
  ///
  /// @param scorer of the network that answered
  /// @param parts together at least one row
  public static AnsweredRows of(Scorer scorer, List<RecordedAnswers> parts) {
    int size = parts.stream().mapToInt(RecordedAnswers::rows).reduce(0, Math::addExact);
    return new AnsweredRows(scorer, size) {

      @Override
      void give(@Nullable Calibration calibration, BlockSink sink, Spreads spreads) {
        parts.forEach(part -> part.give(scorer.network(), calibration, sink));
      }
    };
  }

  /// @param calibration null for the networks' own probabilities
  /// @param spreads hears of each block
  abstract void give(@Nullable Calibration calibration, BlockSink sink, Spreads spreads);

  /// What the rows tell of how sure the model is.
  ///
  /// @param groups of its members when it answers new rows, see
  ///   [dev.backprop.engine.figures.MemberSpread]
  public CertaintyRows certainty(int groups) {
    Spreads spreads = new Spreads();
    CertaintyRows told =
        new CertaintyRows(scorer.target(), scorer.targetEncoder().scales(), spreads, groups, size);
    give(null, told, spreads);
    return told;
  }

  /// Scores them as a training does after an epoch.
  ///
  /// @param judging what is told in full; null for the usual figures
  public Evaluation evaluate(@Nullable Judging judging) {
    Spreads spreads = new Spreads();
    Tally tally = scorer.tally(size, judging, spreads);
    give(null, tally, spreads);
    return tally.evaluation();
  }

  /// Scores them, and tells all that there is to tell.
  ///
  /// @param certainty with which the model answers
  /// @param seed of the draws of intervals
  public Evaluation evaluate(Certainty certainty, long seed) {
    Spreads spreads = new Spreads();
    Tally tally = scorer.tally(size, Judging.of(certainty, seed), spreads);
    give(certainty.calibration(), tally, spreads);
    return tally.evaluation();
  }
}
