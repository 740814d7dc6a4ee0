package dev.backprop.service.prediction;

import dev.backprop.engine.data.Feature;
import dev.backprop.engine.table.Label;
import dev.backprop.platform.problem.Problem;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import dev.backprop.service.model.ModelInputs;
import dev.backprop.service.model.ModelVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The row through which a surface goes: the typical one, but for the cells that are asked for.
final class SurfaceRow {

  private static final String AT = "/at";

  private SurfaceRow() {}

  /// @throws ProblemException 400 or 422 if a cell cannot be
  static double[] of(ModelVersion version, ModelInputs.Columns inputs, Map<String, JsonNode> at) {
    double[] cells = version.insights().typicalCells();
    List<Problem.Field> faults = new ArrayList<>();
    List<String> warnings = new ArrayList<>(); // of a surface there is nothing to say
    at.forEach(
        (name, value) -> {
          Integer feature = inputs.places().get(name);
          if (feature != null) {
            cells[feature] = QueryRow.cell(inputs, feature, text(name, value), warnings, faults);
          } else if (inputs.schema().field(name) == null) {
            throw ProblemException.at(
                ProblemCode.UNKNOWN_FIELD, pointer(name), "is no column of the training data");
          }
        });
    if (!faults.isEmpty()) {
      throw Dependences.invalid(AT + faults.getFirst().pointer(), faults.getFirst().detail());
    }
    for (int f = 0; f < cells.length; f++) {
      Feature feature = inputs.encoder().features().get(f);
      if (Double.isNaN(cells[f]) && !feature.nullable()) {
        throw Dependences.invalid(
            AT, "must have '%s', the typical row has none".formatted(feature.name()));
      }
    }
    return cells;
  }

  private static String pointer(String name) {
    return AT + "/" + Problem.Field.part(name);
  }

  /// What a cell of JSON is as a text.
  private static String text(String name, @Nullable JsonNode value) {
    if (value == null || value.isNull()) {
      return "";
    }
    if (value.isNumber()) {
      double number = value.asDouble();
      if (!Double.isFinite(number)) {
        throw Dependences.invalid(pointer(name), "must be a finite number");
      }
      return Label.number(number).text();
    }
    if (!value.isString() && !value.isBoolean()) {
      throw ProblemException.at(
          ProblemCode.WRONG_TYPE, pointer(name), "must be a string, a number, true, false or null");
    }
    return value.asString();
  }
}
