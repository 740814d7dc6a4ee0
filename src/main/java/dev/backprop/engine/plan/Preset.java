package dev.backprop.engine.plan;

import dev.backprop.engine.spec.EnsembleSpec;
import dev.backprop.engine.spec.FitSpec;
import dev.backprop.engine.spec.NetworkSpec;
import dev.backprop.engine.spec.NumberEncodingSpec;
import dev.backprop.engine.spec.PresetName;
import dev.backprop.engine.spec.TrainingSpec;
import java.util.ArrayList;
import java.util.List;

/// What is trained if a request names little but a table and a target. All of it follows from the
/// shape of the table.
///
/// The networks are those of TabM-mini (Gorishniy et al. 2024, TabM) with piecewise-linear or
/// robust numbers. The numbers below were measured on the tables of `benchmarks/accuracy`.
public final class Preset {

  /// A training begins no further candidate if that would end later, unless the request says
  /// another time.
  public static final double SECONDS = 600;

  private static final int FOLDS = 5;

  /// Below it, bins have too few rows each.
  private static final int FEW_ROWS = 300;

  /// From here on there are rows for twice as many bins.
  private static final int MANY_ROWS = 2_000;

  /// From here on numbers enter in bins only.
  private static final int ENOUGH_ROWS = 10_000;

  /// The most multiply-adds of an answer: it takes about 120 µs with them.
  private static final long MOST_PRODUCTS = 3_000_000;

  /// The most inputs that bins may make of a row.
  private static final int MOST_INPUTS = 1_000;

  private static final int MOST_ROWS_OF_FOLDS = 200_000;

  private static final double DROPOUT = 0.1;

  private static final NumberEncodingSpec ROBUST = new NumberEncodingSpec.Robust();

  /// Other curves of a number than bins have.
  private static final NumberEncodingSpec COSINES = new NumberEncodingSpec.Periodic(16, 0.1);

  private Preset() {}

  /// What to train.
  ///
  /// @param mostFolds to how many folds the rows can be dealt; 0 if they are held out once
  public static FitSpec spec(PresetName name, TableShape shape, int mostFolds) {
    int folds = mostFolds < 2 ? 0 : Math.min(FOLDS, mostFolds);
    return switch (name) {
      case PLAIN -> FitSpec.of(NetworkSpec.of(null, null, null), TrainingSpec.defaults());
      case FAST -> spec(shape, List.of(fast(shape)), 0);
      case DEFAULT -> usual(shape, folds);
      case BEST -> spec(shape, best(shape), shape.rows() <= MOST_ROWS_OF_FOLDS ? folds : 0);
    };
  }

  private static FitSpec spec(TableShape shape, List<Recipe> recipes, int folds) {
    List<EnsembleSpec.Member> members =
        recipes.stream().distinct().map(recipe -> recipe.member(shape, folds)).toList();
    EnsembleSpec.Member lead = members.getFirst();
    return new FitSpec(
        lead.encoding(),
        lead.network(),
        lead.training(),
        new EnsembleSpec(members, EnsembleSpec.Choose.GREEDY, null));
  }

  private static Recipe fast(TableShape shape) {
    return Recipe.of(shape, variants(shape).getFirst(), 128, 2).within(shape, seconds(shape) / 4);
  }

  /// The first step of the ladder that there is time for.
  private static FitSpec usual(TableShape shape, int folds) {
    double seconds = seconds(shape);
    List<Variant> variants = variants(shape);
    List<Step> ladder = variants.size() > 2 ? VARIETY : FOLDS_FIRST;
    for (Step step : ladder) {
      int dealt = step.folds ? folds : 0;
      List<Recipe> recipes =
          variants.stream()
              .limit(step.variants)
              .map(variant -> Recipe.of(shape, variant, step.units, step.members))
              .toList();
      if (step.folds == dealt > 0 && fits(shape, recipes, dealt, seconds)) {
        return spec(shape, recipes, dealt);
      }
    }
    Step last = ladder.getLast();
    Recipe recipe = Recipe.of(shape, variants.getFirst(), last.units, last.members);
    return spec(shape, List.of(recipe.within(shape, seconds)), 0);
  }

