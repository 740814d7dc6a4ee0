package dev.backprop.service.prediction;

import de.siegmar.fastcsv.writer.CsvWriter;
import dev.backprop.engine.figures.Bounds;
import dev.backprop.engine.scoring.Assured;
import dev.backprop.engine.scoring.Prediction;
import dev.backprop.engine.table.Label;
import dev.backprop.engine.table.Target;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A header and a line for each prediction: the columns that are copied from the rows, then the
/// answer, then its interval or set, why it is so and the warnings, if they are asked for.
final class CsvAnswers implements AnswerWriter {

  private final Target target;
  private final CsvWriter csv;
  private final List<String> passed;
  private final boolean withWarnings;
  private final List<String> assured;
  private final List<String> explained;
  private final int header;
  private final @Nullable String[] cells;

  CsvAnswers(Target target, CsvWriter csv, AnswerFormat.Parts parts) {
    this.target = target;
    this.csv = csv;
    this.passed = parts.passed();
    this.withWarnings = parts.csvWarnings();
    this.header = header(target).size();
    this.assured = parts.interval() == null ? List.of() : assured(target);
    this.explained = parts.explaining() == null ? List.of() : explained(parts.explaining());
    this.cells =
        new String
            [passed.size() + header + assured.size() + explained.size() + (withWarnings ? 1 : 0)];
  }

  static List<String> header(Target target) {
    List<String> names = new ArrayList<>();
    switch (target) {
      case Target.Classes classes -> {
        names.add("prediction");
        for (Label label : classes.classes()) {
          names.add("probability_" + label.text());
        }
      }
      case Target.Numbers numbers -> {
        if (numbers.outputs() == 1) {
          names.add("prediction");
        } else {
          names.addAll(numbers.names());
        }
      }
      case Target.Quantiles quantiles -> {
        names.add("prediction");
        quantiles.texts().forEach(tau -> names.add("quantile_" + tau));
      }
      case Target.MultiLabel labels -> {
        names.addAll(labels.names());
        labels.names().forEach(name -> names.add("probability_" + name));
      }
      case Target.Bare bare -> {
        for (int j = 0; j < bare.width(); j++) {
          names.add("output_" + j);
        }
      }
    }
    return names;
  }

  /// Of several numbers, each column is named after its number first.
  private static List<String> assured(Target target) {
    return switch (target) {
      case Target.Classes _ -> List.of("set");
      case Target.Numbers numbers when numbers.outputs() > 1 ->
          numbers.names().stream()
              .flatMap(name -> Stream.of(name + "_interval_lower", name + "_interval_upper"))
              .toList();
      case Target.Numbers _, Target.Quantiles _ -> List.of("interval_lower", "interval_upper");
      case Target.MultiLabel _, Target.Bare _ -> List.of();
    };
  }

  /// Of several answers, each column is named after its answer first.
  private static List<String> explained(Explaining explaining) {
    List<String> names = new ArrayList<>();
    List<String> answers =
        explaining.answers().isEmpty()
            ? List.of("")
            : explaining.answers().stream().map(answer -> answer + "_").toList();
    for (String answer : answers) {
      explaining.columns().forEach(column -> names.add(answer + "contribution_" + column));
      names.add(answer + "baseline");
      names.add(answer + "residual");
    }
    return names;
  }

  @Override
  public void begin() {
    List<String> names = new ArrayList<>(passed);
    names.addAll(header(target));
    names.addAll(assured);
    names.addAll(explained);
    if (withWarnings) {
      names.add("warnings");
    }
    csv.writeRecord(names);
  }

  @Override
  public void answer(Told told, PredictionRows rows, int row) {
    int at = passed.size();
    for (int i = 0; i < at; i++) {
      cells[i] = rows.passed(i, row);
    }
    switch (told.prediction()) {
      case Prediction.ClassPrediction p -> {
        cells[at] = p.label().text();
        floats(p.probabilities(), at + 1);
      }
      case Prediction.NumberPrediction p -> {
        for (int j = 0; j < p.values().length; j++) {
          cells[at + j] = Double.toString(p.values()[j]);
        }
      }
      case Prediction.QuantilePrediction p -> {
        cells[at] = Double.toString(p.value());
        for (int j = 0; j < p.values().length; j++) {
          cells[at + 1 + j] = Double.toString(p.values()[j]);
        }
      }
      case Prediction.MultiLabelPrediction p -> {
        int labels = p.names().size();
        for (int j = 0; j < labels; j++) {
          cells[at + j] = p.label(j).text();
        }
        floats(p.probabilities(), at + labels);
      }
      case Prediction.Outputs(double[] values) -> floats(values, at);
    }
    int next = at + header;
    if (told.assured() != null) {
      next = assured(told.assured(), next);
    }
    for (Explaining.Why each : told.why()) {
      for (double contribution : each.explanation().contributions()) {
        cells[next++] = Double.toString(contribution);
      }
      cells[next++] = Double.toString(each.explanation().baseline());
      cells[next++] = Double.toString(each.explanation().residual());
    }
    if (withWarnings) {
      cells[cells.length - 1] = String.join("; ", rows.warningsOf(row));
    }
    csv.writeRecord(cells);
  }

  /// @return the place behind it
  private int assured(Assured told, int at) {
    int next = at;
    switch (told) {
      case Assured.Classes(_, List<Label> set) ->
          cells[next++] = set.stream().map(Label::text).collect(Collectors.joining("; "));
      case Assured.Numbers(_, List<Bounds> intervals) -> {
        for (Bounds bounds : intervals) {
          cells[next++] = Double.toString(bounds.low());
          cells[next++] = Double.toString(bounds.high());
        }
      }
    }
    return next;
  }

  private void floats(double[] values, int at) {
    for (int j = 0; j < values.length; j++) {
      cells[at + j] = Float.toString((float) values[j]);
    }
  }

  @Override
  public void flush() {
    try {
      csv.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
