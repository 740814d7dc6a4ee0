package dev.backprop.engine.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.backprop.engine.linalg.KernelSelection;
import dev.backprop.engine.linalg.Kernels;
import dev.backprop.engine.linalg.Team;
import dev.backprop.engine.nn.Network;
import dev.backprop.engine.nn.Parameters;
import dev.backprop.engine.nn.UnitOrder;
import dev.backprop.engine.nn.WholeBatch;
import dev.backprop.engine.nn.Workspace;
import dev.backprop.engine.spec.Activation;
import dev.backprop.engine.spec.Defaults;
import dev.backprop.engine.spec.FactorSchedule;
import dev.backprop.engine.spec.Initializer;
import dev.backprop.engine.spec.LayerSpec;
import dev.backprop.engine.spec.LearningRateFactorsSpec;
import dev.backprop.engine.spec.LossSpec;
import dev.backprop.engine.spec.NetworkSpec;
import dev.backprop.engine.spec.OptimizerSpec;
import dev.backprop.engine.spec.OutputSpec;
import dev.backprop.engine.spec.RegularizationSpec;
import dev.backprop.engine.spec.ScheduleSpec;
import dev.backprop.engine.spec.TrainingSpec;
import dev.backprop.engine.spec.TrainingSpecs;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Ten steps of training against those of PyTorch, as `golden/trajectories.py` prints them.
@ParameterizedClass
@ValueSource(strings = {"java", "openblas"})
class GoldenTrajectoryTest {

  private static final int ROWS = 12;
  private static final int INPUTS = 4;
  private static final int HIDDEN = 5;
  private static final int OUTPUTS = 3;
  private static final int BATCH = 4;
  private static final int STEPS = 10;

  /// A relative error of 1e-4.
  private static final double PERCENT = 0.01;

  /// The targets of example i, output j.
  enum Targets {
    CLASSES {
      @Override
      double of(int i, int j) {
        return i % OUTPUTS == j ? 1 : 0;
      }
    },
    LABELS {
      @Override
      double of(int i, int j) {
        return (i >> j) & 1;
      }
    },
    COUNTS {
      @Override
      double of(int i, int j) {
        return (i + j) % 4;
      }
    },
    NUMBERS {
      @Override
      double of(int i, int j) {
        return 0.8 * Math.sin(2 + i * OUTPUTS + j);
      }
    };

    abstract double of(int i, int j);
  }

  /// What there is to learn, and what the network ends with to learn it.
  record Task(Targets targets, Activation output, LossSpec loss) {

    static final Task CLASSES =
        new Task(Targets.CLASSES, new Activation.Softmax(), new LossSpec.CrossEntropy());
    static final Task LABELS =
        new Task(Targets.LABELS, new Activation.Sigmoid(), new LossSpec.CrossEntropy());
    static final Task COUNTS =
        new Task(Targets.COUNTS, new Activation.Exponential(), new LossSpec.Poisson());
    static final Task NUMBERS =
        new Task(Targets.NUMBERS, new Activation.Identity(), new LossSpec.SquaredError());

    Task withOutput(Activation other) {
      return new Task(targets, other, loss);
    }

    Task withLoss(LossSpec other) {
      return new Task(targets, output, other);
    }
  }

  /// @param behind layers behind the dense hidden one
  record Case(
      String name, Task task, Activation hidden, TrainingSpec training, List<LayerSpec> behind) {

    /// One hidden layer of tanh, no penalty, a constant rate, no clipping.
    static Case of(String name, Task task, OptimizerSpec optimizer) {
      return of(name, task, by(optimizer));
    }

    static Case of(String name, Task task, TrainingSpecs training) {
      return new Case(name, task, new Activation.Tanh(), training.spec(), List.of());
    }

    Case withHidden(Activation other) {
      return new Case(name, task, other, training, behind);
    }

    Case with(LayerSpec... layers) {
      return new Case(name, task, hidden, training, List.of(layers));
    }

    @Override
    public String toString() {
      return name;
    }
  }