  private static boolean fits(TableShape shape, List<Recipe> recipes, int folds, double seconds) {
    return recipes.stream().mapToDouble(recipe -> recipe.seconds(shape, folds)).sum() <= seconds
        && recipes.stream().mapToLong(recipe -> recipe.products(shape)).sum() * Math.max(1, folds)
            <= MOST_PRODUCTS;
  }

  /// Many that differ in what most often matters.
  private static List<Recipe> best(TableShape shape) {
    List<Recipe> recipes = new ArrayList<>(List.of(fast(shape)));
    for (int[] size : new int[][] {{128, 4}, {192, 8}, {256, 8}}) {
      for (Variant variant : variants(shape)) {
        recipes.add(Recipe.of(shape, variant, size[0], size[1]));
      }
    }
    return recipes;
  }

  /// What networks differ in, the first one most often the better one. Small tables with bins have
  /// too few rows for each; large ones have always been better with them. How much dropout numeric
  /// targets bear depends on their noise, which no shape tells: where there are rows enough to
  /// choose by, networks with hardly any and with more are tried.
  private static List<Variant> variants(TableShape shape) {
    NumberEncodingSpec bins = bins(shape.rows() < MANY_ROWS ? 24 : 48);
    if (shape.numbers() == 0
        || shape.rows() < FEW_ROWS
        || shape.inputs(bins.inputs()) > MOST_INPUTS) {
      return List.of(new Variant(ROBUST, DROPOUT));
    }
    if (shape.rows() < ENOUGH_ROWS) {
      return List.of(new Variant(bins, DROPOUT), new Variant(ROBUST, DROPOUT));
    }
    return shape.numeric()
        ? List.of(new Variant(bins, 0.02), new Variant(bins, DROPOUT), new Variant(COSINES, 0.02))
        : List.of(new Variant(bins, DROPOUT));
  }

  private static NumberEncodingSpec bins(int count) {
    return new NumberEncodingSpec.PiecewiseLinear(count);
  }

  /// How long the networks may take with two threads: a few seconds for a small table, a minute for
  /// 50,000 rows, a few for millions.
  private static double seconds(TableShape shape) {
    double rows = shape.rows();
    return rows < 1_500
        ? 5
        : rows < 200_000
            ? 60 * (1 - Math.exp(-rows / 9_000))
            : 60 + 100 * (rows - 200_000) / 3_000_000;
  }

  /// What networks of the same size differ in.
  ///
  /// @param numbers how they enter
  /// @param dropout its rate
  record Variant(NumberEncodingSpec numbers, double dropout) {}

  /// A size of the networks.
  ///
  /// @param variants how many of them are tried
  private record Step(int variants, boolean folds, int units, int members) {}

  /// What brings most stays longest: folds, then a second variant, then units and members.
  private static final List<Step> FOLDS_FIRST =
      List.of(
          new Step(2, true, 128, 8),
          new Step(2, true, 128, 4),
          new Step(2, true, 96, 4),
          new Step(1, true, 128, 4),
          new Step(1, true, 96, 4),
          new Step(2, false, 128, 4),
          new Step(1, false, 128, 4),
          new Step(1, false, 128, 2),
          new Step(1, false, 96, 2),
          new Step(1, false, 64, 1));

  /// If there are three variants, they bring more than folds.
  private static final List<Step> VARIETY =
      List.of(
          new Step(3, false, 128, 4),
          new Step(3, false, 96, 4),
          new Step(2, false, 96, 4),
          new Step(1, false, 128, 4),
          new Step(1, false, 128, 2),
          new Step(1, false, 96, 2),
          new Step(1, false, 64, 1));
}
