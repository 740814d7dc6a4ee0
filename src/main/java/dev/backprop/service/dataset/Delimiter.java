package dev.backprop.service.dataset;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import dev.backprop.engine.table.CategoricalColumn;
import dev.backprop.engine.table.Column;
import dev.backprop.engine.table.DateColumn;
import dev.backprop.engine.table.Label;
import dev.backprop.engine.table.NumericColumn;
import dev.backprop.engine.table.Table;
import dev.backprop.engine.table.UnkeptColumn;
import dev.backprop.platform.problem.Excerpt;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Advice about what separates the cells of a CSV line. If a text has one column with one delimiter
/// and several with another, it was read with the wrong one.
final class Delimiter {

  /// The delimiters that files usually have.
  private static final char[] USUAL = {';', ',', '\t', '|'};

  /// How many lines are looked at.
  private static final int MAX_LINES = 100;

  private Delimiter() {}

  static boolean isPossible(char c) {
    return c != '"' && c != '\r' && c != '\n';
  }

  /// The delimiter as errors show it.
  static String quoted(char delimiter) {
    return delimiter == '\t' ? "a tab" : delimiter == ' ' ? "a blank" : "'" + delimiter + "'";
  }

  /// Advice about a text that has one column.
  ///
  /// @param head the first lines of the text; the last one may be cut
  /// @param cut whether the last line is cut
  /// @return such as "with the delimiter ';' it has 3: give delimiter=%3B"; null if it is no table
  ///   with any other delimiter
  static @Nullable String advice(String head, boolean cut, char given) {
    int most = 1;
    char best = given;
    for (char other : USUAL) {
      int columns = other == given ? 1 : columns(head, cut, other);
      if (columns > most) {
        most = columns;
        best = other;
      }
    }
    return most == 1 ? null : advice(best, most);
  }

  private static String advice(char delimiter, int columns) {
    return "with the delimiter %s it has %d: give delimiter=%s"
        .formatted(
            quoted(delimiter),
            columns,
            URLEncoder.encode(String.valueOf(delimiter), StandardCharsets.UTF_8));
  }

  /// How many cells each of the first lines has, of which there must be two; 0 if the lines differ.
  private static int columns(String head, boolean cut, char delimiter) {
    List<Integer> counts = new ArrayList<>();
    try (CsvReader<CsvRecord> lines =
        CsvReader.builder()
            .fieldSeparator(delimiter)
            .allowExtraFields(true)
            .allowMissingFields(true)
            .ofCsvRecord(head)) {
      for (CsvRecord line : lines) {
        counts.add(line.getFieldCount());
        if (counts.size() > MAX_LINES) {
          break;
        }
      }
    } catch (CsvParseException _) {
      return 0;
    } catch (java.io.IOException e) {
      throw new IllegalStateException("a text in memory cannot fail", e);
    }
    if (cut || counts.size() > MAX_LINES) {
      counts.removeLast();
    }
    boolean same = counts.size() > 1 && counts.stream().distinct().count() == 1;
    return same ? counts.getFirst() : 0;
  }

  /// Advice about a table that has one column because it was read with the wrong delimiter.
  ///
  /// @return such as "; the data have the one column 'a;b', …"; empty if they were not
  static String advice(Table table) {
    if (table.columns().size() != 1) {
      return "";
    }
    Column column = table.columns().getFirst();
    for (char delimiter : USUAL) {
      int columns = columns(column, delimiter);
      if (columns > 1) {
        return "; the data have only the column '%s', %s at the upload"
            .formatted(Excerpt.of(column.name()), advice(delimiter, columns));
      }
    }
    return "";
  }

  private static int columns(Column column, char delimiter) {
    int named = cells(column.name(), delimiter);
    return switch (column) {
      case CategoricalColumn texts -> {
        int cells =
            texts.categories().isEmpty()
                ? 1
                : cells(texts.categories().getFirst().text(), delimiter);
        boolean same =
            (named == cells || column.name().equals("c1"))
                && texts.categories().stream()
                    .map(Label::text)
                    .allMatch(text -> cells(text, delimiter) == cells);
        yield same ? cells : 1;
      }
      case UnkeptColumn _ -> named;
      case NumericColumn _, DateColumn _ -> 1;
    };
  }

  /// How many cells the text has with that delimiter. Delimiters in quotes do not count.
  private static int cells(String text, char delimiter) {
    int cells = 1;
    boolean quoted = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      quoted ^= c == '"';
      cells += c == delimiter && !quoted ? 1 : 0;
    }
    return cells;
  }
}
