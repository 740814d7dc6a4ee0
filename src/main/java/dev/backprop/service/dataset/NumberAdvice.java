package dev.backprop.service.dataset;

import dev.backprop.engine.table.CategoricalColumn;
import dev.backprop.engine.table.Column;
import dev.backprop.engine.table.ColumnType;
import dev.backprop.engine.table.DateColumn;
import dev.backprop.engine.table.Label;
import dev.backprop.engine.table.NumberFormat;
import dev.backprop.engine.table.NumericColumn;
import dev.backprop.engine.table.UnkeptColumn;
import dev.backprop.platform.problem.Excerpt;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Advice about columns of categories. It says if most values would be numbers with other options,
/// or without a percent or currency sign.
public final class NumberAdvice {

  /// The most columns that get a sentence of their own.
  private static final int MAX_SAID = 10;

  private static final int MAX_SIGNS = 3;

  /// Longer texts are no numbers.
  private static final int MAX_LENGTH = 64;

  private static final NumberFormat DECIMAL_COMMA = new NumberFormat(',', NumberFormat.NONE);
  private static final NumberFormat THOUSANDS_COMMA = new NumberFormat('.', ',');

  /// If as many values are numbers in several formats, the first of these is advised.
  private static final List<NumberFormat> FORMATS =
      List.of(
          NumberFormat.PLAIN,
          DECIMAL_COMMA,
          THOUSANDS_COMMA,
          new NumberFormat(',', '.'),
          new NumberFormat('.', ' '),
          new NumberFormat(',', ' '),
          new NumberFormat('.', '\''),
          new NumberFormat(',', '\''));

  private final NumberFormat given;
  private final long[] numbers = new long[FORMATS.size()];
  private final Set<Character> signs = new LinkedHashSet<>();
  private long values;
  private long numbersAsGiven;

  private NumberAdvice(NumberFormat given) {
    this.given = given;
  }

  /// A sentence for each column that needs advice, up to a bound.
  ///
  /// @param given the format that the values were read in
  public static List<String> of(List<Column> columns, NumberFormat given) {
    List<String> said = new ArrayList<>();
    int more = 0;
    for (Column column : columns) {
      @Nullable String advice = of(column, given);
      if (advice != null && said.size() == MAX_SAID) {
        more++;
      } else if (advice != null) {
        said.add(advice);
      }
    }
    if (more > 0) {
      said.add("%d more columns have such values".formatted(more));
    }
    return said;
  }

  /// The advice about a column; null if there is none.
  static @Nullable String of(Column column, NumberFormat given) {
    return switch (column) {
      case CategoricalColumn categorical when column.type() == ColumnType.CATEGORICAL ->
          ofCategories(categorical, given);
      case UnkeptColumn unkept -> ofSample(unkept, given);
      case CategoricalColumn _, NumericColumn _, DateColumn _ -> null;
    };
  }

  private static @Nullable String ofCategories(CategoricalColumn column, NumberFormat given) {
    List<Label> texts = column.categories();
    if (texts.stream().noneMatch(label -> isCandidate(label.text(), given))) {
      return null;
    }
    NumberAdvice advice = new NumberAdvice(given);
    int[] counts = ColumnDescription.counts(column);
    for (int code = 0; code < counts.length; code++) {
      advice.count(texts.get(code).text(), counts[code]);
    }
    return advice.said(column, "categories", "its " + advice.values + " values");
  }

  private static @Nullable String ofSample(UnkeptColumn column, NumberFormat given) {
    NumberAdvice advice = new NumberAdvice(given);
    column.sample().forEach(text -> advice.count(text, 1));
    return advice.said(column, "texts", "its first " + advice.values);
  }

  /// Whether the text is no number but would be one in another format. This is cheap for most
  /// texts.
  private static boolean isCandidate(String text, NumberFormat given) {
    if (!mayBeNumber(text) || isNumber(text, given)) {
      return false;
    }
    String bare = withoutSign(text);
    return FORMATS.stream().anyMatch(format -> isNumber(bare, format));
  }

