import ai.djl.Device;
import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;

/// PyTorch through the Deep Java Library.
final class Djl extends Peer {

  private final Trainer trainer;
  private final NDManager manager;
  private final NDArray inputs;
  private final NDArray targets;
  private int steps;
  private double loss;

  private Djl(String argument) {
    super(argument);
    SequentialBlock block = new SequentialBlock();
    for (int l = 1; l < widths.length; l++) {
      block.add(Linear.builder().setUnits(widths[l]).build());
      if (l < widths.length - 1) {
        block.add(Activation::relu);
      }
    }
    Model model = Model.newInstance("network");
    model.setBlock(block);
    boolean numeric = outputs() == 1;
    DefaultTrainingConfig config =
        new DefaultTrainingConfig(
                numeric ? Loss.l2Loss("loss", 1) : Loss.softmaxCrossEntropyLoss())
            .optDevices(new Device[] {Device.cpu()})
            .optOptimizer(
                Optimizer.adam().optLearningRateTracker(Tracker.fixed(0.001f)).build());
    trainer = model.newTrainer(config);
    trainer.initialize(new Shape(batch, widths[0]));
    manager = trainer.getManager();
    inputs = manager.create(x);
    targets =
        numeric
            ? manager.create(numbers, new Shape(numbers.length, 1))
            : manager.create(classes);
  }

  @Override
  void step(int[] rows) {
    try (NDManager scratch = manager.newSubManager()) {
      NDArray index = scratch.create(rows);
      NDArray xs = inputs.get(scratch, new NDIndex("{}", index));
      NDArray ys = targets.get(scratch, new NDIndex("{}", index));
      try (GradientCollector collector = trainer.newGradientCollector()) {
        NDList outputs = trainer.forward(new NDList(xs));
        NDArray mean = trainer.getLoss().evaluate(new NDList(ys), outputs);
        collector.backward(mean);
        // To look at every loss would wait for it.
        if (steps++ % 16 == 0) {
          loss = mean.toFloatArray()[0];
        }
      }
      trainer.step();
    }
  }

  @Override
  double loss() {
    return loss;
  }

  public static void main(String[] args) {
    run("djl-pytorch-" + Engine.getInstance().getVersion(), args, Djl::new);
  }
}
