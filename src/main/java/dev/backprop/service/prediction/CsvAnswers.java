package dev.backprop.service.prediction;

import de.siegmar.fastcsv.writer.CsvWriter;
import dev.backprop.engine.scoring.Prediction;
import dev.backprop.engine.table.Label;
import dev.backprop.engine.table.Target;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A header and a line for each prediction: the columns that are copied from the rows, then the
/// answer, then the warnings if they are asked for.
final class CsvAnswers implements AnswerWriter {

  private final Target target;
  private final CsvWriter csv;
  private final List<String> passed;
  private final boolean withWarnings;
  private final @Nullable String[] cells;

  /// @param passed columns that are copied from the rows
  CsvAnswers(Target target, CsvWriter csv, List<String> passed, boolean withWarnings) {
    this.target = target;
    this.csv = csv;
    this.passed = passed;
    this.withWarnings = withWarnings;
    this.cells = new String[passed.size() + header(target).size() + (withWarnings ? 1 : 0)];
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

  @Override
  public void begin() {
    List<String> names = new ArrayList<>(passed);
    names.addAll(header(target));
    if (withWarnings) {
      names.add("warnings");
    }
    csv.writeRecord(names);
  }

  @Override
  public void answer(Prediction prediction, PredictionRows rows, int row) {
    int at = passed.size();
    for (int i = 0; i < at; i++) {
      cells[i] = rows.passed(i, row);
    }
    switch (prediction) {
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
    if (withWarnings) {
      cells[cells.length - 1] = String.join("; ", rows.warningsOf(row));
    }
    csv.writeRecord(cells);
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
