package dev.backprop.engine.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backprop.engine.linalg.KernelSelection;
import dev.backprop.engine.linalg.Team;
import dev.backprop.engine.scoring.Member;
import dev.backprop.engine.training.EpochReport;
import dev.backprop.engine.training.Signal;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/// A run of a training with checkpoints, and all that it came to.
final class CheckpointedRun {

  private final AtomicInteger asked = new AtomicInteger();
  private final List<EpochReport> history = new ArrayList<>();
  private final List<CrossValidationResult.Fold> folds =
      Collections.synchronizedList(new ArrayList<>());

  final List<Checkpoint> saved = new ArrayList<>();
  final TrainingResult result;

  /// How a training is run.
  ///
  /// @param from what it goes on from; null for the begin
  record Start(
      TrainingPlan plan,
      int threads,
      @Nullable Checkpoint from,
      InstantSource clock,
      Supervisor listener) {

    Start on(int count) {
      return new Start(plan, count, from, clock, listener);
    }

    Start from(@Nullable Checkpoint checkpoint) {
      return new Start(plan, threads, checkpoint, clock, listener);
    }

    Start by(InstantSource other) {
      return new Start(plan, threads, from, other, listener);
    }

    Start telling(Supervisor other) {
      return new Start(plan, threads, from, clock, other);
    }

    /// Nobody wants a checkpoint.
    CheckpointedRun undisturbed() {
      return run(_ -> Signal.GO_ON);
    }

    /// Ends at the first step after that many questions.
    CheckpointedRun suspended(int after) {
      return run(asked -> asked > after ? Signal.SUSPEND : Signal.GO_ON);
    }

    CheckpointedRun saving() {
      return run(_ -> Signal.SAVE);
    }

    /// @param signals by how often they have been asked, from 1
    CheckpointedRun run(IntFunction<Signal> signals) {
      return new CheckpointedRun(this, signals);
    }
  }

  /// From its begin, on one thread, at a time that stands still.
  static Start of(TrainingPlan plan) {
    return new Start(plan, 1, null, InstantSource.fixed(Instant.EPOCH), _ -> {});
  }

  private CheckpointedRun(Start start, IntFunction<Signal> signals) {
    Checkpoint from = start.from();
    if (from != null) {
      history.addAll(from.history());
      folds.addAll(from.folds());
    }
    try (Team team = new Team(start.threads())) {
      result =
          start
              .plan()
              .run(
                  KernelSelection.select(null).kernels(),
                  team,
                  start.clock(),
                  new Supervisor() {

                    @Override
                    public void onEpoch(EpochReport report) {
                      history.add(report);
                      start.listener().onEpoch(report);
                    }

                    @Override
                    public void onFold(CrossValidationResult.Fold fold) {
                      folds.add(fold);
                    }

                    @Override
                    public Signal signal() {
                      return signals.apply(asked.incrementAndGet());
                    }

                    @Override
                    public void save(Checkpoint checkpoint) {
                      saved.add(checkpoint);
                    }
                  },
                  from);
    }
  }

  int asked() {
    return asked.get();
  }

  List<EpochReport> history() {
    return history;
  }

  TrainingResult.Trained trained() {
    return (TrainingResult.Trained) result;
  }

  /// Written and read again.
  static Checkpoint reread(Checkpoint checkpoint, TrainingPlan plan) {
    try {
      return Checkpoint.read(new ByteArrayInputStream(bytes(checkpoint)), plan.checkpointBounds());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static byte[] bytes(Checkpoint checkpoint) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      checkpoint.write(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  /// To the bit, and in everything that was said.
  void assertCameToTheSameAs(CheckpointedRun other) {
    TrainingResult.Trained one = trained();
    TrainingResult.Trained two = other.trained();
    List<Member> networks = one.predictor().members();
    assertThat(networks).hasSameSizeAs(two.predictor().members());
    for (int m = 0; m < networks.size(); m++) {
      assertThat(Arrays.mismatch(parameters(one, m), parameters(two, m))).isEqualTo(-1);
    }
    assertThat(history).isEqualTo(other.history);
    assertThat(sorted(folds)).isEqualTo(sorted(other.folds));
    assertThat(one.learned().epochs()).isEqualTo(two.learned().epochs());
    assertThat(one.learned().bestEpoch()).isEqualTo(two.learned().bestEpoch());
    assertThat(one.learned().stoppedEarly()).isEqualTo(two.learned().stoppedEarly());
    assertThat(one.learned().stoppedByTime()).isEqualTo(two.learned().stoppedByTime());
    assertThat(one.learned().converged()).isEqualTo(two.learned().converged());
    assertThat(one.learned().evaluations()).isEqualTo(two.learned().evaluations());
    assertThat(one.learned().crossValidation()).isEqualTo(two.learned().crossValidation());
    assertThat(one.learned().bagging()).isEqualTo(two.learned().bagging());
    assertThat(one.learned().ensemble()).isEqualTo(two.learned().ensemble());
    assertThat(one.learned().warnings()).isEqualTo(two.learned().warnings());
  }

  private static float[] parameters(TrainingResult.Trained trained, int network) {
    return trained.predictor().members().get(network).scorer().network().parameters().values();
  }

  private static List<CrossValidationResult.Fold> sorted(List<CrossValidationResult.Fold> folds) {
    return folds.stream()
        .sorted(
            Comparator.comparingInt(
                    (CrossValidationResult.Fold fold) -> fold.member() == null ? 0 : fold.member())
                .thenComparingInt(CrossValidationResult.Fold::fold))
        .toList();
  }
}
