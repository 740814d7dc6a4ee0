package dev.backprop.engine.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NumberFormatTest {

  private static double parse(NumberFormat format, String text) {
    char[] chars = ("x" + text + "9").toCharArray();
    return format.parse(chars, 1, text.length());
  }

  private static char sign(@Nullable String written) {
    return written == null ? NumberFormat.NONE : written.charAt(0) == '_' ? ' ' : written.charAt(0);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      ignoreLeadingAndTrailingWhitespace = false,
      quoteCharacter = '"',
      value = {
        ".||1.5|1.5",
        ".||1,5|NaN",
        ",||1,5|1.5",
        ",||1.5|NaN",
        ",||-0,25e-3|-2.5E-4",
        ",||,5|0.5",
        ",||1,2,3|NaN",
        ",||1500|1500",
        ",|.|1.234.567,5|1234567.5",
        ",|.|1234567,5|1234567.5",
        ",|.|1.234567|NaN",
        ",|.|1.5|NaN",
        ",|.|12.34.567|NaN",
        ",|.|1234.567|NaN",
        ",|.|.567|NaN",
        ",|.|1.234.|NaN",
        ",|.|1,234.5|NaN",
        ",|.|0.123|NaN",
        ",|.|-12.000|-12000",
        ".|,|1,234,567.25|1234567.25",
        ".|,|+1,000|1000",
        ".|,|0,123|NaN",
        ".|,|012,345|NaN",
        ".|,|1,000e3|1000000",
        ".|,|1e1,000|NaN",
        ".|,|1.234,5|NaN",
        ",|_|12 345 678|12345678",
        ",|_|1 234,5|1234.5",
        ",|_|1\u00A0234\u202F567,5|1234567.5",
        ",|_|1  234|NaN",
        ".|'|1'234.5|1234.5",
        ".|'|1\u2019234.5|1234.5",
        ".|'|twelve|NaN",
        ",|.|Infinity|NaN",
        ",|.|-|NaN",
      })
  void readsNumbersAsTheyAreWritten(
      String decimal, @Nullable String thousands, String text, String number) {
    NumberFormat format = new NumberFormat(decimal.charAt(0), sign(thousands));

    assertThat(parse(format, text)).isEqualTo(Double.valueOf(number));
  }

  @Test
  void aBlankIsEveryBlankAndAnApostropheEveryApostrophe() {
    assertThat(new NumberFormat(',', '\u202F')).isEqualTo(new NumberFormat(',', ' '));
    assertThat(new NumberFormat('.', '\u2019')).isEqualTo(new NumberFormat('.', '\''));
  }

  @Test
  void refusesSignsThatCannotBe() {
    assertThatThrownBy(() -> new NumberFormat(';', NumberFormat.NONE))
        .hasMessage("decimal: must be . or ,");
    assertThatThrownBy(() -> new NumberFormat('.', '_'))
        .hasMessage("thousands: must be one of . , ' or a blank");
    assertThatThrownBy(() -> new NumberFormat(',', ','))
        .hasMessage("decimal and thousands: must differ, are both ,");
  }
}
