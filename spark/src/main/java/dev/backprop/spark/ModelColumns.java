package dev.backprop.spark;

import dev.backprop.engine.table.Schema;
import dev.backprop.platform.artifact.ModelDraft;
import dev.backprop.platform.problem.NearestName;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;
import scala.jdk.javaapi.CollectionConverters;

/// The columns that a model reads, and where a table of Spark has them.
final class ModelColumns {

  /// The one column of a model of bare numbers: an array.
  static final String INPUTS = "inputs";

  private ModelColumns() {}

  /// The names of what the model reads.
  static List<String> names(ModelDraft model) {
    Schema schema = model.schema();
    return schema == null
        ? List.of(INPUTS)
        : schema.features().stream().map(Schema.Field::name).toList();
  }

  /// Finds the model's columns by their exact names.
  ///
  /// @return for each its place; -1 for one that is absent and may be
  /// @throws ProblemException `invalid-data` if one must be there and is not, or has values that
  ///   are no cells
  static int[] places(ModelDraft model, StructType table) {
    Schema schema = model.schema();
    List<String> given = Arrays.asList(table.fieldNames());
    List<String> names = names(model);
    int[] places = new int[names.size()];
    for (int f = 0; f < places.length; f++) {
      String name = names.get(f);
      places[f] = given.indexOf(name);
      if (places[f] >= 0) {
        check(name, table.fields()[places[f]], schema == null);
        if (places[f] != given.lastIndexOf(name)) {
          throw fault(name, "must be there once, is there more than once");
        }
      } else if (schema == null || !schema.features().get(f).nullable()) {
        String nearest = NearestName.of(name, given);
        throw fault(
            name,
            "must be there, is missing" + (nearest == null ? "" : "; there is '" + nearest + "'"));
      }
    }
    return places;
  }

  private static void check(String name, StructField field, boolean numbers) {
    DataType type = field.dataType();
    boolean fits =
        numbers
            ? type instanceof ArrayType array && array.elementType() instanceof NumericType
            : type instanceof NumericType
                || type instanceof StringType
                || type instanceof BooleanType
                || type instanceof DateType
                || type instanceof TimestampType
                || type instanceof TimestampNTZType;
    if (!fits) {
      throw fault(
          name,
          "must have %s, has %s"
              .formatted(
                  numbers ? "arrays of numbers" : "numbers, texts, truth values or dates",
                  type.catalogString()));
    }
  }

  private static ProblemException fault(String column, String detail) {
    return new ProblemException(
        ProblemCode.INVALID_DATA, "column '%s': %s".formatted(column, detail));
  }

  /// An array of a row.
  static List<?> list(Object value) {
    return value instanceof scala.collection.Seq<?> sequence
        ? CollectionConverters.asJava(sequence)
        : List.of();
  }
}
