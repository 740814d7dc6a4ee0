import java.util.ArrayList;
import java.util.List;
import smile.model.mlp.Layer;
import smile.model.mlp.LayerBuilder;
import smile.model.mlp.OutputFunction;
import smile.util.function.TimeFunction;

/// Smile's perceptron. It has no Adam; RMSProp stands for it. It computes on one thread, one row
/// after the other, in double precision.
final class Smile extends Peer {

  private final double[][] inputs;
  private final smile.classification.MLP classifier;
  private final smile.regression.MLP regressor;

  private Smile(String argument) {
    super(argument);
    inputs = new double[x.length][widths[0]];
    for (int i = 0; i < x.length; i++) {
      for (int j = 0; j < widths[0]; j++) {
        inputs[i][j] = x[i][j];
      }
    }
    List<LayerBuilder> layers = new ArrayList<>(List.of(Layer.input(widths[0])));
    for (int l = 1; l < widths.length - 1; l++) {
      layers.add(Layer.rectifier(widths[l]));
    }
    boolean numeric = outputs() == 1;
    layers.add(
        numeric
            ? Layer.mse(1, OutputFunction.LINEAR)
            : Layer.mle(outputs(), OutputFunction.SOFTMAX));
    LayerBuilder[] all = layers.toArray(LayerBuilder[]::new);
    classifier = numeric ? null : new smile.classification.MLP(all);
    regressor = numeric ? new smile.regression.MLP(all) : null;
    (numeric ? regressor : classifier).setLearningRate(TimeFunction.constant(0.001));
    (numeric ? regressor : classifier).setRMSProp(0.9, 1e-7);
  }

  @Override
  void step(int[] rows) {
    double[][] xs = new double[rows.length][];
    for (int i = 0; i < rows.length; i++) {
      xs[i] = inputs[rows[i]];
    }
    if (classifier != null) {
      int[] ys = new int[rows.length];
      for (int i = 0; i < rows.length; i++) {
        ys[i] = classes[rows[i]];
      }
      classifier.update(xs, ys);
    } else {
      double[] ys = new double[rows.length];
      for (int i = 0; i < rows.length; i++) {
        ys[i] = numbers[rows[i]];
      }
      regressor.update(xs, ys);
    }
  }

  /// It tells no loss: the mean over some rows.
  @Override
  double loss() {
    double sum = 0;
    int n = Math.min(1000, x.length);
    double[] probabilities = new double[outputs()];
    for (int i = 0; i < n; i++) {
      if (classifier != null) {
        classifier.predict(inputs[i], probabilities);
        sum -= Math.log(probabilities[classes[i]]);
      } else {
        sum += Math.pow(regressor.predict(inputs[i]) - numbers[i], 2);
      }
    }
    return sum / n;
  }

  public static void main(String[] args) {
    run("smile-6.3.0", args, Smile::new);
  }
}
