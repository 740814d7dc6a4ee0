package dev.backprop.engine.training;

import com.sun.management.ThreadMXBean;
import dev.backprop.engine.data.BareExamples;
import dev.backprop.engine.linalg.KernelSelection;
import dev.backprop.engine.linalg.Kernels;
import dev.backprop.engine.linalg.Team;
import dev.backprop.engine.nn.Network;
import dev.backprop.engine.optim.Lbfgs;
import dev.backprop.engine.plan.Supervisor;
import dev.backprop.engine.plan.TrainingData;
import dev.backprop.engine.plan.TrainingPlan;
import dev.backprop.engine.plan.TrainingResult;
import dev.backprop.engine.plan.TrainingRows;
import dev.backprop.engine.scoring.Prediction;
import dev.backprop.engine.scoring.Predictor;
import dev.backprop.engine.scoring.PredictorWorkspace;
import dev.backprop.engine.spec.Activation;
import dev.backprop.engine.spec.AveragingSpec;
import dev.backprop.engine.spec.Defaults;
import dev.backprop.engine.spec.EmbeddingSpec;
import dev.backprop.engine.spec.EncodingSpec;
import dev.backprop.engine.spec.FitSpec;
import dev.backprop.engine.spec.LayerSpec;
import dev.backprop.engine.spec.NetworkSpec;
import dev.backprop.engine.spec.NumberEncodingSpec;
import dev.backprop.engine.spec.OptimizerSpec;
import dev.backprop.engine.spec.OutputSpec;
import dev.backprop.engine.spec.RegularizationSpec;
import dev.backprop.engine.spec.ScheduleSpec;
import dev.backprop.engine.spec.Task;
import dev.backprop.engine.spec.TrainingSpec;
import dev.backprop.engine.spec.TrainingSpecs;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// Prints whether steps of trainings, and predictions, allocate nothing but what they must, a line
/// for each training and predictor. [AllocationTest] reads it.
///
/// Interpreted code allocates what compiled code does not, and when a method is compiled is left to
/// chance. A case is therefore over once so many in a row have allocated nothing, or patience ends;
/// code that allocates now and then never gets there. Counted are the threads that train, for what
/// others do has nothing to do with it. The first case that does not get there ends the probe.
final class AllocationProbe {

  private static final int IN_A_ROW = 100;

  /// On a loaded machine the compiler's threads get their share as those that train do, so patience
  /// goes by what has been done; the time only bounds it.
  private static final int PATIENCE = 200_000;

  private static final Duration LONGEST = Duration.ofMinutes(1);

  private static final int ROWS = 16_384;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final Kernels KERNELS = KernelSelection.select(null).kernels();

  private AllocationProbe() {}

  public static void main(String[] args) {
    AveragingSpec average = new AveragingSpec.Ema(0.9);
    try (Team team = new Team(2)) {
      steps("tiny", numbers(4, layers(16), endless(32)), team);
      steps("narrow", numbers(8, layers(64, 64), endless(256)), team);
      steps("wide", numbers(300, layers(1600, 700), endless(64)), team);
      steps("mixed", numbers(8, mixed(), endless(256)), team);
      TrainingSpecs bounded = endless(128).clipNorm(0.1).maxNorm(0.7).averaging(average);
      steps("bounded", numbers(8, layers(300, 300), bounded), team);
      steps("table", table(endless(256)), team);
      steps("members", members(endless(256)), team);
      steps("periodic", periodic(endless(256)), team);
      iterations("lbfgs", team);
    }
    TrainingSpecs once = endless(256).epochs(1);
    predictions("narrow", numbers(8, layers(64, 64), once));
    predictions("wide", numbers(784, layers(256, 128), once));
    predictions("table", table(once));
    predictions("members", members(once));
    predictions("periodic", periodic(once));
  }

  private static void steps(String name, TrainingPlan plan, Team team) {
    Steps steps = new Steps();
    plan.run(KERNELS, team, InstantSource.system(), steps, null);
    print("steps", name, steps.counter);
  }

