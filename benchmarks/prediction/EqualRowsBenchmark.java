import dev.backprop.engine.data.BareExamples;
import dev.backprop.engine.spec.Defaults;
import dev.backprop.engine.data.DenseRows;
import dev.backprop.engine.data.TargetEncoder;
import dev.backprop.engine.linalg.KernelSelection;
import dev.backprop.engine.nn.Network;
import dev.backprop.engine.nn.Workspace;
import dev.backprop.engine.scoring.Baseline;
import dev.backprop.engine.scoring.Prediction;
import dev.backprop.engine.scoring.Predictor;
import dev.backprop.engine.scoring.PredictorRows;
import dev.backprop.engine.scoring.PredictorWorkspace;
import dev.backprop.engine.scoring.Scorer;
import dev.backprop.engine.spec.Activation;
import dev.backprop.engine.spec.LayerSpec;
import dev.backprop.engine.spec.NetworkSpec;
import dev.backprop.engine.spec.OutputSpec;
import dev.backprop.engine.spec.Task;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/// What it costs that equal rows have answers of equal bits. [Predictor] stands beside the same
/// network that computes as in training, with rows as they come out of the library. Started by
/// `benchmarks/prediction/equal-rows`.
///
/// Arguments: seconds of a run, pairs, and networks such as `8-64-64-1`. The two take turns; time is
/// that of the thread on its processor, so that other work on the machine matters less.
public final class EqualRowsBenchmark {

  private static final int[] ROWS = {1, 10, 256, 10_000};
  private static final int BLOCK = Scorer.BLOCK;
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  /// Takes the answers, so that none is computed in vain.
  private static volatile Object sink = "";

  private EqualRowsBenchmark() {}

  public static void main(String[] args) {
    double seconds = Double.parseDouble(args[0]);
    int pairs = Integer.parseInt(args[1]);
    System.out.println(KernelSelection.select(null).reason());
    System.out.println("network;rows;pair;as in training, rows/s;alike, rows/s;ratio");
    List<String> table = new ArrayList<>();
    for (String name : List.of(args).subList(2, args.length)) {
      int[] widths = Arrays.stream(name.split("-")).mapToInt(Integer::parseInt).toArray();
      for (int rows : ROWS) {
        table.add(measure(name, widths, rows, seconds, pairs));
      }
    }
    System.out.println("\nMedians of the pairs, and the middle half of their ratios:\n");
    System.out.println("| network | rows at once | as in training, rows/s | alike, rows/s | ratio | middle half |");
    System.out.println("|---|---|---|---|---|---|");
    table.forEach(System.out::println);
  }

  private static String measure(String name, int[] widths, int rows, double seconds, int pairs) {
    Network network = network(widths);
    int p = widths[0];
    int q = widths[widths.length - 1];
    Scorer scorer = new Scorer(network, TargetEncoder.bare(q), new Baseline(new double[q]));
    Predictor predictor = new Predictor(null, scorer);
    BareExamples examples = new BareExamples(DenseRows.of(inputs(rows, p)), null);
    double[] row = inputs(1, p)[0];
    int most = Math.min(BLOCK, rows);
    Workspace workspace = network.workspace(most);
    PredictorWorkspace ours = predictor.workspace(most);
    PredictorRows all = PredictorRows.of(predictor, examples);
    Reader reader = new Reader();
    Runnable alike =
        rows == 1
            ? () -> sink = predictor.predict(row, ours)
            : () -> predictor.predict(all, ours, reader);
    Runnable plain =
        rows == 1
            ? () -> sink = plainRow(scorer, row, workspace)
            : () -> plain(scorer, examples, workspace, reader);
    rate(alike, seconds);
    rate(plain, seconds);
    double[] before = new double[pairs];
    double[] now = new double[pairs];
    double[] ratios = new double[pairs];
    for (int pair = 0; pair < pairs; pair++) {
      int index = pair;
      IntConsumer one = _ -> before[index] = rows * rate(plain, seconds);
      IntConsumer other = _ -> now[index] = rows * rate(alike, seconds);
      (pair % 2 == 0 ? one.andThen(other) : other.andThen(one)).accept(0);
      ratios[pair] = now[pair] / before[pair];
      System.out.printf(
          Locale.ROOT,
          "%s;%d;%d;%.0f;%.0f;%.3f%n",
          name,
          rows,
          pair + 1,
          before[pair],
          now[pair],
          ratios[pair]);
    }
    Arrays.sort(before);
    Arrays.sort(now);
    Arrays.sort(ratios);
    return String.format(
        Locale.ROOT,
        "| %s | %,d | %,.0f | %,.0f | %.2f | %.2f-%.2f |",
        name,
        rows,
        before[pairs / 2],
        now[pairs / 2],
        ratios[pairs / 2],
        ratios[pairs / 4],
        ratios[pairs * 3 / 4]);
  }

  private static final class Reader implements Consumer<Prediction> {

    private double sum;

    @Override
    public void accept(Prediction answer) {
      for (double value : ((Prediction.Outputs) answer).values()) {
        sum += value;
      }
    }
  }

  private static Prediction plainRow(Scorer scorer, double[] row, Workspace workspace) {
    workspace.rows(1);
    for (int i = 0; i < row.length; i++) {
      workspace.x().values()[i] = (float) row[i];
    }
    scorer.network().forward(workspace);
    return scorer.decode(workspace.answers(), 0);
  }

  private static void plain(
      Scorer scorer, BareExamples examples, Workspace workspace, Consumer<Prediction> answers) {
    int[] rows = new int[BLOCK];
    for (int from = 0; from < examples.size(); from += BLOCK) {
      int n = Math.min(BLOCK, examples.size() - from);
      for (int i = 0; i < n; i++) {
        rows[i] = from + i;
      }
      workspace.rows(n);
      examples.encodeInputs(rows, 0, n, workspace.x());
      scorer.network().forward(workspace);
      for (int i = 0; i < n; i++) {
        answers.accept(scorer.decode(workspace.answers(), i));
      }
    }
  }

  /// Calls a second.
  private static double rate(Runnable call, double seconds) {
    long begun = THREADS.getCurrentThreadCpuTime();
    long calls = 0;
    long now = begun;
    while (now - begun < seconds * 1e9) {
      for (int i = 0; i < 16; i++) {
        call.run();
      }
      calls += 16;
      now = THREADS.getCurrentThreadCpuTime();
    }
    return calls / ((now - begun) / 1e9);
  }

  private static Network network(int[] widths) {
    List<LayerSpec> hidden = new ArrayList<>();
    for (int l = 1; l < widths.length - 1; l++) {
      hidden.add(Defaults.fill(LayerSpec.Dense.class, widths[l], new Activation.Relu()));
    }
    int q = widths[widths.length - 1];
    Activation f = q > 1 ? new Activation.Softmax() : new Activation.Identity();
    NetworkSpec spec =
        NetworkSpec.of(hidden, Defaults.fill(OutputSpec.class, f), null).resolve(Task.BARE);
    return Network.initialize(
        spec, widths[0], q, new int[0], 1, KernelSelection.select(null).kernels());
  }

  private static double[][] inputs(int rows, int p) {
    SplittableRandom random = new SplittableRandom(1);
    double[][] inputs = new double[rows][p];
    for (double[] row : inputs) {
      for (int j = 0; j < p; j++) {
        row[j] = random.nextDouble() * 2 - 1;
      }
    }
    return inputs;
  }
}
