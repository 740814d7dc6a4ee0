import dev.backprop.engine.data.BareExamples;
import dev.backprop.engine.spec.Defaults;
import dev.backprop.engine.data.DenseRows;
import dev.backprop.engine.linalg.KernelSelection;
import dev.backprop.engine.linalg.Team;
import dev.backprop.engine.plan.TrainingData;
import dev.backprop.engine.plan.TrainingPlan;
import dev.backprop.engine.plan.TrainingResult;
import dev.backprop.engine.scoring.Prediction;
import dev.backprop.engine.scoring.Predictor;
import dev.backprop.engine.spec.FitSpec;
import dev.backprop.engine.spec.LayerSpec;
import dev.backprop.engine.spec.NetworkSpec;
import dev.backprop.engine.spec.TrainingSpec;
import java.time.InstantSource;
import java.util.List;

/// Trains a network on y = x1 * x2 and predicts with it: by the engine alone, without the service.
class TrainAndPredict {

  public static void main(String[] args) {
    double[][] x = new double[1_600][];
    double[][] y = new double[x.length][];
    for (int i = 0; i < x.length; i++) {
      x[i] = new double[] {i % 40 / 20.0 - 1, i / 40 / 20.0 - 1};
      y[i] = new double[] {x[i][0] * x[i][1]};
    }
    TrainingPlan plan =
        TrainingPlan.of(
            new TrainingData.Bare(new BareExamples(DenseRows.of(x), DenseRows.of(y))),
            null,
            FitSpec.of(
                NetworkSpec.of(List.of(Defaults.fill(LayerSpec.Dense.class, 16)), null, null),
                TrainingSpec.defaults()));
    KernelSelection selected = KernelSelection.select(null);
    try (Team team = new Team(2)) {
      TrainingResult result =
          plan.run(selected.kernels(), team, InstantSource.system(), report -> {}, null);
      Predictor predictor = ((TrainingResult.Trained) result).predictor();
      double[] values = ((Prediction.Outputs) predictor.predict(new double[] {0.8, -0.5}, predictor.workspace(1))).values();
      System.out.println(selected.reason() + "; 0.8 * -0.5 is about " + values[0]);
      if (Math.abs(values[0] + 0.4) > 0.05) {
        throw new IllegalStateException("it has not learned");
      }
    }
  }
}