  /// Of L-BFGS, in several shards and slices. Few rows: of iterations there must be many.
  private static void iterations(String name, Team team) {
    BareExamples data = TrainingRows.sines(ROWS, 8);
    NetworkSpec spec = NetworkSpec.of(layers(200, 200), null, null).resolve(Task.BARE);
    Network network = Network.initialize(spec, 8, 1, new int[0], 5, KERNELS);
    int[] rows = IntStream.range(0, 256).toArray();
    OptimizerSpec.Lbfgs lbfgs = Defaults.fill(OptimizerSpec.Lbfgs.class, 3, 0.0, 0.0);
    RegularizationSpec penalty = new RegularizationSpec(0, 1e-4);
    TrainingSpec training =
        TrainingSpecs.training()
            .epochs(1)
            .seed(5)
            .validationFraction(0.0)
            .optimizer(lbfgs)
            .regularization(penalty)
            .spec()
            .resolve(0, rows.length, 0);
    FullBatch batch = new FullBatch(network, new Part(data, rows), null, training, team);
    Lbfgs optimizer = new Lbfgs(lbfgs, penalty, network.parameters(), batch, team);
    Counter counter = new Counter(teamThreads());
    while (!counter.isOver()) {
      optimizer.iterate();
      counter.count();
    }
    print("iterations", name, counter);
  }

