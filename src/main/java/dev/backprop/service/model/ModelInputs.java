package dev.backprop.service.model;

import dev.backprop.engine.data.Feature;
import dev.backprop.engine.data.FeatureEncoder;
import dev.backprop.engine.table.CellReader;
import dev.backprop.engine.table.Schema;
import dev.backprop.platform.artifact.ModelDraft;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// What a row to predict consists of.
public sealed interface ModelInputs {

  /// What the cells of a row are called: features, or the places of bare numbers from 0.
  List<String> names();

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
  record Numbers(int width) implements ModelInputs {

    @Override
    public List<String> names() {
      return numberNames(width);
    }
  }

  static List<String> numberNames(int width) {
    return IntStream.range(0, width).mapToObj(Integer::toString).toList();
  }

  /// Named columns.
  ///
  /// @param schema of the training data
  /// @param places of the features in a row of cells, by their names
  /// @param readers of the features' cells
  record Columns(
      FeatureEncoder encoder, Schema schema, Map<String, Integer> places, List<CellReader> readers)
      implements ModelInputs {

    @Override
    public List<String> names() {
      return encoder.features().stream().map(Feature::name).toList();
    }

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
