package dev.backprop.service.model;

import dev.backprop.engine.data.FeatureEncoder;
import dev.backprop.engine.table.CellReader;
import dev.backprop.engine.table.MissingTokens;
import dev.backprop.engine.table.Schema;
import dev.backprop.platform.artifact.ModelDraft;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a row to predict consists of.
public sealed interface ModelInputs {

  static ModelInputs of(ModelDraft draft) {
    FeatureEncoder encoder = draft.predictor().features();
    Schema schema = draft.schema();
    if (encoder == null || schema == null) {
      return new Numbers(draft.predictor().cells());
    }
    return new Columns(encoder, schema);
  }

  /// Bare numbers, used as given.
  ///
  /// @param width how many, at least 1
  record Numbers(int width) implements ModelInputs {}

  /// Named columns.
  final class Columns implements ModelInputs {

    private final FeatureEncoder encoder;
    private final Schema schema;
    private final Map<String, Integer> features;
    private final List<CellReader> readers;

    Columns(FeatureEncoder encoder, Schema schema) {
      this.encoder = encoder;
      this.schema = schema;
      this.features = HashMap.newHashMap(encoder.features().size());
      encoder.features().forEach(feature -> features.put(feature.name(), features.size()));
      this.readers =
          schema.features().stream().map(field -> CellReader.of(field, schema.missing())).toList();
    }

    public FeatureEncoder encoder() {
      return encoder;
    }

    /// Of the training data.
    public Schema schema() {
      return schema;
    }

    /// What stood for a missing cell in the training data.
    public MissingTokens missing() {
      return schema.missing();
    }

    /// Reads the cells of a feature.
    public CellReader reader(int feature) {
      return readers.get(feature);
    }

    /// A feature's place in a row of cells; null if no feature has that name.
    public @Nullable Integer feature(String name) {
      return features.get(name);
    }
  }
}