  /// The caller and the helpers of the team.
  private static long[] teamThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(
            thread ->
                thread == Thread.currentThread() || thread.getName().startsWith("backprop-compute"))
        .mapToLong(Thread::threadId)
        .toArray();
  }

  /// Is asked before every step, and lets the training end when it has seen enough.
  private static final class Steps implements Supervisor {

    private final Counter counter = new Counter(teamThreads());
    private boolean first = true;

    @Override
    public Signal signal() {
      if (first) {
        counter.leaveOut();
      } else {
        counter.count();
      }
      first = false;
      return counter.isOver() ? Signal.CANCEL : Signal.GO_ON;
    }

    /// What an epoch allocates at its end is no step's.
    @Override
    public void onEpoch(EpochReport report) {
      first = true;
    }
  }

  /// Counts what is done without allocating.
  private static final class Counter {

    private final long[] threads;
    private final long begun = System.nanoTime();
    private long before;
    private int done;
    private int row;
    private int longestRow;
    private long last;

    Counter(long... threads) {
      this.threads = threads;
      before = allocated();
    }

    /// What has been done since the last call counts.
    void count() {
      count(allocated() - before);
      before = allocated();
    }

    void count(long bytes) {
      done++;
      row = bytes == 0 ? row + 1 : 0;
      last = bytes == 0 ? last : bytes;
      longestRow = Math.max(longestRow, row);
    }

    /// It does not.
    void leaveOut() {
      before = allocated();
    }

    boolean isOver() {
      return row >= IN_A_ROW || done >= PATIENCE || System.nanoTime() - begun > LONGEST.toNanos();
    }

    private long allocated() {
      long sum = 0;
      for (long thread : threads) {
        sum += THREADS.getThreadAllocatedBytes(thread);
      }
      return sum;
    }

    boolean allocatesNothing() {
      return longestRow >= IN_A_ROW;
    }

    @Override
    public String toString() {
      return allocatesNothing()
          ? "allocate nothing"
          : "allocate nothing %d times in a row, then %d bytes".formatted(longestRow, last);
    }
  }

  /// What predictions allocate, a hundred at a time, beyond their answers: each a record of one
  /// reference or two, and an array of one double.
  private static void predictions(String name, TrainingPlan plan) {
    TrainingResult result = plan.run(KERNELS, Team.ALONE, InstantSource.system(), _ -> {}, null);
    Predictor predictor = ((TrainingResult.Trained) result).predictor();
    PredictorWorkspace workspace = predictor.workspace(1);
    double[] cells = new double[predictor.cells()];
    int answer = predictor.features() == null ? 16 + 24 : 24 + 24;
    Counter counter = new Counter();
    double sum = 0;
    while (!counter.isOver()) {
      long before = THREADS.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < 100; i++) {
        sum += number(predictor.predict(cells, workspace));
      }
      long bytes = THREADS.getCurrentThreadAllocatedBytes() - before - 100L * answer;
      // Fewer if the compiler has seen that nobody keeps the answer.
      counter.count(Math.max(0, bytes));
    }
    if (Double.isNaN(sum)) {
      throw new IllegalStateException(name);
    }
    print("predictions", name, counter);
  }

  private static void print(String what, String name, Counter counter) {
    System.out.printf("%s %s %s%n", what, name, counter);
    if (!counter.allocatesNothing()) {
      System.exit(0);
    }
  }

  private static double number(Prediction prediction) {
    return switch (prediction) {
      case Prediction.Outputs outputs -> outputs.values()[0];
      case Prediction.NumberPrediction numbers -> numbers.values()[0];
      default -> throw new IllegalArgumentException(prediction.toString());
    };
  }

  private static TrainingSpecs endless(int batch) {
    return TrainingSpecs.training()
        .epochs(TrainingSpec.MAX_EPOCHS)
        .batchSize(batch)
        .seed(5)
        .validationFraction(0.0)
        .schedule(new ScheduleSpec.Cosine(0, 0))
        .regularization(new RegularizationSpec(1e-5, 1e-4));
  }

  private static TrainingPlan numbers(int inputs, List<LayerSpec> layers, TrainingSpecs training) {
    return TrainingPlan.of(
        new TrainingData.Bare(TrainingRows.sines(ROWS, inputs)),
        null,
        FitSpec.of(
            NetworkSpec.of(
                layers, Defaults.fill(OutputSpec.class, new Activation.Identity()), null),
            training.spec()));
  }

  /// Weighted rows of an embedded column, a one-hot one with missing cells, and a number.
  private static TrainingPlan table(TrainingSpecs training) {
    return TrainingPlan.of(
        TrainingRows.cities(ROWS, 40, 13),
        null,
        FitSpec.of(
            NetworkSpec.of(layers(64, 64), null, null)
                .withEmbeddings(Map.of("city", new EmbeddingSpec(9)))
                .withInputScale(),
            training.spec()));
  }

  /// A number with cosines among one-hot inputs, and members.
  private static TrainingPlan periodic(TrainingSpecs training) {
    return TrainingPlan.of(
        TrainingRows.cities(ROWS, 40, 13),
        null,
        new FitSpec(
            EncodingSpec.DEFAULT.withColumns(Map.of("x", new NumberEncodingSpec.Periodic(16, 1))),
            NetworkSpec.of(layers(64, 64), null, null).withInputScale().withMembers(3),
            training.spec()));
  }

  private static TrainingPlan members(TrainingSpecs training) {
    NetworkSpec network =
        NetworkSpec.of(mixed(), Defaults.fill(OutputSpec.class, new Activation.Identity()), null);
    return TrainingPlan.of(
        new TrainingData.Bare(TrainingRows.sines(ROWS, 8)),
        null,
        FitSpec.of(network.withMembers(3), training.spec()));
  }

  private static List<LayerSpec> layers(int... units) {
    List<LayerSpec> layers = new ArrayList<>();
    for (int width : units) {
      layers.add(Defaults.fill(LayerSpec.Dense.class, width, new Activation.Tanh()));
    }
    return layers;
  }

  private static List<LayerSpec> mixed() {
    return List.of(
        Defaults.fill(LayerSpec.Dense.class, 100, new Activation.Prelu(0.1)),
        Defaults.fill(LayerSpec.LayerNorm.class),
        new LayerSpec.Dropout(0.3),
        new LayerSpec.Residual(
            List.of(
                Defaults.fill(LayerSpec.BatchNorm.class),
                Defaults.fill(LayerSpec.Dense.class, 60, new Activation.Relu())),
            true),
        Defaults.fill(LayerSpec.Dense.class, 50, new Activation.Mish()),
        Defaults.fill(
            LayerSpec.Dense.class, 40, new Activation.Selu(), null, null, null, null, true),
        new LayerSpec.Dropout(0.5));
  }
}
