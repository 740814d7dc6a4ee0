package dev.backprop.engine.plan;

import dev.backprop.engine.data.BareExamples;
import dev.backprop.engine.data.DenseRows;
import dev.backprop.engine.linalg.KernelSelection;
import dev.backprop.engine.linalg.Team;
import dev.backprop.engine.scoring.Predictor;
import dev.backprop.engine.scoring.PredictorWorkspace;
import dev.backprop.engine.spec.Defaults;
import dev.backprop.engine.spec.EarlyStoppingSpec;
import dev.backprop.engine.spec.EmbeddingSpec;
import dev.backprop.engine.spec.FitSpec;
import dev.backprop.engine.spec.LayerSpec;
import dev.backprop.engine.spec.NetworkSpec;
import dev.backprop.engine.spec.OptimizerSpec;
import dev.backprop.engine.spec.TrainingSpec;
import dev.backprop.engine.spec.TrainingSpecs;
import dev.backprop.engine.table.ByteBudget;
import dev.backprop.engine.table.MissingTokens;
import dev.backprop.engine.table.Table;
import dev.backprop.engine.table.TableBuilder;
import dev.backprop.engine.training.EpochReport;
import dev.backprop.engine.training.Signal;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;

/// What 8 columns of 625 categories cost: one-hot, embedded, and as 625 bare numbers, of which the
/// first layer makes a product with zeros. The three take turns in one process. Started by
/// `benchmarks/training/onehot`.
///
/// Arguments: rounds, then networks with their batches, such as `64-64:128`. Prints a line for each
/// round: examples a second of a training on one thread, and microseconds of a prediction of one
/// row.
final class OneHotBenchmark {

  private static final int[] CATEGORIES = {78, 78, 78, 78, 78, 78, 78, 79};
  private static final int ROWS = 20_000;
  private static final int WARM = 3;
  private static final int EPOCHS = 3;
  private static final int PREDICTIONS = 10_000;

  private OneHotBenchmark() {}

  public static void main(String[] args) {
    int rounds = Integer.parseInt(args[0]);
    System.out.println("network,batch,round,inputs,examples/s,us a row");
    int[][] categories = categories();
    TrainingData.Rows table = TrainingRows.numeric(table(categories));
    TrainingData.Bare numbers = new TrainingData.Bare(numbers(categories));
    for (String network : List.of(args).subList(1, args.length)) {
      String[] parts = network.split(":", 2);
      List<LayerSpec> layers = new ArrayList<>();
      for (String units : parts[0].split("-", -1)) {
        layers.add(Defaults.fill(LayerSpec.Dense.class, Integer.parseInt(units)));
      }
      NetworkSpec plain = NetworkSpec.of(layers, null, null);
      int batch = Integer.parseInt(parts[1]);
      Map<String, TrainingPlan> plans = new LinkedHashMap<>();
      plans.put("one-hot", plan(table, plain, batch));
      plans.put("embedded", plan(table, plain.withEmbeddings(embeddings()), batch));
      plans.put("numbers", plan(numbers, plain, batch));
      for (int round = -WARM; round < rounds; round++) {
        for (Map.Entry<String, TrainingPlan> plan : plans.entrySet()) {
          Turn turn = new Turn(batch);
          TrainingResult result = run(plan.getValue(), turn);
          double micros = micros(((TrainingResult.Trained) result).predictor());
          if (round >= 0) {
            System.out.printf(
                Locale.ROOT,
                "%s,%d,%d,%s,%.0f,%.2f%n",
                parts[0],
                batch,
                round,
                plan.getKey(),
                turn.rate(),
                micros);
          }
        }
      }
    }
  }

  private static TrainingPlan plan(TrainingData data, NetworkSpec network, int batch) {
    TrainingSpec training =
        TrainingSpecs.training()
            .epochs(EPOCHS)
            .batchSize(batch)
            .seed(1)
            .validationFraction(0.0)
            .optimizer(Defaults.fill(OptimizerSpec.AdamW.class, 0.001))
            .earlyStopping(new EarlyStoppingSpec.None())
            .spec();
    return TrainingPlan.of(data, null, FitSpec.of(network, training));
  }

  private static TrainingResult run(TrainingPlan plan, Turn turn) {
    return plan.run(
        KernelSelection.select(null).kernels(), Team.ALONE, InstantSource.system(), turn, null);
  }

  private static Map<String, EmbeddingSpec> embeddings() {
    Map<String, EmbeddingSpec> embeddings = new LinkedHashMap<>();
    for (int k = 0; k < CATEGORIES.length; k++) {
      embeddings.put("c" + k, new EmbeddingSpec(null));
    }
    return embeddings;
  }

  private static int[][] categories() {
    SplittableRandom random = new SplittableRandom(1);
    int[][] categories = new int[ROWS][CATEGORIES.length];
    for (int[] row : categories) {
      for (int k = 0; k < row.length; k++) {
        row[k] = random.nextInt(CATEGORIES[k]);
      }
    }
    return categories;
  }

  private static double target(int[] row) {
    double sum = 0;
    for (int c : row) {
      sum += Math.sin(c);
    }
    return sum;
  }

  private static Table table(int[][] categories) {
    TableBuilder table = TableBuilder.inferring(MissingTokens.DEFAULT, ByteBudget.unbounded());
    for (int[] row : categories) {
      for (int k = 0; k < row.length; k++) {
        table.string(table.column("c" + k), "category " + row[k]);
      }
      table.number(table.column("y"), target(row));
      table.endRow();
    }
    return table.build();
  }

  private static BareExamples numbers(int[][] categories) {
    DenseRows.Builder x = new DenseRows.Builder(ByteBudget.unbounded());
    DenseRows.Builder y = new DenseRows.Builder(ByteBudget.unbounded());
    for (int[] row : categories) {
      for (int k = 0; k < row.length; k++) {
        for (int c = 0; c < CATEGORIES[k]; c++) {
          x.add(c == row[k] ? 1 : 0);
        }
      }
      x.endRow();
      y.add(target(row));
      y.endRow();
    }
    return new BareExamples(x.build(), y.build());
  }

  private static double micros(Predictor predictor) {
    PredictorWorkspace workspace = predictor.workspace(1);
    double[] cells = new double[predictor.cells()];
    if (cells.length == CATEGORIES.length) {
      Arrays.setAll(cells, k -> 3 * k + 2);
    } else {
      int at = 0;
      for (int k = 0; k < CATEGORIES.length; k++) {
        cells[at + 3 * k + 2] = 1;
        at += CATEGORIES[k];
      }
    }
    long begun = System.nanoTime();
    for (int row = 0; row < PREDICTIONS; row++) {
      predictor.predict(cells, workspace);
    }
    return (System.nanoTime() - begun) / 1e3 / PREDICTIONS;
  }

  /// Is asked before every step.
  private static final class Turn implements Supervisor {

    private static final int FIRST = 10;

    private final int batch;
    private int steps;
    private long begun;
    private long ended;

    Turn(int batch) {
      this.batch = batch;
    }

    double rate() {
      return (steps - FIRST) * 1e9 * batch / (ended - begun);
    }

    @Override
    public void onEpoch(EpochReport report) {}

    @Override
    public Signal signal() {
      steps++;
      ended = System.nanoTime();
      if (steps == FIRST) {
        begun = ended;
      }
      return Signal.GO_ON;
    }
  }
}
