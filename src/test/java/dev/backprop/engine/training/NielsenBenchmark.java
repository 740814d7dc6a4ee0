package dev.backprop.engine.training;

import dev.backprop.engine.data.BareExamples;
import dev.backprop.engine.data.DenseRows;
import dev.backprop.engine.data.TargetEncoder;
import dev.backprop.engine.linalg.KernelSelection;
import dev.backprop.engine.linalg.Kernels;
import dev.backprop.engine.linalg.Matrix;
import dev.backprop.engine.linalg.Team;
import dev.backprop.engine.nn.InputLayout;
import dev.backprop.engine.nn.Network;
import dev.backprop.engine.nn.Parameters;
import dev.backprop.engine.nn.Workspace;
import dev.backprop.engine.scoring.Baseline;
import dev.backprop.engine.scoring.Scorer;
import dev.backprop.engine.spec.NetworkSpec;
import dev.backprop.engine.spec.TrainingSpec;
import dev.backprop.engine.table.ByteBudget;
import dev.backprop.platform.json.StrictJson;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Trains networks with published results over MNIST, with the specs that a training request has,
/// and prints what they reach. Started by `benchmarks/nielsen/run`.
///
/// Arguments: the file of the networks, the directory of MNIST's four files, threads, seeds such as
/// `1,2,3`, and names of networks if not all are wanted. The pixels are from 0 to 1, the targets
/// one-hot. The validation images are the last 10,000 of the 60,000 for training, if these are not
/// trained on. Nothing is chosen by looking at the test images.
final class NielsenBenchmark {

  private static final int PIXELS = 28 * 28;
  private static final int DIGITS = 10;
  private static final int VALIDATION = 50_000;

  private final BareExamples images;
  private final BareExamples tests;
  private final Kernels kernels;
  private final Team team;

  private NielsenBenchmark(Path directory, Kernels kernels, Team team) throws IOException {
    this.images = read(directory, "train");
    this.tests = read(directory, "t10k");
    this.kernels = kernels;
    this.team = team;
  }

  public static void main(String[] args) throws IOException {
    JsonMapper json = StrictJson.mapper();
    KernelSelection selection = KernelSelection.select(null);
    List<String> wanted = List.of(args).subList(4, args.length);
    try (Team team = new Team(Integer.parseInt(args[2]))) {
      NielsenBenchmark benchmark =
          new NielsenBenchmark(Path.of(args[1]), selection.kernels(), team);
      System.out.println(
          "network;seed;seconds;train last;validation 1;validation 10;validation best;test 1;"
              + "test 10;test best;test last;test best validation");
      for (JsonNode row : json.readTree(Path.of(args[0]).toFile())) {
        for (String seed : args[3].split(",", -1)) {
          if (wanted.isEmpty() || wanted.contains(row.path("name").asString())) {
            benchmark.train(json, row, Long.parseLong(seed));
          }
        }
      }
    }
  }

  private void train(JsonMapper json, JsonNode row, long seed) {
    int n = row.path("images").asInt();
    NetworkSpec spec =
        json.treeToValue(row.path("network"), NetworkSpec.class)
            .resolve(TargetEncoder.bare(DIGITS).target().task());
    ObjectNode told = (ObjectNode) row.path("training").deepCopy();
    told.put("seed", seed);
    TrainingSpec training = json.treeToValue(told, TrainingSpec.class).resolve(0, n, 0);
    Network network =
        Network.initialize(
            spec, InputLayout.numbers(PIXELS), DIGITS, new int[0], seed, kernels.with(team));
    scaleHidden(network.parameters(), row.path("hiddenScale").asDouble(1));
    Network served = training.averaging() == null ? network : network.copy();
    int[] rows = IntStream.range(0, n).toArray();
    Scorer scorer = new Scorer(served, TargetEncoder.bare(DIGITS), Baseline.of(images, rows));
    Score validation = new Score(training.epochs());
    Score test = new Score(training.epochs());
    int[] validationRows =
        n > VALIDATION ? new int[0] : IntStream.range(VALIDATION, images.size()).toArray();
    int[] testRows = IntStream.range(0, tests.size()).toArray();
    Workspace workspace = scorer.workspace();
    long[] seconds = {-System.nanoTime()};
    TrainingOutcome outcome =
        new Trainer(
                network,
                scorer,
                training,
                new Part(images, rows),
                new Part(images, new int[0]),
                team,
                InstantSource.system())
            .train(
                training.epochs(),
                null,
                _ -> {
                  seconds[0] += System.nanoTime();
                  if (validationRows.length > 0) {
                    validation.add(accuracy(scorer, images, validationRows, workspace));
                  }
                  test.add(accuracy(scorer, tests, testRows, workspace));
                  seconds[0] -= System.nanoTime();
                });
    if (!(outcome instanceof TrainingOutcome.Completed)) {
      throw new IllegalStateException(row.path("name").asString() + ": " + outcome);
    }
    seconds[0] += System.nanoTime();
    boolean validated = validationRows.length > 0;
    System.out.println(
        String.join(
            ";",
            row.path("name").asString(),
            Long.toString(seed),
            String.format(Locale.ROOT, "%.1f", seconds[0] / 1e9),
            percent(accuracy(scorer, images, rows, workspace)),
            percent(validation.at(1)),
            percent(validation.at(10)),
            percent(validation.best()),
            percent(test.at(1)),
            percent(test.at(10)),
            percent(test.best()),
            percent(test.last()),
            percent(validated ? test.at(validation.bestEpoch()) : null)));
  }

