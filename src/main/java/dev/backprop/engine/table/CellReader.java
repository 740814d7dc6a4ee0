package dev.backprop.engine.table;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Says what a cell of a known column means. The cell may be text in CSV, in a query or in a JSON
/// string, or a JSON number or truth value.
///
/// A cell means the category that has its exact text. If no category has it, the cell means the
/// only category that equals it as a number. A truth value is compared without regard to case.
///
/// Serves many threads.
public final class CellReader {

  /// The version of this class's rules. It is raised whenever the meaning of a cell may change.
  public static final int NUMBER = 2;

  /// The code of a category that the column does not have.
  public static final double UNSEEN = -1;

  private static final int AMBIGUOUS = -2;
  private static final double TRUE = 1;

  private final String name;
  private final ColumnType type;

  /// Of a column of dates.
  private final DateFormat.@Nullable Reader dates;

  private final @Nullable DateFormat format;

  /// Whether every date is itself here.
  private final boolean takesDates;

  /// The tokens of all columns, which share this object.
  private final MissingTokens missing;

  /// The tokens of this column and of the body that is read.
  private final MissingTokens own;

  /// For each text the category that has it.
  private final int[] codes;

  private final Dictionary categories = new Dictionary(new Meter(ByteBudget.unbounded()));

  /// The category that equals a number, by the number's key; [#AMBIGUOUS] if several do.
  private final Map<Object, Integer> byNumber = new HashMap<>();

  private int byTrue = (int) UNSEEN;
  private int byFalse = (int) UNSEEN;

  private CellReader(Schema.Field field, MissingTokens missing, MissingTokens more) {
    this.name = field.name();
    this.type = field.type();
    this.format = field.date();
    this.dates = format == null ? null : format.reader();
    this.missing = missing;
    this.own = more.with(field.missingTokens());
    this.takesDates = format != null && takesAllDates(format);
    List<Label> categories = field.categories();
    this.codes = new int[categories.size()];
    NumberText number = new NumberText();
    for (int i = 0; i < categories.size(); i++) {
      String text = categories.get(i).text();
      if (more.contains(text)) {
        continue;
      }
      codes[this.categories.size()] = i;
      this.categories.add(text);
      char[] chars = text.toCharArray();
      if (number.read(chars, 0, chars.length)) {
        byNumber.merge(number.key(chars, 0, chars.length), i, (_, _) -> AMBIGUOUS);
      }
      switch (Numbers.truth(text)) {
        case 1 -> byTrue = byTrue == UNSEEN ? i : AMBIGUOUS;
        case 0 -> byFalse = byFalse == UNSEEN ? i : AMBIGUOUS;
        default -> {}
      }
    }
  }

  /// @param missing the tokens of all columns; those of the column are added. A token that is also
  ///   a category means the category. Models of a version that did not keep their tokens have such
  ///   tokens
  public static CellReader of(Schema.Field field, MissingTokens missing) {
    return of(field, missing, MissingTokens.NONE);
  }

  /// @param more tokens of a body, which stand for a missing value even if they are a category
  static CellReader of(Schema.Field field, MissingTokens missing, MissingTokens more) {
    return new CellReader(field, missing, more);
  }

  /// The cell that a text is.
  ///
  /// @return the number, the seconds of a date, 0 or 1 for a truth value, the index of the category
  ///   or [#UNSEEN]; NaN for a missing value
  /// @throws InvalidDataException if the text does not fit the column's type
  public double text(String text) {
    return text(text.strip(), -1);
  }

  /// The cell that a number is, which came as a number.
  ///
  /// @return as [#text(String)]
  /// @throws InvalidDataException if it is not finite, or no cell of the column's type
  public double number(double value) {
    return number(value, -1);
  }

  /// The cell that a truth value is, which came as one.
  ///
  /// @return as [#text(String)]
  /// @throws InvalidDataException if it is no cell of the column's type
  public double bool(boolean value) {
    return bool(value, -1);
  }

  /// The cell that a moment is, which came as one.
  ///
  /// @param seconds from 1970-01-01T00:00 UTC; a column whose texts name no zone has the clock of
  ///   UTC
  /// @return as [#text(String)]
  /// @throws InvalidDataException if it is no cell of the column's type
  public double instant(double seconds) {
    return date(seconds + (format == null ? 0 : format.zoneSeconds()));
  }

  /// The cell that a date without a zone is, which came as one.
  ///
  /// @param seconds from 1970-01-01T00:00 on its own clock
  /// @return as [#text(String)]
  /// @throws InvalidDataException if it is no cell of the column's type, as in a column whose texts
  ///   name a zone
  public double local(double seconds) {
    return format != null && format.zone() != null
        ? text(DateFormat.DAY.text(seconds))
        : date(seconds);
  }

