package dev.backprop.service.prediction;

import dev.backprop.engine.data.Feature;
import dev.backprop.engine.table.CellReader;
import dev.backprop.engine.table.ColumnType;
import dev.backprop.engine.table.InvalidDataException;
import dev.backprop.engine.table.Schema;
import dev.backprop.platform.problem.Excerpt;
import dev.backprop.platform.problem.NearestName;
import dev.backprop.platform.problem.Problem;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import dev.backprop.service.model.ModelInputs;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A row to predict that stands in the query of a GET.
///
/// @param cells as the predictor wants them
/// @param warnings about cells that the model was not trained for
/// @param passed the texts of columns that are copied into the answer, by their names
/// @param explaining whether the answer is explained
/// @param intervals the values of the option of that name
/// @param counts whether it counts for drift
@SuppressWarnings("ArrayRecordComponent") // lives for one request
record QueryRow(
    double[] cells,
    List<String> warnings,
    Map<String, @Nullable String> passed,
    ExplainOptions explaining,
    List<String> intervals,
    boolean counts) {

  private static final String INPUTS = "inputs";
  private static final int MAX_SAID = 5;

  /// @throws ProblemException 400 for parameters that are unknown or repeated, 422 for values that
  ///   cannot be
  static QueryRow of(ModelInputs inputs, Map<String, String[]> parameters) {
    return switch (inputs) {
      case ModelInputs.Numbers(int width) -> numbers(width, parameters);
      case ModelInputs.Columns columns -> columns(columns, parameters);
    };
  }

  private static QueryRow columns(ModelInputs.Columns columns, Map<String, String[]> parameters) {
    List<Feature> features = columns.encoder().features();
    double[] cells = new double[features.size()];
    boolean[] given = new boolean[cells.length];
    List<String> warnings = new ArrayList<>(0);
    List<Problem.Field> faults = new ArrayList<>(0);
    RowQueryOptions options = null; // most queries have none
    for (Map.Entry<String, String[]> parameter : parameters.entrySet()) {
      String name = known(columns, parameter.getKey());
      Integer feature = columns.places().get(name);
      if (feature == null && columns.schema().field(name) == null) {
        options = options == null ? options(columns, parameters) : options;
        if (!options.allows(parameter.getKey())) {
          throw unknown(columns, name);
        }
        continue;
      }
      String text = single(name, parameter.getValue());
      if (feature != null) {
        if (given[feature]) {
          throw repeated(name, 2);
        }
        given[feature] = true;
        cells[feature] = cell(columns, feature, text, warnings, faults);
      }
    }
    for (int f = 0; f < cells.length; f++) {
      if (!given[f]) {
        cells[f] = cell(columns, f, "", warnings, faults);
      }
    }
    if (!faults.isEmpty()) {
      throw ProblemException.of(ProblemCode.INVALID_DATA, said(faults), faults);
    }
    return of(cells, warnings, options);
  }

  private static QueryRow of(
      double[] cells, List<String> warnings, @Nullable RowQueryOptions options) {
    return options == null
        ? new QueryRow(cells, warnings, Map.of(), ExplainOptions.NONE, List.of(), true)
        : new QueryRow(
            cells,
            warnings,
            options.passed(),
            options.explaining(),
            options.intervals(),
            options.counts());
  }

  private static RowQueryOptions options(
      ModelInputs.Columns columns, Map<String, String[]> parameters) {
    return new RowQueryOptions(parameters, name -> columns.schema().field(name) != null);
  }

  /// @param warnings gets one if the model was not trained for the cell
  /// @param faults gets one if the cell cannot be
  static double cell(
      ModelInputs.Columns columns,
      int feature,
      String text,
      List<String> warnings,
      List<Problem.Field> faults) {
    Feature described = columns.encoder().features().get(feature);
    double cell;
    try {
      cell = columns.readers().get(feature).text(text);
      if (Double.isNaN(cell) && !described.nullable()) {
        faults.add(new Problem.Field(pointer(described.name()), "must have a value"));
        return cell;
      }
    } catch (InvalidDataException e) {
      faults.add(new Problem.Field(pointer(described.name()), e.detail()));
      return Double.NaN;
    }
    switch (described) {
      case Feature.Numeric numeric -> {
        if (Warnings.outside(numeric, cell)) {
          warnings.add(Warnings.outsideText(numeric, cell));
        }
      }
      case Feature.Date date -> {
        if (Warnings.outside(date, cell)) {
          warnings.add(Warnings.outsideText(date, cell));
        }
      }
      case Feature.Categorical categorical -> {
        if (categorical.type() == ColumnType.BOOLEAN && !Double.isNaN(cell)) {
          cell = columns.encoder().category(feature, Boolean.toString(cell == 1));
        }
        if (cell == CellReader.UNSEEN) {
          warnings.add(Warnings.unseenText(categorical, text.strip()));
        }
      }
    }
    return cell;
  }

  /// The name as a JSON pointer (RFC 6901).
  private static String pointer(String name) {
    return "/" + Problem.Field.part(name);
  }

  /// The first faults in a sentence; all of them stand beside it.
  private static String said(List<Problem.Field> faults) {
    String first =
        faults.stream()
            .limit(MAX_SAID)
            .map(fault -> fault.pointer().substring(1) + ": " + fault.detail())
            .collect(Collectors.joining("; "));
    int more = faults.size() - MAX_SAID;
    return more > 0 ? first + "; and " + more + " more" : first;
  }

  private static QueryRow numbers(int width, Map<String, String[]> parameters) {
    RowQueryOptions options =
        parameters.size() == 1 && parameters.containsKey(INPUTS)
            ? null
            : new RowQueryOptions(parameters, INPUTS::equals);
    for (String name : parameters.keySet()) {
      if (!name.equals(INPUTS) && (options == null || !options.allows(name))) {
        throw new ProblemException(
            ProblemCode.UNKNOWN_PARAMETER,
            "%s: this model takes bare numbers, inputs=%s"
                .formatted(Excerpt.of(name), width == 1 ? "0" : "0,1,…"));
      }
    }
    String[] values = parameters.get(INPUTS);
    String text = values == null ? "" : single(INPUTS, values);
    String[] parts = text.isEmpty() ? new String[0] : text.split(",", -1);
    if (parts.length != width) {
      throw ProblemException.at(
          ProblemCode.INVALID_DATA,
          "/inputs",
          "must be %d numbers, had %d".formatted(width, parts.length));
    }
    double[] cells = new double[width];
    for (int i = 0; i < width; i++) {
      cells[i] = number(parts[i], i);
    }
    return of(cells, List.of(), options);
  }

  private static double number(String text, int index) {
    // What Java's parser takes beyond that (hexadecimal, suffixes, words) is no number elsewhere.
    boolean decimal = text.chars().allMatch(c -> "0123456789+-.eE".indexOf(c) >= 0);
    try {
      double value = decimal ? Double.parseDouble(text) : Double.NaN;
      if (Math.abs(value) <= Float.MAX_VALUE) {
        return value;
      }
    } catch (NumberFormatException e) {
      // Told below, like every other text that is no number.
    }
    throw ProblemException.at(
        ProblemCode.INVALID_DATA,
        "/inputs/" + index,
        "must be a number within ±%s, was '%s'".formatted(Float.MAX_VALUE, Excerpt.of(text)));
  }

  static String single(String name, String[] values) {
    if (values.length > 1) {
      throw repeated(name, values.length);
    }
    return values[0];
  }

  static ProblemException repeated(String name, int times) {
    return new ProblemException(
        ProblemCode.REPEATED_PARAMETER,
        "%s: must be given once, was given %d times".formatted(name, times));
  }

  /// Outer blanks do not count, unless a column has them.
  private static String known(ModelInputs.Columns columns, String name) {
    return columns.places().containsKey(name) || columns.schema().field(name) != null
        ? name
        : name.strip();
  }

  private static ProblemException unknown(ModelInputs.Columns columns, String name) {
    @Nullable String nearest =
        NearestName.of(name, columns.schema().fields().stream().map(Schema.Field::name).toList());
    return new ProblemException(
        ProblemCode.UNKNOWN_PARAMETER,
        "%s: is no column of the training data%s"
            .formatted(
                Excerpt.of(name), nearest == null ? "" : "; did you mean '" + nearest + "'?"));
  }
}
