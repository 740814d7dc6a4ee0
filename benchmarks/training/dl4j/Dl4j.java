import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/// Deeplearning4j on its native backend.
final class Dl4j extends Peer {

  private final MultiLayerNetwork network;
  private final INDArray inputs;
  private final INDArray targets;

  private Dl4j(String argument) {
    super(argument);
    NeuralNetConfiguration.ListBuilder layers =
        new NeuralNetConfiguration.Builder()
            .seed(1)
            .weightInit(WeightInit.RELU)
            .updater(new Adam(0.001))
            .list();
    int last = widths.length - 1;
    for (int l = 1; l < last; l++) {
      layers.layer(
          new DenseLayer.Builder()
              .nIn(widths[l - 1])
              .nOut(widths[l])
              .activation(Activation.RELU)
              .build());
    }
    boolean numeric = outputs() == 1;
    layers.layer(
        new OutputLayer.Builder(numeric ? LossFunction.MSE : LossFunction.MCXENT)
            .nIn(widths[last - 1])
            .nOut(outputs())
            .activation(numeric ? Activation.IDENTITY : Activation.SOFTMAX)
            .build());
    network = new MultiLayerNetwork(layers.build());
    network.init();
    inputs = Nd4j.createFromArray(x);
    float[][] y = new float[x.length][outputs()];
    for (int i = 0; i < y.length; i++) {
      y[i][classes[i]] = numeric ? numbers[i] : 1;
    }
    targets = Nd4j.createFromArray(y);
  }

  @Override
  void step(int[] rows) {
    network.fit(Nd4j.pullRows(inputs, 1, rows), Nd4j.pullRows(targets, 1, rows));
  }

  @Override
  double loss() {
    return network.score();
  }

  public static void main(String[] args) {
    run("dl4j-1.0.0", args, Dl4j::new);
  }
}