  private static TrainingSpecs by(OptimizerSpec optimizer) {
    return TrainingSpecs.training().optimizer(optimizer);
  }

  static List<Case> cases() {
    OptimizerSpec adam = new OptimizerSpec.Adam(0.1, 0.9, 0.999, 1e-8);
    OptimizerSpec adamW = new OptimizerSpec.AdamW(0.04, 0.9, 0.999, 1e-8, 0.3);
    OptimizerSpec momentum = new OptimizerSpec.Sgd(0.3, 0.9, false);
    return List.of(
        Case.of("momentum", Task.CLASSES, momentum),
        Case.of(
                "nesterov",
                Task.LABELS,
                by(new OptimizerSpec.Sgd(0.1, 0.8, true))
                    .regularization(new RegularizationSpec(0.01, 0.05)))
            .withHidden(new Activation.Relu()),
        Case.of(
                "adam",
                Task.CLASSES,
                by(adam).schedule(new ScheduleSpec.Cosine(0, 0)).clipNorm(0.2))
            .withHidden(new Activation.Silu()),
        Case.of(
                "adamw",
                Task.NUMBERS.withOutput(new Activation.Tanh()),
                new OptimizerSpec.AdamW(0.05, 0.9, 0.999, 1e-8, 0.3))
            .withHidden(new Activation.Elu(1)),
        Case.of(
                "rmsprop",
                Task.NUMBERS.withLoss(new LossSpec.Huber(0.5)),
                new OptimizerSpec.RmsProp(0.01, 0.99, 1e-8, 0.5))
            .withHidden(new Activation.Gelu()),
        Case.of(
                "sgd",
                Task.NUMBERS
                    .withOutput(new Activation.Selu())
                    .withLoss(new LossSpec.AbsoluteError()),
                new OptimizerSpec.Sgd(0.2, 0, false))
            .withHidden(new Activation.Softplus()),
        Case.of("nadam", Task.CLASSES, new OptimizerSpec.Nadam(0.05, 0.9, 0.999, 1e-8, 0.004)),
        Case.of("adagrad", Task.NUMBERS, new OptimizerSpec.AdaGrad(0.1, 0.2, 1e-10))
            .withHidden(new Activation.Silu()),
        Case.of("adadelta", Task.LABELS, new OptimizerSpec.AdaDelta(1, 0.9, 1e-6))
            .withHidden(new Activation.Sigmoid()),
        Case.of("rprop", Task.NUMBERS, new OptimizerSpec.Rprop(0.01, 0.5, 1.2, 1e-6, 50)),
        Case.of(
                "one-cycle",
                Task.CLASSES,
                by(adam).schedule(new ScheduleSpec.OneCycle(0.3, 25, 1e4)))
            .withHidden(new Activation.Mish()),
        Case.of(
            "restarts",
            Task.NUMBERS,
            by(new OptimizerSpec.Sgd(0.2, 0.5, false))
                .schedule(new ScheduleSpec.CosineRestarts(1, 2, 0.1))),
        Case.of("coslog4", Task.CLASSES, by(adam).schedule(new ScheduleSpec.CosLog4()))
            .withHidden(new Activation.Silu()),
        Case.of(
            "flat-cos",
            Task.NUMBERS,
            by(new OptimizerSpec.AdamW(0.05, 0.9, 0.999, 1e-8, 0.3))
                .schedule(new ScheduleSpec.FlatCos())
                .decaySchedule(FactorSchedule.FLAT_COS)),
        Case.of("smoothing", Task.CLASSES.withLoss(new LossSpec.CrossEntropy(0.1)), momentum),
        Case.of(
                "focal",
                Task.CLASSES.withLoss(new LossSpec.Focal(2)),
                new OptimizerSpec.Sgd(0.3, 0.5, false))
            .withHidden(new Activation.Silu()),
        Case.of("poisson", Task.COUNTS, new OptimizerSpec.Sgd(0.1, 0.5, false)),
        Case.of(
            "quantile",
            Task.NUMBERS.withLoss(new LossSpec.Quantile(0.8)),
            new OptimizerSpec.Sgd(0.1, 0, false)),
        Case.of("prelu", Task.CLASSES, adamW).withHidden(new Activation.Prelu(0.25)),
        Case.of(
                "rate-factors",
                Task.CLASSES,
                by(adamW).learningRateFactors(new LearningRateFactorsSpec(0.1, 1, 3, 1, 1)))
            .withHidden(new Activation.Prelu(0.25)),
        Case.of("layer-norm", Task.CLASSES, adamW).with(new LayerSpec.LayerNorm(1e-5)),
        Case.of("batch-norm", Task.CLASSES, adamW)
            .with(
                new LayerSpec.BatchNorm(1e-5, 0.1),
                Defaults.fill(LayerSpec.Dense.class, 2, new Activation.Silu()),
                new LayerSpec.BatchNorm(1e-3, 0.25),
                Defaults.fill(LayerSpec.Dense.class, HIDDEN, new Activation.Tanh())),
        Case.of("residual", Task.CLASSES, adamW)
            .with(
                new LayerSpec.Residual(
                    List.of(
                        Defaults.fill(LayerSpec.Dense.class, 2, new Activation.Silu()),
                        new LayerSpec.Residual(
                            List.of(
                                Defaults.fill(
                                    LayerSpec.Dense.class, HIDDEN, new Activation.Tanh())),
                            true)),
                    false)));
  }

