package dev.backprop.service.prediction;

import de.siegmar.fastcsv.writer.CsvWriter;
import dev.backprop.engine.scoring.Prediction;
import dev.backprop.engine.table.Label;
import dev.backprop.engine.table.Target;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/// A header and a line for each prediction. Has no place for warnings.
final class CsvAnswers implements AnswerWriter {

  private final Target target;
  private final CsvWriter csv;
  private final String[] cells;

  CsvAnswers(Target target, CsvWriter csv) {
    this.target = target;
    this.csv = csv;
    this.cells = new String[header(target).size()];
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
    csv.writeRecord(header(target));
  }

  @Override
  public boolean showsWarnings() {
    return false;
  }

  @Override
  public void answer(Prediction prediction, List<String> warnings) {
    switch (prediction) {
      case Prediction.ClassPrediction p -> {
        cells[0] = p.label().text();
        floats(p.probabilities(), 1);
      }
      case Prediction.NumberPrediction p -> {
        for (int j = 0; j < p.values().length; j++) {
          cells[j] = Double.toString(p.values()[j]);
        }
      }
      case Prediction.QuantilePrediction p -> {
        cells[0] = Double.toString(p.value());
        for (int j = 0; j < p.values().length; j++) {
          cells[1 + j] = Double.toString(p.values()[j]);
        }
      }
      case Prediction.MultiLabelPrediction p -> {
        int labels = p.names().size();
        for (int j = 0; j < labels; j++) {
          cells[j] = p.label(j).text();
        }
        floats(p.probabilities(), labels);
      }
      case Prediction.Outputs(double[] values) -> floats(values, 0);
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
