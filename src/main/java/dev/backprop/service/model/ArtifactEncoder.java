package dev.backprop.service.model;

import dev.backprop.engine.data.Feature;
import dev.backprop.engine.data.FeatureEncoder;
import dev.backprop.engine.data.Label;
import dev.backprop.engine.data.Schema;
import dev.backprop.engine.data.Target;
import dev.backprop.engine.data.TargetEncoder;
import dev.backprop.engine.scoring.Scorer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Describes a version of a model.
final class ArtifactEncoder {

  private ArtifactEncoder() {}

  static ArtifactDocument document(ModelVersion version) {
    ModelDraft draft = version.draft();
    return new ArtifactDocument(
        new ArtifactDocument.Format(ArtifactDocument.Format.CURRENT),
        new ArtifactDocument.Origin(version.name(), version.version(), version.createdAt()),
        SpecView.of(
            version.predictor().scorer().network().spec(), draft.training(), draft.splitBy()),
        inputs(draft),
        outputs(draft),
        draft.evaluations(),
        draft.crossValidation(),
        draft.history(),
        draft.bestEpoch(),
        draft.stoppedEarly(),
        draft.stoppedByTime(),
        draft.converged(),
        draft.warnings(),
        draft.provenance());
  }

  private static ArtifactDocument.Inputs inputs(ModelDraft draft) {
    Schema schema = draft.schema();
    FeatureEncoder features = draft.predictor().features();
    if (schema == null || features == null) {
      return new ArtifactDocument.Inputs(draft.predictor().cells(), null, null, null, null);
    }
    List<ArtifactDocument.Column> columns = new ArrayList<>();
    int next = 0;
    for (Schema.Field field : schema.fields()) {
      boolean feature = field.role() == Schema.Role.FEATURE;
      columns.add(column(field, feature ? features.features().get(next++) : null));
    }
    return new ArtifactDocument.Inputs(
        null,
        columns,
        null,
        schema.missing().tokens(),
        Arrays.stream(features.silentInputs()).boxed().toList());
  }

  private static ArtifactDocument.Column column(Schema.Field field, @Nullable Feature feature) {
    return new ArtifactDocument.Column(
        field.name(),
        word(field.type()),
        word(field.role()),
        field.nullable(),
        field.reason(),
        field.categories().isEmpty() ? null : field.categories(),
        field.missingTokens().isEmpty() ? null : field.missingTokens(),
        feature instanceof Feature.Numeric n
            ? new ArtifactDocument.Statistics(n.median(), n.mean(), n.std(), n.min(), n.max())
            : null);
  }

  private static ArtifactDocument.Outputs outputs(ModelDraft draft) {
    Scorer scorer = draft.predictor().scorer();
    Target target = scorer.target();
    List<Label> classes =
        switch (target) {
          case Target.Classes c -> c.classes();
          case Target.MultiLabel labels -> labels.numbers() ? labels.classes() : null;
          case Target.Numbers _, Target.Quantiles _, Target.Bare _ -> null;
        };
    Integer width = target instanceof Target.Bare(int numbers) ? numbers : null;
    String type =
        switch (target) {
          case Target.Classes _ -> ArtifactDecoder.CLASSES;
          case Target.MultiLabel _ -> ArtifactDecoder.LABELS;
          case Target.Numbers _, Target.Quantiles _ -> ArtifactDecoder.NUMBERS;
          case Target.Bare _ -> ArtifactDecoder.BARE;
        };
    return new ArtifactDocument.Outputs(
        type,
        width == null ? target.names() : null,
        classes,
        width,
        type.equals(ArtifactDecoder.NUMBERS) ? scales(scorer.targetEncoder()) : null,
        Arrays.stream(scorer.baseline().means()).boxed().toList(),
        draft.targetInferred());
  }

  private static List<ArtifactDocument.Scale> scales(TargetEncoder encoder) {
    double[] means = encoder.means();
    double[] stds = encoder.stds();
    List<ArtifactDocument.Scale> scales = new ArrayList<>();
    for (int i = 0; i < means.length; i++) {
      scales.add(new ArtifactDocument.Scale(means[i], stds[i]));
    }
    return scales;
  }

  static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
