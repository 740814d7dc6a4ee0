package dev.backprop.engine.plan;

import dev.backprop.engine.data.BareExamples;
import dev.backprop.engine.data.DenseRows;
import dev.backprop.engine.linalg.KernelSelection;
import dev.backprop.engine.linalg.Team;
import dev.backprop.engine.spec.Activation;
import dev.backprop.engine.spec.Defaults;
import dev.backprop.engine.spec.EarlyStoppingSpec;
import dev.backprop.engine.spec.FitSpec;
import dev.backprop.engine.spec.LayerSpec;
import dev.backprop.engine.spec.LossSpec;
import dev.backprop.engine.spec.NetworkSpec;
import dev.backprop.engine.spec.OutputSpec;
import dev.backprop.engine.spec.TrainingSpec;
import dev.backprop.engine.spec.TrainingSpecs;
import dev.backprop.engine.table.ByteBudget;
import dev.backprop.engine.table.CategoricalColumn;
import dev.backprop.engine.table.Column;
import dev.backprop.engine.table.Table;
import dev.backprop.engine.table.TableBuilder;
import dev.backprop.engine.table.Tables;
import dev.backprop.engine.table.Target;
import dev.backprop.engine.training.EpochReport;
import dev.backprop.engine.training.Signal;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// How many examples a second are learnt from: data in memory, shuffled every epoch, ReLU, Adam.
/// Started by `benchmarks/training/run`.
///
/// Arguments: seconds to measure, threads, then networks such as `784-256-128-10:128`, the number
/// behind the colon being the batch. With `:table` behind that the same numbers are the columns of
/// a table, with `:stream` too, but they are encoded at every step. One output means squared error,
/// several mean cross-entropy. Prints a line of CSV for each.
final class TrainingBenchmark {

  private static final long DATA_FLOATS = 1 << 23;
  private static final int MAX_ROWS = 65_536;

  private TrainingBenchmark() {}

  public static void main(String[] args) {
    double seconds = Double.parseDouble(args[0]);
    KernelSelection kernels = KernelSelection.select(null);
    try (Team team = new Team(Integer.parseInt(args[1]))) {
      for (String network : List.of(args).subList(2, args.length)) {
        measure(network, seconds, kernels, team);
      }
    }
  }

  private static void measure(String network, double seconds, KernelSelection kernels, Team team) {
    String[] parts = network.split(":", 2);
    int[] widths = Arrays.stream(parts[0].split("-", -1)).mapToInt(Integer::parseInt).toArray();
    int batch = Integer.parseInt(parts[1].split(":", 2)[0]);
    int inputs = widths[0];
    int outputs = widths[widths.length - 1];
    int rows = (int) Math.min(MAX_ROWS, Math.max(4L * batch, DATA_FLOATS / inputs));
    rows -= rows % batch;
    BareExamples examples = data(rows, inputs, outputs);
    String from = parts[1].contains(":") ? parts[1].substring(parts[1].indexOf(':') + 1) : "bare";
    TrainingData data = from.equals("bare") ? new TrainingData.Bare(examples) : columns(examples);
    TrainingPlan plan =
        TrainingPlan.of(data, null, FitSpec.of(network(widths, data), training(batch)));

    Clocked listener = new Clocked(seconds, from.equals("table"));
    plan.run(kernels.kernels(), team, InstantSource.system(), listener, null);
    System.out.printf(
        Locale.ROOT,
        "%s,%s,%d,%d,%.0f,%.5f%n",
        from.equals("bare") ? "ours" : from,
        parts[0],
        batch,
        team.threads(),
        listener.epochs() * (double) rows / listener.measured(),
        listener.lastLoss);
  }

