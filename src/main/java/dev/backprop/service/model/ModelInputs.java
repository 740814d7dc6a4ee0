package dev.backprop.service.model;

import dev.backprop.engine.data.FeatureEncoder;
import dev.backprop.engine.table.CellReader;
import dev.backprop.engine.table.Schema;
import dev.backprop.platform.artifact.ModelDraft;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What a row to predict consists of.
public sealed interface ModelInputs {

  static ModelInputs of(ModelDraft draft) {
    FeatureEncoder encoder = draft.predictor().features();
    Schema schema = draft.schema();
    if (encoder == null || schema == null) {
      return new Numbers(draft.predictor().cells());
    }
    return Columns.of(encoder, schema);
  }

  /// Bare numbers, used as given.
  ///
  /// @param width how many, at least 1
  record Numbers(int width) implements ModelInputs {}

  /// Named columns.
  ///
  /// @param schema of the training data
  /// @param places of the features in a row of cells, by their names
  /// @param readers of the features' cells
  record Columns(
      FeatureEncoder encoder, Schema schema, Map<String, Integer> places, List<CellReader> readers)
      implements ModelInputs {

    static Columns of(FeatureEncoder encoder, Schema schema) {
      Map<String, Integer> places = HashMap.newHashMap(encoder.features().size());
      encoder.features().forEach(feature -> places.put(feature.name(), places.size()));
      return new Columns(
          encoder,
          schema,
          places,
          schema.features().stream().map(field -> CellReader.of(field, schema.missing())).toList());
    }
  }
}
