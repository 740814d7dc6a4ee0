package dev.backprop.training;

import com.sun.management.ThreadMXBean;
import dev.backprop.data.BareExamples;
import dev.backprop.data.ByteBudget;
import dev.backprop.data.Column;
import dev.backprop.data.DenseRows;
import dev.backprop.data.MissingTokens;
import dev.backprop.data.Schema;
import dev.backprop.data.Table;
import dev.backprop.data.TableBuilder;
import dev.backprop.data.Target;
import dev.backprop.linalg.KernelSelection;
import dev.backprop.linalg.Kernels;
import dev.backprop.linalg.Team;
import dev.backprop.nn.Network;
import dev.backprop.nn.Workspace;
import dev.backprop.optim.Lbfgs;
import dev.backprop.scoring.Prediction;
import dev.backprop.scoring.Predictor;
import dev.backprop.spec.Activation;
import dev.backprop.spec.AveragingSpec;
import dev.backprop.spec.EmbeddingSpec;
import dev.backprop.spec.LayerSpec;
import dev.backprop.spec.NetworkSpec;
import dev.backprop.spec.OptimizerSpec;
import dev.backprop.spec.OutputSpec;
import dev.backprop.spec.RegularizationSpec;
import dev.backprop.spec.ScheduleSpec;
import dev.backprop.spec.Task;
import dev.backprop.spec.TrainingSpec;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Prints what steps of trainings and predictions allocate, a line of name and bytes for each.
/// [AllocationTest] reads it.
///
/// Interpreted code allocates where compiled code does not, and when a method is compiled, or what
/// else the virtual machine does meanwhile, is left to chance. Everything is therefore repeated
/// until it allocates nothing but what it must, or patience ends; code that allocates every time
/// never gets there.
final class AllocationProbe {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int STEPS_IN_A_ROW = 20;

  /// Of which an epoch has several such rows of steps.
  private static final int ROWS = 16_384;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final Kernels KERNELS = KernelSelection.select(null).kernels();

  private AllocationProbe() {}

  public static void main(String[] args) {
    AveragingSpec average = new AveragingSpec.Ema(0.9);
    steps("narrow", numbers(8, layers(64, 64), endless(256)));
    steps("wide", numbers(300, layers(1600, 700), endless(64)));
    steps("mixed", numbers(8, mixed(), endless(256)));
    TrainingSpec bounded = training(TrainingSpec.MAX_EPOCHS, 128, 0.1, 0.7, average);
    steps("bounded", numbers(8, layers(300, 300), bounded));
    steps("table", table(endless(256)));
    iterations("lbfgs");

    TrainingSpec once = training(1, 256, null, null, null);
    predictions("narrow", numbers(8, layers(64, 64), once));
    predictions("wide", numbers(784, layers(256, 128), once));
    predictions("table", table(once));
  }

  private static void steps(String name, TrainingPlan plan) {
    Steps steps = new Steps();
    try (Team team = new Team(2)) {
      plan.run(KERNELS, team, InstantSource.system(), _ -> {}, steps);
    }
    System.out.printf("steps %s %d%n", name, steps.fewest);
  }

  /// Of L-BFGS, in several shards and slices. Few rows: of iterations there must be many.
  private static void iterations(String name) {
    BareExamples data = data(8);
    NetworkSpec spec = NetworkSpec.of(layers(200, 200), null, null).resolve(Task.BARE);
    Network network = Network.initialize(spec, 8, 1, new int[0], 5, KERNELS);
    int[] rows = IntStream.range(0, 256).toArray();
    OptimizerSpec.Lbfgs lbfgs = OptimizerSpec.Lbfgs.of(3, 0.0, 0.0, null);
    RegularizationSpec penalty = new RegularizationSpec(0, 1e-4);
    TrainingSpec training =
        TrainingSpec.of(1, null, 5L, 0.0, 0.0, lbfgs, null, penalty, null, null)
            .resolve(0, rows.length, 0);
    long begun = System.nanoTime();
    long fewest = Long.MAX_VALUE;
    try (Team team = new Team(2)) {
      FullBatch batch = new FullBatch(network, new Part(data, rows), null, training, team);
      Lbfgs optimizer = new Lbfgs(lbfgs, penalty, network.parameters(), batch, team);
      while (fewest > 0 && !isOver(begun)) {
        long before = THREADS.getTotalThreadAllocatedBytes();
        optimizer.iterate();
        fewest = Math.min(fewest, THREADS.getTotalThreadAllocatedBytes() - before);
      }
    }
    System.out.printf("iterations %s %d%n", name, fewest);
  }

  /// Is asked before every step, and lets the training end when it has seen enough.
  private static final class Steps implements BooleanSupplier {

    private final long begun = System.nanoTime();
    private long before = allocated();
    private int count;
    long fewest = Long.MAX_VALUE;

    @Override
    public boolean getAsBoolean() {
      if (++count % STEPS_IN_A_ROW == 0) {
        fewest = Math.min(fewest, allocated() - before);
        before = allocated();
      }
      return fewest == 0 || isOver(begun);
    }

    /// By all threads.
    private static long allocated() {
      return THREADS.getTotalThreadAllocatedBytes();
    }
  }

