package dev.backprop.engine.table;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Counts about the cells of a column, from which its type is inferred.
final class Evidence {

  /// Cells that are not missing, those of them that are numbers, and those that came as JSON
  /// strings and numbers.
  int values;

  int numbers;
  int jsonStrings;
  int jsonNumbers;

  private boolean integersOnly = true;
  private @Nullable String leadingZero;
  private @Nullable String inexact;
  private @Nullable String respelled;

  /// The first text that is not the shortest of its number, null if there is none.
  @Nullable String respelled() {
    return respelled;
  }

  /// Counts a number.
  void number(double value) {
    integersOnly &= value == Math.rint(value);
    numbers++;
    values++;
  }

  /// Counts numbers, NaN where one is missing.
  void numbers(double[] some, int n) {
    int count = 0;
    boolean integers = true;
    for (int i = 0; i < n; i++) {
      double value = some[i];
      if (!Double.isNaN(value)) {
        integers &= value == Math.rint(value);
        count++;
      }
    }
    integersOnly &= integers;
    numbers += count;
    values += count;
  }

  /// Notes how a text that is a number is written.
  void spelled(NumberText number, char[] chars, int offset, int length) {
    integersOnly &= number.integer();
    if (number.integer() && !number.exact() && inexact == null) {
      inexact = new String(chars, offset, length);
    }
    if (number.integer() && number.leadingZero() && leadingZero == null) {
      leadingZero = new String(chars, offset, length);
    }
    if (!number.shortest() && Double.isFinite(number.value()) && respelled == null) {
      respelled = new String(chars, offset, length);
    }
  }

  boolean isJsonStringsOnly() {
    return jsonStrings == values;
  }

  /// Whether the cells are numbers, all but a few.
  ///
  /// @param strangers distinct texts that are no numbers
  /// @param notes receive sentences about the decision
  boolean isNumeric(String name, int strangers, List<String> notes) {
    if (values == 0) {
      return true;
    }
    if (isJsonStringsOnly()) {
      if (2L * numbers > values) {
        notes.add(
            "column '%s' has JSON strings only and is taken for categories, though %d of %d are numbers; to compute with them, send JSON numbers or type it numeric"
                .formatted(name, numbers, values));
      }
      return false;
    }
    if (inexact != null && 100L * numbers >= 98L * values) {
      notes.add(
          "column '%s' has integers that a number does not hold exactly, such as %s, and is taken for categories; to compute with them, type it numeric"
              .formatted(name, Numbers.quoted(inexact)));
      return false;
    }
    boolean numbersOnly = numbers == values;
    if (numbersOnly && integersOnly && leadingZero != null) {
      notes.add(
          "column '%s' has integers with leading zeros, such as %s, and is taken for categories; to compute with them, type it numeric"
              .formatted(name, Numbers.quoted(leadingZero)));
      return false;
    }
    return numbersOnly
        || (inexact == null
            && (leadingZero == null || !integersOnly)
            && NumericColumn.Strangers.areFew(numbers, values, strangers));
  }
}
