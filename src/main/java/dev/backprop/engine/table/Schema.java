package dev.backprop.engine.table;

import dev.backprop.engine.spec.EncodingSpec;
import dev.backprop.engine.spec.NumberEncodingSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What every column of the training data is for; decided from all rows.
///
/// @param missing the texts that stand for a missing value in every column
public record Schema(List<Field> fields, Target target, MissingTokens missing) {

  /// What a column is for.
  public enum Role {
    FEATURE,
    TARGET,
    /// Says how much each row counts in losses and metrics.
    WEIGHT,
    /// Left out because the request said so.
    IGNORED,
    /// Left out because nothing can be learned from it.
    DROPPED
  }

  /// A column of the training data.
  ///
  /// @param nullable whether a row may lack a value here, because rows of the data do or because
  ///   the request says so
  /// @param categories of a categorical or boolean column that is used: sorted; else empty
  /// @param reason why the column was dropped, else null
  /// @param embedded whether the network gets the index of a category, and not a one-hot vector
  /// @param missingTokens the texts that stand for a missing value in this column alone, see
  ///   [NumericColumn#missingTexts()]
  /// @param date how the dates of a feature are written; null if it is no feature of dates
  public record Field(
      String name,
      ColumnType type,
      boolean nullable,
      List<Label> categories,
      Role role,
      @Nullable String reason,
      boolean embedded,
      List<String> missingTokens,
      @Nullable DateFormat date) {

    public Field {
      categories = List.copyOf(categories);
      missingTokens = List.copyOf(missingTokens);
    }

    /// A column that has no dates.
    public Field(
        String name,
        ColumnType type,
        boolean nullable,
        List<Label> categories,
        Role role,
        @Nullable String reason,
        boolean embedded,
        List<String> missingTokens) {
      this(name, type, nullable, categories, role, reason, embedded, missingTokens, null);
    }

    /// A column without tokens of its own.
    public Field(
        String name,
        ColumnType type,
        boolean nullable,
        List<Label> categories,
        Role role,
        @Nullable String reason,
        boolean embedded) {
      this(name, type, nullable, categories, role, reason, embedded, List.of(), null);
    }

    /// The text by which checkpoints identify their training. It leaves out what only says how
    /// cells are read.
    @Override
    public String toString() {
      return "Field[name=%s, type=%s, nullable=%s, categories=%s, role=%s, reason=%s, embedded=%s%s]"
          .formatted(
              name,
              type,
              nullable,
              categories,
              role,
              reason,
              embedded,
              date == null ? "" : ", date=" + date);
    }

    /// Inputs of the network that the column takes as a feature if it is not embedded.
    ///
    /// @param encoding resolved
    public int slots(EncodingSpec encoding) {
      int missing = nullable ? 1 : 0;
      return missing
          + switch (type) {
            case NUMERIC -> encoding.number(name).inputs();
            case CATEGORICAL, BOOLEAN ->
                categories.size() + (encoding.category(name).rare() > 0 ? 1 : 0);
            case DATE -> date == null ? 0 : inputs(date, encoding.number(name));
          };
    }

    private static int inputs(DateFormat date, NumberEncodingSpec numbers) {
      return date.parts().stream().mapToInt(part -> part.encoding(numbers).inputs()).sum();
    }

    /// The same column, left out.
    public Field ignored() {
      return new Field(
          name, type, nullable, List.of(), Role.IGNORED, null, false, missingTokens, null);
    }

    /// The same column, with or without missing cells allowed.
    public Field nullable(boolean may) {
      return new Field(name, type, may, categories, role, reason, embedded, missingTokens, date);
    }

    /// The same column with the tokens that it had of its own as a column of numbers.
    public Field missing(Column numbers) {
      return new Field(
          name, type, nullable, categories, role, reason, embedded, missingTokens(numbers), date);
    }

    private Field embedded(boolean is) {
      return new Field(name, type, nullable, categories, role, reason, is, missingTokens, date);
    }

    /// A column as feature or target.
    public static Field of(Column column, Role role) {
      List<Label> categories =
          column instanceof CategoricalColumn categorical
              ? categorical.categories().stream().sorted().toList()
              : List.of();
      return new Field(
          column.name(),
          column.type(),
          column.missing() > 0,
          categories,
          role,
          null,
          false,
          missingTokens(column),
          role == Role.FEATURE && column instanceof DateColumn dates ? dates.format() : null);
    }

    /// A column that is not used.
    public static Field unused(Column column, Role role, @Nullable String reason) {
      return new Field(
          column.name(),
          column.type(),
          column.missing() > 0,
          List.of(),
          role,
          reason,
          false,
          missingTokens(column),
          null);
    }

    private static List<String> missingTokens(Column column) {
      return switch (column) {
        case NumericColumn numeric -> numeric.missingTexts();
        case DateColumn dates -> dates.missingTexts();
        case CategoricalColumn _, UnkeptColumn _ -> List.of();
      };
    }
  }