  /// The fewest bytes of a prediction, a mean of a hundred, beyond those of its answer: a record of
  /// one reference or two, and an array of one double.
  private static void predictions(String name, TrainingPlan plan) {
    TrainingResult result =
        plan.run(KERNELS, Team.ALONE, InstantSource.system(), _ -> {}, () -> false);
    Predictor predictor = ((TrainingResult.Trained) result).predictor();
    Workspace workspace = predictor.scorer().network().workspace(1);
    double[] cells = new double[predictor.cells()];
    int answer = predictor.features() == null ? 16 + 24 : 24 + 24;
    long begun = System.nanoTime();
    long fewest = Long.MAX_VALUE;
    double sum = 0;
    while (fewest > 0 && !isOver(begun)) {
      long before = THREADS.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < 100; i++) {
        sum += number(predictor.predict(cells, workspace));
      }
      long bytes = (THREADS.getCurrentThreadAllocatedBytes() - before) / 100 - answer;
      fewest = Math.min(fewest, Math.max(0, bytes));
    }
    System.out.printf("predictions %s %d%n", name, Double.isNaN(sum) ? -1 : fewest);
  }

  private static double number(Prediction prediction) {
    return switch (prediction) {
      case Prediction.Outputs outputs -> outputs.values()[0];
      case Prediction.NumberPrediction numbers -> numbers.values()[0];
      default -> throw new IllegalArgumentException(prediction.toString());
    };
  }

  private static boolean isOver(long begun) {
    return System.nanoTime() - begun > PATIENCE.toNanos();
  }

  private static TrainingSpec endless(int batch) {
    return training(TrainingSpec.MAX_EPOCHS, batch, null, null, null);
  }

  private static TrainingSpec training(
      int epochs,
      int batch,
      @Nullable Double clipNorm,
      @Nullable Double maxNorm,
      @Nullable AveragingSpec averaging) {
    return new TrainingSpec(
        epochs,
        batch,
        5,
        0.0,
        0,
        OptimizerSpec.Adam.of(null, null, null, null),
        new ScheduleSpec.Cosine(0, 0),
        new RegularizationSpec(1e-5, 1e-4),
        clipNorm,
        maxNorm,
        averaging,
        null,
        null,
        null,
        null);
  }

  private static TrainingPlan numbers(int inputs, List<LayerSpec> layers, TrainingSpec spec) {
    return TrainingPlan.of(
        new TrainingData.Bare(data(inputs)),
        null,
        NetworkSpec.of(layers, OutputSpec.of(new Activation.Identity(), null, null), null),
        spec);
  }

  private static BareExamples data(int inputs) {
    SplittableRandom random = new SplittableRandom(7);
    DenseRows.Builder x = new DenseRows.Builder(ByteBudget.unbounded());
    DenseRows.Builder y = new DenseRows.Builder(ByteBudget.unbounded());
    for (int i = 0; i < ROWS; i++) {
      double sum = 0;
      for (int j = 0; j < inputs; j++) {
        double value = random.nextDouble() - 0.5;
        sum += value;
        x.add(value);
      }
      x.endRow();
      y.add(Math.sin(sum));
      y.endRow();
    }
    return new BareExamples(x.build(), y.build());
  }

  /// Weighted rows of an embedded column, a one-hot one with missing cells, and a number.
  private static TrainingPlan table(TrainingSpec spec) {
    SplittableRandom random = new SplittableRandom(13);
    TableBuilder table = TableBuilder.inferring(MissingTokens.DEFAULT, ByteBudget.unbounded());
    for (int i = 0; i < ROWS; i++) {
      table.string(table.column("city"), "city " + random.nextInt(40));
      if (i % 5 == 0) {
        table.missing(table.column("kind"));
      } else {
        table.string(table.column("kind"), "kind " + random.nextInt(7));
      }
      double x = random.nextDouble();
      table.number(table.column("x"), x);
      table.number(table.column("w"), 1 + random.nextInt(3));
      table.number(table.column("y"), Math.sin(5 * x));
      table.endRow();
    }
    Table built = table.build();
    List<Schema.Field> fields = new ArrayList<>();
    for (Column column : built.columns()) {
      fields.add(
          Schema.Field.of(
              column,
              switch (column.name()) {
                case "y" -> Schema.Role.TARGET;
                case "w" -> Schema.Role.WEIGHT;
                default -> Schema.Role.FEATURE;
              }));
    }
    return TrainingPlan.of(
        new TrainingData.Rows(built, new Schema(fields, new Target.Numbers(List.of("y")))),
        null,
        NetworkSpec.of(layers(64, 64), null, null)
            .withEmbeddings(Map.of("city", new EmbeddingSpec(9)))
            .withInputScale(),
        spec);
  }

  private static List<LayerSpec> layers(int... units) {
    List<LayerSpec> layers = new ArrayList<>();
    for (int width : units) {
      layers.add(LayerSpec.Dense.of(width, new Activation.Tanh(), null, null, null, null));
    }
    return layers;
  }

  private static List<LayerSpec> mixed() {
    return List.of(
        LayerSpec.Dense.of(100, new Activation.Prelu(0.1), null, null, null, null),
        LayerSpec.LayerNorm.of(null),
        new LayerSpec.Dropout(0.3),
        new LayerSpec.Residual(
            List.of(
                LayerSpec.BatchNorm.of(null, null),
                LayerSpec.Dense.of(60, new Activation.Relu(), null, null, null, null)),
            true),
        LayerSpec.Dense.of(50, new Activation.Mish(), null, null, null, null),
        new LayerSpec.Dropout(0.5));
  }
}
