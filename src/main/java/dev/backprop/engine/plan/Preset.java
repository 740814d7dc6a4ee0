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
/// The networks are those of [TabMRecipe] and [RealMlpRecipe]. The numbers below were measured on
/// the tables of `benchmarks/accuracy`.
public final class Preset {

  /// A training begins no further candidate if that would end later, unless the request says
  /// another time.
  public static final double SECONDS = 600;

  private static final int FOLDS = 5;

  /// Below it, bins have too few rows each.
  private static final int FEW_ROWS = 300;

  /// From here on there are rows for twice as many bins.
  private static final int MANY_ROWS = 2_000;

  /// From here on robust numbers have been no better than bins or cosines.
  private static final int ENOUGH_ROWS = 10_000;

  /// The most multiply-adds of an answer: about 60 µs (`benchmarks/prediction/presets`).
  private static final long MOST_PRODUCTS = 3_000_000;

  /// The most inputs that bins may make of a row.
  private static final int MOST_INPUTS = 1_000;

  private static final int MOST_ROWS_OF_FOLDS = 200_000;

  private static final double DROPOUT = 0.1;

  private static final NumberEncodingSpec ROBUST = new NumberEncodingSpec.Robust();

  /// Their curves are smooth, those of bins are not.
  private static final NumberEncodingSpec COSINES = new NumberEncodingSpec.Periodic(16, 0.1);

  private Preset() {}

  /// What to train.
  ///
  /// @param mostFolds to how many folds the rows can be dealt; 0 if they are held out once
  public static FitSpec spec(PresetName name, TableShape shape, int mostFolds) {
    return name == PresetName.PLAIN
        ? FitSpec.of(NetworkSpec.of(null, null, null), TrainingSpec.defaults())
        : choice(name, shape, mostFolds).spec();
  }

  /// What a preset but `plain` tries.
  ///
  /// @param folds of bagging; 0 if rows are held out once
  record Choice(List<Recipe> recipes, int folds) {

    private FitSpec spec() {
      List<EnsembleSpec.Member> members =
          recipes.stream().distinct().map(recipe -> recipe.member(folds)).toList();
      EnsembleSpec.Member lead = members.getFirst();
      return new FitSpec(
          lead.encoding(),
          lead.network(),
          lead.training(),
          new EnsembleSpec(members, EnsembleSpec.Choose.GREEDY, null));
    }

    /// Of training, with two threads.
    double seconds() {
      return recipes.stream().mapToDouble(recipe -> recipe.seconds(folds)).sum();
    }

    /// Multiply-adds of an answer, if all are served.
    long products() {
      return recipes.stream().mapToLong(Recipe::products).sum() * Math.max(1, folds);
    }
  }

  static Choice choice(PresetName name, TableShape shape, int mostFolds) {
    int folds = mostFolds < 2 ? 0 : Math.min(FOLDS, mostFolds);
    return switch (name) {
      case PLAIN -> throw new IllegalArgumentException("plain is no choice of networks");
      case FAST -> new Choice(List.of(fast(shape)), 0);
      case DEFAULT -> usual(shape, folds);
      case BEST -> new Choice(best(shape), shape.rows() <= MOST_ROWS_OF_FOLDS ? folds : 0);
    };
  }

  private static Recipe fast(TableShape shape) {
    return variants(shape).getFirst().recipe(128, 2).within(seconds(shape) / 4);
  }

  /// The first step of the ladder that there is time for.
  private static Choice usual(TableShape shape, int folds) {
    double seconds = seconds(shape);
    List<Variant> variants = variants(shape);
    for (Step step : LADDER) {
      Choice choice = step.choice(variants, folds);
      if (step.folds == choice.folds > 0
          && choice.seconds() <= seconds
          && choice.products() <= MOST_PRODUCTS) {
        return choice;
      }
    }
    Step last = LADDER.getLast();
    Recipe recipe = variants.getFirst().recipe(last.units, last.members);
    return new Choice(List.of(recipe.within(seconds)), 0);
  }

  /// Many that differ in what most often matters.
  private static List<Recipe> best(TableShape shape) {
    List<Recipe> recipes = new ArrayList<>(List.of(fast(shape)));
    for (int[] size : new int[][] {{128, 4}, {192, 8}, {256, 8}}) {
      for (Variant variant : variants(shape)) {
        recipes.add(variant.recipe(size[0], size[1]));
      }
    }
    return recipes;
  }

  /// The kinds of networks that suit a table, the one that most often is the best one first.
  ///
  /// Small tables with bins have too few rows for each; large ones have always been better with
  /// them. For numeric targets networks that learn in waves are another kind, with robust numbers
  /// in small tables and with cosines in large ones, where they alone are better than others. How
  /// much dropout numeric targets bear depends on their noise, which no shape tells.
  private static List<Variant> variants(TableShape shape) {
    NumberEncodingSpec bins =
        new NumberEncodingSpec.PiecewiseLinear(shape.rows() < MANY_ROWS ? 24 : 48);
    if (shape.numbers() == 0
        || shape.rows() < FEW_ROWS
        || shape.inputs(bins.inputs()) > MOST_INPUTS) {
      return List.of(members(shape, ROBUST, DROPOUT));
    }
    boolean large = shape.rows() >= ENOUGH_ROWS;
    if (shape.numeric()) {
      return large
          ? List.of(
              waves(shape, COSINES), members(shape, bins, 0.02), members(shape, bins, DROPOUT))
          : List.of(members(shape, bins, DROPOUT), waves(shape, ROBUST));
    }
    return large
        ? List.of(members(shape, bins, DROPOUT))
        : List.of(members(shape, bins, DROPOUT), members(shape, ROBUST, DROPOUT));
  }

  private static Variant members(TableShape shape, NumberEncodingSpec numbers, double dropout) {
    return (units, members) -> new TabMRecipe(shape, numbers, units, members, dropout);
  }

  private static Variant waves(TableShape shape, NumberEncodingSpec numbers) {
    return (units, _) -> new RealMlpRecipe(shape, numbers, units);
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

  /// Networks that differ in size only.
  private interface Variant {

    /// @param units of a layer
    /// @param members that share weights, for networks that have such
    Recipe recipe(int units, int members);
  }

  /// A size of the networks.
  ///
  /// @param variants how many of them are tried
  private record Step(int variants, boolean folds, int units, int members) {

    Choice choice(List<Variant> all, int mostFolds) {
      return new Choice(
          all.stream().limit(variants).map(variant -> variant.recipe(units, members)).toList(),
          folds ? mostFolds : 0);
    }
  }

  /// What brings most stays longest: folds, then a second variant, then units and members.
  private static final List<Step> LADDER =
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
}