  /// For starts that no initializer has.
  private static void scaleHidden(Parameters theta, double factor) {
    for (Parameters.View view : theta.views()) {
      if (view.weight() && view.name().startsWith("layers.")) {
        for (int i = view.offset(); i < view.end(); i++) {
          theta.values()[i] *= (float) factor;
        }
      }
    }
  }

  /// The share of rows whose digit has the largest output, be it a probability or not.
  private static double accuracy(
      Scorer scorer, BareExamples examples, int[] rows, Workspace workspace) {
    int right = 0;
    for (int from = 0; from < rows.length; from += Scorer.BLOCK) {
      int n = Math.min(Scorer.BLOCK, rows.length - from);
      workspace.rows(n);
      examples.encode(rows, from, n, workspace.x(), workspace.y());
      scorer.network().forward(workspace);
      for (int row = 0; row < n; row++) {
        right += largest(workspace.outputs(), row) == largest(workspace.y(), row) ? 1 : 0;
      }
    }
    return (double) right / rows.length;
  }

  private static int largest(Matrix of, int row) {
    int first = of.offset() + row * of.columns();
    int largest = 0;
    for (int j = 1; j < of.columns(); j++) {
      largest = of.values()[first + j] > of.values()[first + largest] ? j : largest;
    }
    return largest;
  }

  private static String percent(@Nullable Double share) {
    return share == null ? "" : String.format(Locale.ROOT, "%.2f", 100 * share);
  }

  /// The accuracy after each epoch.
  private static final class Score {

    private final double[] accuracies;
    private int epochs;

    Score(int epochs) {
      this.accuracies = new double[epochs];
    }

    void add(double accuracy) {
      accuracies[epochs++] = accuracy;
    }

    /// @param epoch from 1 on
    @Nullable Double at(int epoch) {
      return epoch > epochs ? null : Double.valueOf(accuracies[epoch - 1]);
    }

    @Nullable Double last() {
      return epochs == 0 ? null : at(epochs);
    }

    @Nullable Double best() {
      return epochs == 0 ? null : at(bestEpoch());
    }

    /// The first of the best.
    int bestEpoch() {
      int best = 0;
      for (int i = 1; i < epochs; i++) {
        best = accuracies[i] > accuracies[best] ? i : best;
      }
      return best + 1;
    }
  }

  /// The images and labels of IDX files.
  private static BareExamples read(Path directory, String part) throws IOException {
    byte[] pixels = content(directory.resolve(part + "-images-idx3-ubyte.gz"), 16);
    byte[] labels = content(directory.resolve(part + "-labels-idx1-ubyte.gz"), 8);
    DenseRows.Builder x = new DenseRows.Builder(ByteBudget.unbounded());
    DenseRows.Builder y = new DenseRows.Builder(ByteBudget.unbounded());
    for (int i = 0; i < labels.length; i++) {
      for (int j = 0; j < PIXELS; j++) {
        x.add((pixels[i * PIXELS + j] & 0xFF) / 255.0);
      }
      x.endRow();
      for (int digit = 0; digit < DIGITS; digit++) {
        y.add(labels[i] == digit ? 1 : 0);
      }
      y.endRow();
    }
    return new BareExamples(x.build(), y.build());
  }

  private static byte[] content(Path file, int header) throws IOException {
    try (DataInputStream in =
        new DataInputStream(
            new BufferedInputStream(new GZIPInputStream(Files.newInputStream(file))))) {
      byte[] all = in.readAllBytes();
      return Arrays.copyOfRange(all, header, all.length);
    }
  }
}
