package dev.backprop.service.job;

import dev.backprop.engine.data.BareExamples;
import dev.backprop.engine.data.DenseRows;
import dev.backprop.engine.linalg.KernelSelection;
import dev.backprop.engine.linalg.Team;
import dev.backprop.engine.plan.Checkpoint;
import dev.backprop.engine.plan.Checkpoints;
import dev.backprop.engine.plan.Supervisor;
import dev.backprop.engine.plan.TrainingData;
import dev.backprop.engine.plan.TrainingPlan;
import dev.backprop.engine.plan.TrainingResult;
import dev.backprop.engine.spec.FitSpec;
import dev.backprop.engine.spec.NetworkSpec;
import dev.backprop.engine.spec.TrainingSpecs;
import dev.backprop.engine.training.EpochReport;
import dev.backprop.engine.training.Signal;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Small trainings to interrupt.
final class XorPlans {

  private XorPlans() {}

  static final TrainingData DATA =
      new TrainingData.Bare(
          new BareExamples(
              DenseRows.of(new double[][] {{0, 0}, {0, 1}, {1, 0}, {1, 1}}),
              DenseRows.of(new double[][] {{0}, {1}, {1}, {0}})));

  /// @param id of the training
  static TrainingPlan of(int epochs, String id) {
    return TrainingPlan.of(
            DATA,
            null,
            FitSpec.of(
                NetworkSpec.of(List.of(), null, null),
                TrainingSpecs.training().epochs(epochs).seed(7).spec()))
        .identifiedBy(id);
  }

  /// Trains some steps, and is then suspended.
  static TrainingResult run(
      TrainingPlan plan, @Nullable Checkpoint from, CheckpointKeeper keeper, int steps) {
    return run(plan, from, new After(keeper, steps));
  }

  static TrainingResult run(TrainingPlan plan, @Nullable Checkpoint from, Checkpoints checkpoints) {
    return plan.run(
        KernelSelection.select("java").kernels(),
        Team.ALONE,
        InstantSource.system(),
        new Supervisor() {

          @Override
          public void onEpoch(EpochReport report) {}

          @Override
          public Signal signal() {
            return checkpoints.signal();
          }

          @Override
          public void save(Checkpoint checkpoint) {
            checkpoints.save(checkpoint);
          }
        },
        from);
  }

  static TrainingResult undisturbed(TrainingPlan plan) {
    return run(plan, null, Checkpoints.NONE);
  }

  static float[] parameters(TrainingResult result) {
    return ((TrainingResult.Trained) result).predictor().scorer().network().parameters().values();
  }

  private static final class After implements Checkpoints {

    private final CheckpointKeeper keeper;
    private int left;

    After(CheckpointKeeper keeper, int steps) {
      this.keeper = keeper;
      this.left = steps;
    }

    @Override
    public Signal signal() {
      if (left-- > 0) {
        return keeper.signal();
      }
      keeper.suspend();
      return Signal.SUSPEND;
    }

    @Override
    public void save(Checkpoint checkpoint) {
      keeper.save(checkpoint);
    }
  }
}