  public Schema {
    fields = List.copyOf(fields);
  }

  /// With the usual tokens.
  public Schema(List<Field> fields, Target target) {
    this(fields, target, MissingTokens.DEFAULT);
  }

  /// The text by which checkpoints identify their training, see [Field#toString()].
  @Override
  public String toString() {
    return "Schema[fields=%s, target=%s]".formatted(fields, target);
  }

  /// The same schema with other tokens.
  public Schema with(MissingTokens tokens) {
    return new Schema(fields, target, tokens);
  }

  /// The fields that the network sees, in the order of the data.
  public List<Field> features() {
    return fields.stream().filter(field -> field.role() == Role.FEATURE).toList();
  }

  /// The same schema with these categorical features embedded, and no others.
  public Schema embedding(Set<String> columns) {
    return new Schema(
        fields.stream().map(field -> field.embedded(columns.contains(field.name()))).toList(),
        target,
        missing);
  }

  /// The column of weights; null if every row weighs the same.
  public @Nullable String weight() {
    return fields.stream()
        .filter(field -> field.role() == Role.WEIGHT)
        .map(Field::name)
        .findFirst()
        .orElse(null);
  }

  public @Nullable Field field(String name) {
    for (Field field : fields) {
      if (field.name().equals(name)) {
        return field;
      }
    }
    return null;
  }

  /// Reads the columns of another table as those of this schema. Each gets the type of its field.
  /// If a nullable column is absent, all its cells are missing. Columns that the network does not
  /// see are left out.
  ///
  /// @param withTarget whether target columns are required and weights are kept; else both are left
  ///   out
  /// @throws InvalidDataException if the table has an unknown column, lacks one, has a missing cell
  ///   in one that is not nullable, or a cell that is nothing of the type
  public Table conform(Table table, boolean withTarget) {
    return conform(table, withTarget, MissingTokens.NONE);
  }

  /// @param more tokens beside those of the schema
  public Table conform(Table table, boolean withTarget, MissingTokens more) {
    for (Column column : table.columns()) {
      if (field(column.name()) == null) {
        throw new InvalidDataException(
            InvalidDataException.Fault.UNKNOWN_COLUMN,
            column.name(),
            -1,
            "is no column of the training data");
      }
    }
    List<Column> columns = new ArrayList<>();
    for (Field field : fields) {
      boolean target = field.role() == Role.TARGET;
      boolean weight = field.role() == Role.WEIGHT && table.column(field.name()) != null;
      if (field.role() == Role.FEATURE || ((target || weight) && withTarget)) {
        columns.add(conform(field, table, more));
      }
    }
    return new Table(table.rows(), columns);
  }

  private Column conform(Field field, Table table, MissingTokens more) {
    Column column = table.column(field.name());
    boolean required = field.role() != Role.FEATURE || !field.nullable();
    if (column == null) {
      if (required) {
        throw new InvalidDataException(
            InvalidDataException.Fault.NO_VALUE, field.name(), -1, "must be there, is missing");
      }
      column = NumericColumn.missing(field.name(), table.rows());
    }
    Column conformed = new Conforming(CellReader.of(field, missing, more), field).column(column);
    if (conformed.missing() > 0 && field.role() == Role.FEATURE && !field.nullable()) {
      throw new InvalidDataException(
          InvalidDataException.Fault.NO_VALUE,
          field.name(),
          Retyping.firstMissing(conformed),
          "must have a value");
    }
    return conformed;
  }
}