  private void count(String text, int rows) {
    values += rows;
    if (rows == 0 || !mayBeNumber(text)) {
      return;
    }
    String bare = withoutSign(text);
    boolean any = false;
    for (int i = 0; i < numbers.length; i++) {
      if (isNumber(bare, FORMATS.get(i))) {
        numbers[i] += rows;
        any = true;
      }
    }
    if (bare.equals(text)) {
      numbersAsGiven += isNumber(text, given) ? rows : 0;
    } else if (any && signs.size() < MAX_SIGNS) {
      signs.add(sign(text));
    }
  }

  /// @param found what the column is read as
  /// @param all the values that were counted, in words
  private @Nullable String said(Column column, String found, String all) {
    int best = 0;
    for (int i = 1; i < numbers.length; i++) {
      best = numbers[i] > numbers[best] ? i : best;
    }
    long most = numbers[best];
    return 2 * most > values && most > numbersAsGiven
        ? "column '%s' is read as %s, but %d of %s would be numbers %s"
            .formatted(Excerpt.of(column.name()), found, most, all, remedy(FORMATS.get(best)))
        : null;
  }

  private String remedy(NumberFormat best) {
    List<String> remedies = new ArrayList<>();
    if (!signs.isEmpty()) {
      remedies.add(
          "without %s, which must be removed"
              .formatted(String.join(" ", signs.stream().map(sign -> "'" + sign + "'").toList())));
    }
    boolean ambiguous =
        best.equals(DECIMAL_COMMA)
            && numbers[FORMATS.indexOf(DECIMAL_COMMA)] == numbers[FORMATS.indexOf(THOUSANDS_COMMA)];
    if (ambiguous) {
      remedies.add("with decimal=, or, if the comma parts thousands, with thousands=,");
    } else {
      if (best.decimal() != given.decimal()) {
        remedies.add("with decimal=" + best.decimal());
      }
      if (best.thousands() != given.thousands()) {
        remedies.add(
            best.thousands() == NumberFormat.NONE
                ? "without thousands"
                : "with thousands=" + parameter(best.thousands()));
      }
    }
    return String.join(" and ", remedies);
  }

  private static String parameter(char thousands) {
    return thousands == ' ' ? "%20" : String.valueOf(thousands);
  }

  /// Whether the text has a digit, and only characters that numbers of some format have.
  private static boolean mayBeNumber(String text) {
    if (text.length() > MAX_LENGTH) {
      return false;
    }
    boolean digit = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= '0' && c <= '9') {
        digit = true;
      } else if (".,+-eE'\u2019".indexOf(c) < 0 && !isBlank(c) && !isSign(c)) {
        return false;
      }
    }
    return digit;
  }

  private static boolean isNumber(String text, NumberFormat format) {
    return Double.isFinite(format.parse(text.toCharArray(), 0, text.length()));
  }

  /// The text without a percent or currency sign, and without the blank beside it; the text itself
  /// if there is none. Such a sign stands at the beginning, behind the sign of the number, or at
  /// the end.
  private static String withoutSign(String text) {
    int last = text.length() - 1;
    if (isSign(text.charAt(last))) {
      return stripped(text.substring(0, last));
    }
    int first = text.charAt(0) == '-' || text.charAt(0) == '+' ? 1 : 0;
    return first <= last && isSign(text.charAt(first))
        ? text.substring(0, first) + stripped(text.substring(first + 1))
        : text;
  }

  /// The sign that is taken out.
  private static char sign(String text) {
    char last = text.charAt(text.length() - 1);
    char first = text.charAt(0);
    return isSign(last) ? last : isSign(first) ? first : text.charAt(1);
  }

  private static boolean isSign(char c) {
    return c == '%' || Character.getType(c) == Character.CURRENCY_SYMBOL;
  }

  private static String stripped(String text) {
    int from = 0;
    int to = text.length();
    while (from < to && isBlank(text.charAt(from))) {
      from++;
    }
    while (from < to && isBlank(text.charAt(to - 1))) {
      to--;
    }
    return text.substring(from, to);
  }

  private static boolean isBlank(char c) {
    return Character.isWhitespace(c) || Character.isSpaceChar(c);
  }
}
