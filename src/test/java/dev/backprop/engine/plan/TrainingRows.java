package dev.backprop.engine.plan;

import dev.backprop.engine.data.BareExamples;
import dev.backprop.engine.data.DenseRows;
import dev.backprop.engine.table.ByteBudget;
import dev.backprop.engine.table.Column;
import dev.backprop.engine.table.MissingTokens;
import dev.backprop.engine.table.Schema;
import dev.backprop.engine.table.Table;
import dev.backprop.engine.table.TableBuilder;
import dev.backprop.engine.table.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// Rows to train on, the same each time.
public final class TrainingRows {

  private TrainingRows() {}

  /// Inputs from -0.5 to 0.5, and the sine of their sum.
  public static BareExamples sines(int rows, int inputs) {
    SplittableRandom random = new SplittableRandom(7);
    DenseRows.Builder x = new DenseRows.Builder(ByteBudget.unbounded());
    DenseRows.Builder y = new DenseRows.Builder(ByteBudget.unbounded());
    for (int i = 0; i < rows; i++) {
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

  /// A number, two classes that it hardly tells apart, and weights, some of them 0.
  public static TrainingData.Rows weightedClasses(int rows) {
    SplittableRandom random = new SplittableRandom(11);
    TableBuilder table = TableBuilder.inferring(MissingTokens.DEFAULT, ByteBudget.unbounded());
    for (int i = 0; i < rows; i++) {
      double x = random.nextDouble();
      table.number(table.column("x"), x);
      table.string(table.column("kind"), x + random.nextDouble() > 1.5 ? "a" : "b");
      table.number(table.column("w"), random.nextInt(3) * 0.7);
      table.endRow();
    }
    Table built = table.build();
    List<Schema.Field> fields =
        List.of(
            Schema.Field.of(built.columns().get(0), Schema.Role.FEATURE),
            Schema.Field.of(built.columns().get(1), Schema.Role.TARGET),
            Schema.Field.of(built.columns().get(2), Schema.Role.WEIGHT));
    return new TrainingData.Rows(
        built, new Schema(fields, new Target.Classes("kind", fields.get(1).categories())));
  }

  /// A `city` to embed, a `kind` with missing cells, a number `x`, a weight `w`, and the numeric
  /// target `y`.
  public static TrainingData.Rows cities(int rows, int cities, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    TableBuilder table = TableBuilder.inferring(MissingTokens.DEFAULT, ByteBudget.unbounded());
    for (int i = 0; i < rows; i++) {
      int city = random.nextInt(cities);
      double x = random.nextDouble();
      table.string(table.column("city"), "city " + city);
      table.number(table.column("x"), x);
      if (i % 5 == 0) {
        table.missing(table.column("kind"));
      } else {
        table.string(table.column("kind"), "kind " + random.nextInt(7));
      }
      table.number(table.column("w"), 1 + random.nextInt(3));
      table.number(table.column("y"), Math.sin(city) + x);
      table.endRow();
    }
    return numeric(table.build());
  }

  /// The target is the column `y`, a column `w` is the weight, and the others are features.
  static TrainingData.Rows numeric(Table table) {
    List<Schema.Field> fields = new ArrayList<>();
    for (Column column : table.columns()) {
      Schema.Role role =
          switch (column.name()) {
            case "y" -> Schema.Role.TARGET;
            case "w" -> Schema.Role.WEIGHT;
            default -> Schema.Role.FEATURE;
          };
      fields.add(Schema.Field.of(column, role));
    }
    return new TrainingData.Rows(table, new Schema(fields, new Target.Numbers(List.of("y"))));
  }
}
