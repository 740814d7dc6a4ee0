package dev.backprop.spark.training;

import dev.backprop.engine.table.TableBuilder;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import java.math.BigDecimal;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;

/// Reads rows of Spark as rows of a table. Numbers and truth values mean what they mean in JSON,
/// texts what they mean in CSV, dates what their ISO texts mean.
final class RowReader {

  /// Beyond it, an integer need not be a double.
  private static final long EXACT = 1L << 53;

  private RowReader() {}

  /// @throws ProblemException `invalid-data` if a column has values that are no cells
  static void check(StructType table) {
    for (StructField field : table.fields()) {
      DataType type = field.dataType();
      if (!(type instanceof NumericType
          || type instanceof StringType
          || type instanceof BooleanType
          || type instanceof DateType
          || type instanceof TimestampType
          || type instanceof TimestampNTZType)) {
        throw new ProblemException(
            ProblemCode.INVALID_DATA,
            "column '%s': must have numbers, texts, truth values or dates, has %s"
                .formatted(field.name(), type.catalogString()));
      }
    }
  }

  /// @param columns of the builder, in the order of the row's
  static void read(Row row, TableBuilder builder, List<String> columns) {
    for (int c = 0; c < columns.size(); c++) {
      cell(row.get(c), builder, builder.column(columns.get(c)));
    }
    builder.endRow();
  }

  private static void cell(Object value, TableBuilder to, int column) {
    switch (value) {
      case null -> to.missing(column);
      case String text -> to.text(column, text);
      case Double number -> number(number, to, column);
      case Float number -> number(number, to, column);
      case Byte number -> to.number(column, number);
      case Short number -> to.number(column, number);
      case Integer number -> to.number(column, number);
      case Long number -> {
        if (Math.abs(number) <= EXACT) {
          to.number(column, number);
        } else {
          to.integer(column, Long.toString(number));
        }
      }
      case BigDecimal number -> to.number(column, number.doubleValue());
      case Boolean truth -> to.bool(column, truth);
      // Dates and moments in time have ISO texts, a timestamp of SQL by its instant.
      case java.sql.Date date -> to.text(column, date.toLocalDate().toString());
      case java.sql.Timestamp moment -> to.text(column, moment.toInstant().toString());
      default -> to.text(column, value.toString());
    }
  }

  /// What is not finite means what its word means.
  private static void number(double number, TableBuilder to, int column) {
    if (Double.isFinite(number)) {
      to.number(column, number);
    } else {
      to.text(column, Double.toString(number));
    }
  }
}