  private final Kernels kernels;

  GoldenTrajectoryTest(String kernels) {
    this.kernels = KernelSelection.select(kernels).kernels();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void followsPyTorch(Case golden) {
    Network network = network(golden);
    check(golden, train(network, golden), network);
  }

  private static void check(Case golden, double[] losses, Network network) {
    double[] expectedLosses = Golden.of(golden.name(), "loss", STEPS);
    for (int step = 0; step < STEPS; step++) {
      assertThat(losses[step])
          .as("loss of step %d", step)
          .isCloseTo(expectedLosses[step], withinPercentage(PERCENT));
    }
    float[] values = network.parameters().values();
    int[] places = UnitOrder.of(network.parameters().views());
    double[] expected = Golden.of(golden.name(), "parameter", places.length);
    for (int p = 0; p < places.length; p++) {
      assertThat((double) values[places[p]])
          .as("parameter %d", p)
          .isCloseTo(expected[p], withinPercentage(PERCENT));
    }
    int running = values.length - places.length;
    double[] statistics =
        running == 0 ? new double[0] : Golden.of(golden.name(), "statistic", running);
    for (int s = 0; s < statistics.length; s++) {
      assertThat((double) values[places.length + s])
          .as("statistic %d", s)
          .isCloseTo(statistics[s], withinPercentage(PERCENT));
    }
  }

  /// The losses before each step.
  private static double[] train(Network network, Case golden) {
    TrainingSpec training = golden.training();
    Parameters parameters = network.parameters().learningBy(training.learningRateFactors());
    Parameters gradient = parameters.like();
    Optimizer optimizer = Optimizer.of(training.optimizer(), training.regularization(), parameters);
    LearningRateSchedule schedule =
        new LearningRateSchedule(
            training.schedule(), training.optimizer().learningRate(), STEPS / 2, 2);
    Workspace w = network.trainingWorkspace(BATCH);
    double[] losses = new double[STEPS];
    for (int step = 0; step < STEPS; step++) {
      fill(w, golden.task().targets(), step * BATCH, BATCH);
      WholeBatch.forward(network, w, 0, 1, 0);
      losses[step] = network.loss(w) / BATCH;
      WholeBatch.backward(network, w, gradient);
      if (training.clipNorm() != null) {
        float[] g = gradient.values();
        double squares = GradientClipping.sumOfSquares(g, 0, g.length);
        GradientClipping.scale(
            g, 0, g.length, GradientClipping.factor(squares, training.clipNorm()));
      }
      optimizer.begin(
          schedule.rate(step / 2, step % 2),
          training.decayFactor(schedule.progress(step / 2, step % 2)));
      optimizer.update(parameters, gradient, 0, parameters.size());
    }
    return losses;
  }

  /// Full batches, the penalty in the losses, three steps of history. The second function is steep,
  /// so that many steps take a search.
  static List<Arguments> lbfgsCases() {
    OptimizerSpec lbfgs = Defaults.fill(OptimizerSpec.Lbfgs.class, 3, 0.0, 0.0);
    return List.of(
        Arguments.of(
            Case.of(
                "lbfgs", Task.CLASSES, by(lbfgs).regularization(new RegularizationSpec(0, 0.02))),
            1),
        Arguments.of(
            Case.of(
                    "lbfgs-steep",
                    Task.NUMBERS,
                    by(lbfgs).regularization(new RegularizationSpec(0, 0.001)))
                .withHidden(new Activation.Silu()),
            100));
  }

  @ParameterizedTest
  @MethodSource("lbfgsCases")
  void lbfgsFollowsPyTorch(Case golden, float times) {
    Network network = network(golden);
    Workspace w = network.trainingWorkspace(ROWS);
    fill(w, golden.task().targets(), 0, ROWS);
    Objective loss =
        gradient -> {
          network.forwardTraining(w, 0, 1, 0);
          network.backward(w, ROWS, gradient);
          GradientClipping.scale(gradient.values(), 0, gradient.size(), times);
          return times * network.loss(w) / ROWS;
        };
    Parameters parameters = network.parameters();
    Penalty penalty = new Penalty(golden.training().regularization());
    Lbfgs lbfgs =
        new Lbfgs(
            (OptimizerSpec.Lbfgs) golden.training().optimizer(),
            golden.training().regularization(),
            parameters,
            loss,
            Team.ALONE);
    double[] losses = new double[STEPS];
    losses[0] = loss.evaluate(parameters.like()) + penalty.of(parameters, 0, parameters.size());
    for (int step = 0; step < STEPS; step++) {
      if (step > 0) {
        losses[step] = lbfgs.loss() + penalty.of(parameters, 0, parameters.size());
      }
      assertThat(lbfgs.iterate()).isEqualTo(Lbfgs.Progress.MOVED);
    }
    check(golden, losses, network);
  }

  private static void fill(Workspace w, Targets targets, int first, int rows) {
    for (int row = 0; row < rows; row++) {
      int i = (first + row) % ROWS;
      for (int k = 0; k < INPUTS; k++) {
        w.x().values()[row * INPUTS + k] = (float) Math.cos(1 + i * INPUTS + k);
      }
      for (int j = 0; j < OUTPUTS; j++) {
        w.y().values()[row * OUTPUTS + j] = (float) targets.of(i, j);
      }
    }
  }

  private Network network(Case golden) {
    Initializer zeros = new Initializer.Zeros();
    List<LayerSpec> layers = new ArrayList<>(golden.behind());
    layers.addFirst(Defaults.fill(LayerSpec.Dense.class, HIDDEN, golden.hidden()));
    NetworkSpec spec =
        new NetworkSpec(
            layers, new OutputSpec(golden.task().output(), zeros, zeros), golden.task().loss());
    Network network = Network.initialize(spec, INPUTS, OUTPUTS, new int[0], 0, kernels);
    float[] parameters = network.parameters().values();
    int[] places = UnitOrder.of(network.parameters().views());
    for (int p = 0; p < places.length; p++) {
      parameters[places[p]] = (float) (0.5 * Math.sin(1 + p));
    }
    return network;
  }
}