  private static NetworkSpec network(int[] widths, TrainingData data) {
    List<LayerSpec> hidden = new ArrayList<>();
    for (int l = 1; l < widths.length - 1; l++) {
      hidden.add(Defaults.fill(LayerSpec.Dense.class, widths[l], new Activation.Relu()));
    }
    boolean classes = widths[widths.length - 1] > 1;
    if (data instanceof TrainingData.Rows) {
      return NetworkSpec.of(hidden, null, null);
    }
    return NetworkSpec.of(
        hidden,
        Defaults.fill(
            OutputSpec.class, classes ? new Activation.Softmax() : new Activation.Identity()),
        classes ? new LossSpec.CrossEntropy() : new LossSpec.SquaredError());
  }

  private static TrainingSpec training(int batch) {
    return TrainingSpecs.training()
        .epochs(TrainingSpec.MAX_EPOCHS)
        .batchSize(batch)
        .seed(1)
        .validationFraction(0.0)
        .earlyStopping(new EarlyStoppingSpec.None())
        .spec();
  }

  /// Normal inputs; classes at random, or numbers near the sum of the inputs.
  private static BareExamples data(int rows, int inputs, int outputs) {
    SplittableRandom random = new SplittableRandom(1);
    DenseRows.Builder x = new DenseRows.Builder(ByteBudget.unbounded());
    DenseRows.Builder y = new DenseRows.Builder(ByteBudget.unbounded());
    for (int i = 0; i < rows; i++) {
      double sum = 0;
      for (int j = 0; j < inputs; j++) {
        double value = random.nextDouble() * 2 - 1;
        sum += value;
        x.add(value);
      }
      x.endRow();
      int hot = random.nextInt(outputs);
      for (int j = 0; j < outputs; j++) {
        y.add(outputs == 1 ? sum : j == hot ? 1 : 0);
      }
      y.endRow();
    }
    return new BareExamples(x.build(), y.build());
  }

  /// The same as columns of a table, the targets as classes or a number.
  private static TrainingData columns(BareExamples examples) {
    Table numbers = examples.table(ByteBudget::unbounded);
    TableBuilder builder = Tables.builder();
    for (int row = 0; row < numbers.rows(); row++) {
      int hot = 0;
      for (int c = 0; c < numbers.columns().size(); c++) {
        Column column = numbers.columns().get(c);
        if (c < examples.inputs() || examples.outputs() == 1) {
          builder.text(builder.column(column.name()), Double.toString(column.cell(row)));
        } else if (column.cell(row) == 1) {
          hot = c;
        }
      }
      if (examples.outputs() > 1) {
        builder.text(builder.column("class"), "c" + hot);
      }
      builder.endRow();
    }
    Table table = builder.build();
    Column last = table.columns().getLast();
    Target target =
        last instanceof CategoricalColumn classes
            ? new Target.Classes(last.name(), classes.categories())
            : new Target.Numbers(List.of(last.name()));
    return new TrainingData.Rows(table, Tables.schema(table, target));
  }

  /// Lets the compilers warm up for half of the time, then measures whole epochs.
  private static final class Clocked implements Supervisor {

    private final long start = System.nanoTime();
    private final double seconds;
    private long from;
    private long to;
    private int warm;
    private int last;
    double lastLoss;

    private final boolean lends;

    Clocked(double seconds, boolean lends) {
      this.seconds = seconds;
      this.lends = lends;
    }

    @Override
    public @Nullable Loan lend(long bytes, Runnable callBack) {
      return lends ? () -> {} : null;
    }

    @Override
    public void onEpoch(EpochReport report) {
      long now = System.nanoTime();
      if (from == 0 && now - start > seconds * 0.5e9) {
        from = now;
        warm = report.epoch();
      }
      to = now;
      last = report.epoch();
      lastLoss = report.trainLoss();
    }

    @Override
    public Signal signal() {
      return from != 0 && last > warm && to - from > seconds * 1e9 ? Signal.CANCEL : Signal.GO_ON;
    }

    int epochs() {
      return last - warm;
    }

    double measured() {
      return (to - from) / 1e9;
    }
  }
}