  private double date(double cell) {
    return takesDates ? cell : text((format == null ? DateFormat.DAY : format).text(cell));
  }

  /// As [#text(String)], for a text without outer blanks.
  ///
  /// @param row the row that errors name
  double text(String text, int row) {
    return text(text.toCharArray(), 0, text.length(), new NumberText(), row);
  }

  /// Whether no number stands for a missing value.
  boolean takesAllNumbers() {
    return !missing.hasNumbers() && !own.hasNumbers();
  }

  /// Whether cells of a column of dates mean what they mean here: their texts are read alike, and
  /// no date stands for a missing value.
  boolean takesAllDates(DateFormat written) {
    return format != null
        && dates != null
        && format.readsAs(written)
        && Stream.of(missing, own)
            .flatMap(tokens -> tokens.tokens().stream())
            .allMatch(token -> Double.isNaN(dates.read(token)));
  }

  /// As [#text(String)].
  ///
  /// @param chars a text without outer blanks
  /// @param number reads the numbers of the body
  /// @param row for errors
  double text(char[] chars, int offset, int length, NumberText number, int row) {
    if (type == ColumnType.NUMERIC) {
      if (!number.read(chars, offset, length)) {
        if (isMissing(chars, offset, length)) {
          return Double.NaN;
        }
        throw Numbers.noNumber(name, row, new String(chars, offset, length), Double.NaN);
      }
      double value = number.value();
      if (isMissing(value)) {
        return Double.NaN;
      }
      if (!Double.isFinite(value)) {
        throw Numbers.noNumber(name, row, new String(chars, offset, length), value);
      }
      return value;
    }
    if (dates != null) {
      return date(dates, chars, offset, length, row);
    }
    int exactly = type == ColumnType.BOOLEAN ? -1 : categories.find(chars, offset, length);
    if (exactly >= 0) {
      return codes[exactly];
    }
    if (isMissing(chars, offset, length)) {
      return Double.NaN;
    }
    return type == ColumnType.BOOLEAN
        ? truth(chars, offset, length, row)
        : otherCategory(chars, offset, length, number);
  }

  private double date(DateFormat.Reader dates, char[] chars, int offset, int length, int row) {
    if (isMissing(chars, offset, length)) {
      return Double.NaN;
    }
    double date = dates.read(chars, offset, length);
    if (Double.isNaN(date)) {
      throw new InvalidDataException(
          InvalidDataException.Fault.WRONG_TYPE,
          name,
          row,
          "must be a date such as %s, was %s"
              .formatted(
                  Objects.requireNonNull(format).example(),
                  Numbers.quoted(new String(chars, offset, length))));
    }
    return date;
  }

  private boolean isMissing(char[] chars, int offset, int length) {
    return missing.contains(chars, offset, length) || own.contains(chars, offset, length);
  }

  private boolean isMissing(double value) {
    return missing.contains(value) || own.contains(value);
  }

  private double truth(char[] chars, int offset, int length, int row) {
    int truth = Numbers.truth(chars, offset, length);
    if (truth >= 0) {
      return truth;
    }
    if (length == 1 && (chars[offset] == '0' || chars[offset] == '1')) {
      return chars[offset] - '0';
    }
    throw new InvalidDataException(
        InvalidDataException.Fault.WRONG_TYPE,
        name,
        row,
        "must be true or false, or 1 or 0, was "
            + Numbers.quoted(new String(chars, offset, length)));
  }

  /// A category that has another text.
  private double otherCategory(char[] chars, int offset, int length, NumberText number) {
    int other = (int) UNSEEN;
    if (number.read(chars, offset, length)) {
      other = byNumber.getOrDefault(number.key(chars, offset, length), other);
    } else {
      int truth = Numbers.truth(chars, offset, length);
      other = truth < 0 ? other : truth == TRUE ? byTrue : byFalse;
    }
    return Math.max(other, UNSEEN);
  }

  /// The cell that a JSON number is.
  double number(double value, int row) {
    if (!Double.isFinite(value)) {
      throw Numbers.notFinite(name, row, Double.toString(value));
    }
    if (type == ColumnType.NUMERIC) {
      return isMissing(value) ? Double.NaN : value;
    }
    String text = Numbers.shortest(value);
    return text(text.toCharArray(), 0, text.length(), new NumberText(), row);
  }

  /// The cell that a JSON truth value is.
  double bool(boolean value, int row) {
    String text = Boolean.toString(value);
    return text(text.toCharArray(), 0, text.length(), new NumberText(), row);
  }
}
