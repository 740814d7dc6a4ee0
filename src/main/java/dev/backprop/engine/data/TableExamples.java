package dev.backprop.engine.data;

import dev.backprop.engine.linalg.Matrix;
import dev.backprop.engine.table.CategoricalColumn;
import dev.backprop.engine.table.Column;
import dev.backprop.engine.table.DateColumn;
import dev.backprop.engine.table.NumericColumn;
import dev.backprop.engine.table.Schema;
import dev.backprop.engine.table.Table;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// The rows of a table as examples.
public final class TableExamples implements Examples {

  private final Table table;
  private final FeatureEncoder encoder;
  private final Column[] columns;
  private final int[][] codes;
  private final @Nullable TableTargets targets;
  private final @Nullable ExampleWeights weights;

  /// @param table has the columns of the features and of the target with the types of the schema,
  ///   see [Schema#conform]
  /// @param target null if only inputs are asked for
  /// @throws InvalidDataException if the table has a class that the target does not, or a number
  ///   that no target may be
  public TableExamples(Table table, FeatureEncoder encoder, @Nullable TargetEncoder target) {
    this(table, encoder, target, (ExampleWeights) null);
  }

  /// @param weight the column of [ExampleWeights]; null if every row weighs the same, as they do if
  ///   the table has no such column
  /// @throws InvalidDataException if the table has a class that the target does not, or a number or
  ///   a weight that cannot be
  public TableExamples(
      Table table,
      FeatureEncoder encoder,
      @Nullable TargetEncoder target,
      @Nullable String weight) {
    this(
        table,
        encoder,
        target,
        target == null || weight == null
            ? null
            : ExampleWeights.of(table, weight, target.target().names()));
  }

  private TableExamples(
      Table table,
      FeatureEncoder encoder,
      @Nullable TargetEncoder target,
      @Nullable ExampleWeights weights) {
    this.table = table;
    this.encoder = encoder;
    List<Feature> features = encoder.features();
    this.columns = new Column[features.size()];
    this.codes = new int[features.size()][];
    for (int f = 0; f < columns.length; f++) {
      Feature feature = features.get(f);
      Column column = table.required(feature.name());
      columns[f] = column;
      codes[f] = new int[0];
      boolean fits =
          switch (feature) {
            case Feature.Categorical _ -> column instanceof CategoricalColumn;
            case Feature.Numeric _ -> column instanceof NumericColumn;
            case Feature.Date _ -> column instanceof DateColumn;
          };
      if (!fits) {
        throw new IllegalArgumentException("column '" + feature.name() + "' has another type");
      }
      if (column instanceof CategoricalColumn coded) {
        codes[f] = CodeMap.of(coded, encoder, f);
      }
    }
    this.targets = target == null ? null : new TableTargets(table, target);
    this.weights = weights;
  }

  /// A part of the rows, which may weigh nothing together.
  ///
  /// @param weight a column that the table has; null if every row of every part weighs the same
  /// @throws InvalidDataException as the constructor
  public static TableExamples ofPart(
      Table table, FeatureEncoder encoder, TargetEncoder target, @Nullable String weight) {
    return new TableExamples(
        table,
        encoder,
        target,
        weight == null ? null : ExampleWeights.ofPart(table, weight, target.target().names()));
  }

  /// The rows without inputs, and their targets as given: no statistics are asked for.
  ///
  /// @throws InvalidDataException as the constructor
  public static TableExamples unencoded(Table table, Schema schema) {
    return new TableExamples(
        table,
        FeatureEncoder.of(List.of(), new int[0]),
        TargetEncoder.asGiven(schema.target()),
        schema.weight());
  }

  @Override
  public int size() {
    return table.rows();
  }

  @Override
  public int inputs() {
    return encoder.width();
  }

  @Override
  public int outputs() {
    return targets == null ? 0 : targets.outputs();
  }

  @Override
  public void encodeTargets(int[] rows, int from, int n, Matrix y) {
    if (targets == null) {
      throw new IllegalStateException("these examples have no targets");
    }
    targets.encode(rows, from, n, y);
  }

  @Override
  public void encodeInputs(int[] rows, int from, int n, Matrix x) {
    x.rows(n);
    int width = x.columns();
    if (width != encoder.width()) {
      throw new IllegalArgumentException(width + " columns for " + encoder.width() + " inputs");
    }
    Arrays.fill(x.values(), x.offset(), x.offset() + n * width, 0);
    for (int f = 0; f < columns.length; f++) {
      int at = x.offset() + encoder.offset(f);
      Column column = columns[f];
      switch (encoder.features().get(f)) {
        case Feature.Numeric numeric ->
            ((NumericColumn) column).encode(numeric, rows, from, n, x.values(), at, width);
        case Feature.Date date ->
            ((DateColumn) column).encode(date, rows, from, n, x.values(), at, width);
        case Feature.Categorical categorical -> {
          int[] indices = codes[f];
          for (int i = 0; i < n; i++) {
            double code = column.cell(rows[from + i]);
            double index = Double.isNaN(code) ? code : indices[(int) code];
            categorical.encode(index, x.values(), at + i * width);
          }
        }
      }
    }
    for (int i = 0; i < n; i++) {
      encoder.silence(x.values(), x.offset() + i * width);
    }
  }

  /// The categories of these rows that the network has not learned of: those whose input is silent.
  ///
  /// @param unknown whether those count too that the encoder has no input for
  @Override
  public List<Unlearned> unlearnedCategories(int[] rows, boolean unknown) {
    BitSet silent = new BitSet();
    Arrays.stream(encoder.silentInputs()).forEach(silent::set);
    List<Unlearned> unlearned = new ArrayList<>();
    int slot = 0;
    for (int f = 0; f < columns.length; f++) {
      if (columns[f] instanceof CategoricalColumn column
          && encoder.features().get(f) instanceof Feature.Categorical feature) {
        BitSet ofNone = new BitSet();
        for (int code = 0; code < codes[f].length; code++) {
          int own = feature.slot(codes[f][code]);
          ofNone.set(code, own < 0 ? unknown : silent.get(slot + own));
        }
        unlearned(column, ofNone, rows).ifPresent(unlearned::add);
      }
      slot += encoder.features().get(f).slots();
    }
    return unlearned;
  }

  private static Optional<Unlearned> unlearned(CategoricalColumn column, BitSet codes, int[] rows) {
    int[] counts = new int[column.categories().size()];
    for (int row : rows) {
      double code = column.cell(row);
      if (!Double.isNaN(code) && codes.get((int) code)) {
        counts[(int) code]++;
      }
    }
    List<String> texts =
        IntStream.range(0, counts.length)
            .filter(code -> counts[code] > 0)
            .mapToObj(code -> column.categories().get(code).text())
            .toList();
    return texts.isEmpty()
        ? Optional.empty()
        : Optional.of(new Unlearned(column.name(), texts, Arrays.stream(counts).sum()));
  }

  @Override
  public int stratum(int row) {
    return targets == null ? -1 : targets.stratum(row);
  }

  @Override
  public boolean weighted() {
    return weights != null;
  }

  @Override
  public double weight(int row) {
    return weights == null ? 1 : weights.weight(row);
  }

  @Override
  public long bytes() {
    return table.bytes();
  }
}
