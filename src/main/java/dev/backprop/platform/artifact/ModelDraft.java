package dev.backprop.platform.artifact;

import dev.backprop.engine.plan.Learned;
import dev.backprop.engine.scoring.Predictor;
import dev.backprop.engine.table.CellReader;
import dev.backprop.engine.table.Schema;
import dev.backprop.platform.problem.KeptWarnings;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A version of a model but for its number: what a training hands over, and what is read from an
/// artifact.
///
/// @param spec resolved
/// @param schema of the training data; null if the model takes bare numbers
/// @param targetInferred whether the task was inferred from the data
public record ModelDraft(
    Predictor predictor,
    SpecView spec,
    @Nullable Schema schema,
    boolean targetInferred,
    Learned learned,
    Provenance provenance) {

  public ModelDraft {
    learned = learned.withWarnings(KeptWarnings.of(learned.warnings()));
  }

  /// What describes it, once its number is known.
  public ModelDocument document(ModelDocument.Origin origin) {
    return ArtifactEncoder.document(this, origin);
  }

  /// A row as [Predictor#predict] takes it.
  ///
  /// @param texts of its cells by their columns; a cell that is left out is missing
  public double[] cells(Map<String, String> texts) {
    Schema columns = Objects.requireNonNull(schema, "the model takes bare numbers");
    return columns.features().stream()
        .mapToDouble(
            field ->
                CellReader.of(field, columns.missing()).text(texts.getOrDefault(field.name(), "")))
        .toArray();
  }

  /// The same that answers in another way.
  public ModelDraft with(Predictor other) {
    return new ModelDraft(other, spec, schema, targetInferred, learned, provenance);
  }

  /// The same with another provenance.
  public ModelDraft with(Provenance other) {
    return new ModelDraft(predictor, spec, schema, targetInferred, learned, other);
  }
}
