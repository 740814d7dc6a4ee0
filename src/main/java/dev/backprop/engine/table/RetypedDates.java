package dev.backprop.engine.table;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Reads columns as dates, and dates as categories, see [Retyping].
final class RetypedDates {

  private RetypedDates() {}

  static Column of(NumericColumn column) {
    for (int row = 0; row < column.rows(); row++) {
      if (!Double.isNaN(column.cell(row))) {
        throw noDate(column.name(), row, DateFormat.DAY, Label.canonical(column.cell(row)));
      }
    }
    return new DateColumn(column.name(), DateFormat.DAY, column.cells());
  }

  static Column of(DateColumn column) {
    NumericColumn.Strangers strangers = column.found().strangers();
    if (!strangers.texts().isEmpty()) {
      throw noDate(
          column.name(),
          strangers.rows()[0],
          column.format(),
          strangers.texts().get(strangers.codes()[0]));
    }
    return column;
  }

  /// @throws InvalidDataException if a text is no date, or if nothing says whether the day or the
  ///   month comes first
  static Column of(CategoricalColumn column) {
    List<Label> labels = column.categories();
    long[] counts = new long[labels.size()];
    for (int row = 0; row < column.rows(); row++) {
      double code = column.cell(row);
      if (!Double.isNaN(code)) {
        counts[(int) code]++;
      }
    }
    DateWays ways = new DateWays();
    for (int code = 0; code < counts.length; code++) {
      ways.count(labels.get(code).text(), counts[code]);
    }
    DateFormat found = ways.format();
    DateFormat format = found == null ? DateFormat.DAY : found;
    String ambiguous = ways.ambiguous();
    if (ambiguous != null) {
      throw new InvalidDataException(
          InvalidDataException.Fault.WRONG_TYPE,
          column.name(),
          Retyping.firstRow(column, codeOf(labels, ambiguous)),
          "must be dates of which one says whether the day or the month comes first, none does; write %s as 2026-01-31"
              .formatted(Numbers.quoted(ambiguous)));
    }
    DateFormat.Reader reader = format.reader();
    double[] dates = new double[labels.size()];
    String respelled = null;
    for (int code = 0; code < dates.length; code++) {
      String text = labels.get(code).text();
      dates[code] = reader.read(text);
      if (counts[code] > 0 && Double.isNaN(dates[code])) {
        throw noDate(column.name(), Retyping.firstRow(column, code), format, text);
      }
      if (respelled == null && counts[code] > 0 && !format.text(dates[code]).equals(text)) {
        respelled = text;
      }
    }
    return new DateColumn(
        column.name(),
        format,
        Retyping.mapped(column, code -> dates[(int) code]),
        new NumericColumn.Found(NumericColumn.Strangers.NONE, respelled, List.of()));
  }

  private static int codeOf(List<Label> labels, String text) {
    int code = 0;
    while (!labels.get(code).text().equals(text)) {
      code++;
    }
    return code;
  }

  private static InvalidDataException noDate(String name, int row, DateFormat format, String text) {
    return new InvalidDataException(
        InvalidDataException.Fault.WRONG_TYPE,
        name,
        row,
        "must be a date such as %s to be one of dates, was %s"
            .formatted(format.example(), Numbers.quoted(text)));
  }

  static Column categorical(DateColumn column) {
    DateColumn.Texts texts = column.texts();
    Map<String, Integer> codes = new HashMap<>();
    List<Label> labels = new ArrayList<>();
    Cells cells =
        Retyping.built(
            column.rows(),
            row -> {
              String text = texts.text(row);
              if (text.isEmpty()) {
                return Double.NaN;
              }
              Integer known = codes.putIfAbsent(text, labels.size());
              if (known != null) {
                return known;
              }
              labels.add(Label.text(text));
              if (labels.size() > TableBuilder.MAX_CATEGORIES) {
                throw Retyping.tooMany(column.name());
              }
              return labels.size() - 1;
            });
    return new CategoricalColumn(
        column.name(), ColumnType.CATEGORICAL, labels, cells, respelled(column));
  }

  private static List<String> respelled(DateColumn column) {
    String text = column.found().respelled();
    return text == null
        ? List.of()
        : List.of(
            "column '%s' was read as dates, and its categories are written as %s: %s is '%s'; to keep the texts, upload with categorical=%s"
                .formatted(
                    column.name(),
                    column.format().pattern(),
                    Numbers.quoted(text),
                    column.format().text(column.format().reader().read(text)),
                    column.name()));
  }
}
