package dev.backprop.spark;

import dev.backprop.engine.data.CellBlock;
import dev.backprop.platform.artifact.ModelDraft;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.CatalystTypeConverters;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;
import org.jspecify.annotations.Nullable;
import scala.Function1;

/// Reads rows in Spark's own form, in which numbers are no objects and texts are bytes: it takes
/// half the time. Programs get [Row]s, since this form and how it is had are none of Spark's
/// promises. So this class alone knows them, and [Predict] uses it for tables that it reads from
/// files.
final class ScannedRows implements RowReader<InternalRow> {

  private final RowCells cells;
  private final int[] places;
  private final int[] kept;
  private final DataType[] types;
  private final double[] row;
  private final List<Map<UTF8String, Double>> remembered;
  private final Function1<Object, Object>[] objects;

  /// @param places of the model's columns, -1 for one that is absent
  /// @param kept places of the columns that are kept
  @SuppressWarnings({"unchecked", "rawtypes"}) // an array of functions
  private ScannedRows(RowCells cells, int[] places, int[] kept, StructType table) {
    this.cells = cells;
    this.places = places;
    this.kept = kept;
    this.row = new double[cells.width()];
    this.remembered = cells.features().stream().map(_ -> newMap()).toList();
    this.types = new DataType[table.length()];
    this.objects = new Function1[table.length()];
    for (int c = 0; c < types.length; c++) {
      types[c] = table.fields()[c].dataType();
      objects[c] = CatalystTypeConverters.createToScalaConverter(types[c]);
    }
  }

  private static Map<UTF8String, Double> newMap() {
    return new HashMap<>();
  }

  /// Answers a table, in its partitions.
  ///
  /// @param scorer has the places
  static JavaRDD<Row> score(Dataset<Row> table, PartitionScorer scorer) {
    StructType schema = table.schema();
    Broadcast<SharedModel> model = scorer.model();
    FlatMapFunction<Iterator<InternalRow>, Row> task =
        rows -> {
          ModelDraft draft = model.value().live().model();
          RowReader<InternalRow> reader =
              new ScannedRows(
                  new RowCells(draft, scorer.places()), scorer.places(), scorer.kept(), schema);
          return new RowScorer<>(
              rows, draft, reader, scorer.kept().length, scorer.options(), scorer.counts());
        };
    return ((org.apache.spark.sql.classic.Dataset<Row>) table)
        .queryExecution()
        .toRdd()
        .toJavaRDD()
        .mapPartitions(task, true);
  }

  @Override
  public RowCells cells() {
    return cells;
  }

  @Override
  public @Nullable Object kept(InternalRow given, int column) {
    return object(given, kept[column]);
  }

  private @Nullable Object object(InternalRow given, int place) {
    return given.isNullAt(place) ? null : objects[place].apply(given.get(place, types[place]));
  }

  @Override
  public void read(InternalRow given, CellBlock block, int at) {
    if (cells.features().isEmpty()) {
      RowCells.put(cells.numbers(object(given, places[0])), block, at);
      return;
    }
    for (int f = 0; f < row.length; f++) {
      int place = places[f];
      RowCells.FeatureCells feature = cells.features().get(f);
      row[f] =
          feature.checked(
              place < 0 || given.isNullAt(place) ? Double.NaN : cell(given, place, f, feature));
    }
    RowCells.put(row, block, at);
  }

  private double cell(InternalRow given, int place, int f, RowCells.FeatureCells feature) {
    return switch (types[place]) {
      case DoubleType _ -> feature.number(given.getDouble(place));
      case IntegerType _ -> feature.integer(given.getInt(place));
      case LongType _ -> feature.integer(given.getLong(place));
      case StringType _ when feature.isCategorical() ->
          category(given.getUTF8String(place), remembered.get(f), feature);
      case BooleanType _ -> feature.truth(given.getBoolean(place));
      default -> feature.meant(objects[place].apply(given.get(place, types[place])));
    };
  }

  private static double category(
      UTF8String text, Map<UTF8String, Double> remembered, RowCells.FeatureCells feature) {
    Double known = remembered.get(text);
    if (known == null) {
      known = feature.text(text.toString());
      if (remembered.size() < RowCells.MAX_REMEMBERED) {
        remembered.put(text.clone(), known); // the bytes are of a row that others will have
      }
    }
    return known;
  }
}
