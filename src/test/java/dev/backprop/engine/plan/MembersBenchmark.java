package dev.backprop.engine.plan;

import dev.backprop.engine.data.BareExamples;
import dev.backprop.engine.data.DenseRows;
import dev.backprop.engine.linalg.BareProducts;
import dev.backprop.engine.linalg.KernelSelection;
import dev.backprop.engine.linalg.Team;
import dev.backprop.engine.spec.Activation;
import dev.backprop.engine.spec.Defaults;
import dev.backprop.engine.spec.EarlyStoppingSpec;
import dev.backprop.engine.spec.FitSpec;
import dev.backprop.engine.spec.LayerSpec;
import dev.backprop.engine.spec.LossSpec;
import dev.backprop.engine.spec.NetworkSpec;
import dev.backprop.engine.spec.OptimizerSpec;
import dev.backprop.engine.spec.OutputSpec;
import dev.backprop.engine.spec.TrainingSpec;
import dev.backprop.engine.spec.TrainingSpecs;
import dev.backprop.engine.table.ByteBudget;
import dev.backprop.engine.training.EpochReport;
import dev.backprop.engine.training.Signal;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/// How fast members that share weights learn beside bare products of the same layers on as many
/// rows: 60-192-192-2, 8 members, a batch of 128 rows, one thread, AdamW. The thread that trains
/// takes turns, some steps of the training and some of the products, so that both meet the same
/// machine. Started by `benchmarks/training/members`.
///
/// Arguments: pairs of turns, then the shares that are dropped out. Prints a line for each.
final class MembersBenchmark {

  private static final int MEMBERS = 8;
  private static final int BATCH = 128;
  private static final int STEPS = 40;
  private static final int WARM = 10;

  private MembersBenchmark() {}

  public static void main(String[] args) {
    int pairs = Integer.parseInt(args[0]);
    System.out.println("dropout,pair,steps/s,bare steps/s");
    for (String dropout : List.of(args).subList(1, args.length)) {
      measure(pairs, Double.parseDouble(dropout));
    }
  }

  private static void measure(int pairs, double dropout) {
    TrainingSpec training =
        TrainingSpecs.training()
            .epochs(TrainingSpec.MAX_EPOCHS)
            .batchSize(BATCH)
            .seed(1)
            .validationFraction(0.0)
            .optimizer(Defaults.fill(OptimizerSpec.AdamW.class, 0.002))
            .earlyStopping(new EarlyStoppingSpec.None())
            .spec();
    Turns turns = new Turns(pairs, BareProducts.steps("60-192-192-2", MEMBERS * BATCH), dropout);
    TrainingPlan.of(new TrainingData.Bare(data()), null, FitSpec.of(network(dropout), training))
        .run(
            KernelSelection.select(null).kernels(),
            Team.ALONE,
            InstantSource.system(),
            turns,
            null);
  }

  private static NetworkSpec network(double dropout) {
    List<LayerSpec> layers = new ArrayList<>();
    for (int l = 0; l < 2; l++) {
      layers.add(Defaults.fill(LayerSpec.Dense.class, 192, new Activation.Relu()));
      if (dropout > 0) {
        layers.add(new LayerSpec.Dropout(dropout));
      }
    }
    OutputSpec output = Defaults.fill(OutputSpec.class, new Activation.Softmax());
    return NetworkSpec.of(layers, output, new LossSpec.CrossEntropy()).withMembers(MEMBERS);
  }

  private static BareExamples data() {
    SplittableRandom random = new SplittableRandom(1);
    DenseRows.Builder x = new DenseRows.Builder(ByteBudget.unbounded());
    DenseRows.Builder y = new DenseRows.Builder(ByteBudget.unbounded());
    for (int i = 0; i < 256 * BATCH; i++) {
      double sum = 0;
      for (int j = 0; j < 60; j++) {
        double value = random.nextDouble() * 2 - 1;
        sum += value;
        x.add(value);
      }
      x.endRow();
      y.add(sum > 0 ? 1 : 0);
      y.add(sum > 0 ? 0 : 1);
      y.endRow();
    }
    return new BareExamples(x.build(), y.build());
  }

  /// Is asked before every step, on the thread that makes it.
  private static final class Turns implements Supervisor {

    private final int pairs;
    private final Runnable products;
    private final double dropout;
    private int steps = -1;
    private int pair = -WARM;
    private long begun;

    Turns(int pairs, Runnable products, double dropout) {
      this.pairs = pairs;
      this.products = products;
      this.dropout = dropout;
    }

    @Override
    public void onEpoch(EpochReport report) {}

    @Override
    public Signal signal() {
      if (++steps < STEPS && begun != 0) {
        return pair >= pairs ? Signal.CANCEL : Signal.GO_ON;
      }
      if (begun != 0) {
        double training = STEPS * 1e9 / (System.nanoTime() - begun);
        long from = System.nanoTime();
        for (int s = 0; s < STEPS; s++) {
          products.run();
        }
        double bare = STEPS * 1e9 / (System.nanoTime() - from);
        if (pair >= 0) {
          System.out.printf(Locale.ROOT, "%s,%d,%.1f,%.1f%n", dropout, pair, training, bare);
        }
        pair++;
      }
      steps = 0;
      begun = System.nanoTime();
      return pair >= pairs ? Signal.CANCEL : Signal.GO_ON;
    }
  }
}
