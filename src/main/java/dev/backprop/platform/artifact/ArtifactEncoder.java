package dev.backprop.platform.artifact;

import dev.backprop.engine.data.Feature;
import dev.backprop.engine.data.FeatureEncoder;
import dev.backprop.engine.plan.EnsembleResult;
import dev.backprop.engine.plan.Insights;
import dev.backprop.engine.scoring.Certainty;
import dev.backprop.engine.scoring.Member;
import dev.backprop.engine.scoring.Scorer;
import dev.backprop.engine.table.DatePart;
import dev.backprop.engine.table.Label;
import dev.backprop.engine.table.Schema;
import dev.backprop.engine.table.Target;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Describes a version of a model.
final class ArtifactEncoder {

  private ArtifactEncoder() {}

  static ModelDocument document(ModelDraft draft, ModelDocument.Origin origin) {
    Insights insights = draft.learned().insights();
    Certainty certainty = draft.predictor().certainty();
    return new ModelDocument(
        ModelDocument.Format.of(draft.provenance()),
        origin,
        draft.spec(),
        inputs(draft),
        outputs(draft),
        members(draft),
        certainty.equals(Certainty.NONE) ? null : certainty,
        insights == null ? null : InsightsDocument.of(insights),
        draft.learned(),
        draft.provenance());
  }

  private static ModelDocument.Inputs inputs(ModelDraft draft) {
    Schema schema = draft.schema();
    FeatureEncoder features = draft.predictor().features();
    if (schema == null || features == null) {
      return new ModelDocument.Inputs(draft.predictor().cells(), null, null, null, null);
    }
    List<ModelDocument.Column> columns = new ArrayList<>();
    int next = 0;
    for (Schema.Field field : schema.fields()) {
      boolean feature = field.role() == Schema.Role.FEATURE;
      columns.add(column(field, feature ? features.features().get(next++) : null));
    }
    return new ModelDocument.Inputs(
        null,
        columns,
        null,
        schema.missing().tokens(),
        Arrays.stream(features.silentInputs()).boxed().toList());
  }

  private static ModelDocument.Column column(Schema.Field field, @Nullable Feature feature) {
    return new ModelDocument.Column(
        field.name(),
        word(field.type()),
        word(field.role()),
        field.nullable(),
        field.reason(),
        field.categories().isEmpty() ? null : field.categories(),
        field.missingTokens().isEmpty() ? null : field.missingTokens(),
        fitted(feature).statistics(),
        fitted(feature).dates(),
        fitted(feature).rare());
  }

  /// @param feature null if the column is none
  private static ModelDocument.Fitted fitted(@Nullable Feature feature) {
    return new ModelDocument.Fitted(
        feature instanceof Feature.Numeric n ? ModelDocument.Statistics.of(n) : null,
        feature instanceof Feature.Date date ? dates(date) : null,
        feature instanceof Feature.Categorical c && c.pool() != null ? c.pool().rare() : null);
  }

  private static ModelDocument.Dates dates(Feature.Date date) {
    List<DatePart> names = date.format().parts();
    return new ModelDocument.Dates(
        date.format().pattern(),
        date.format().zone(),
        IntStream.range(0, names.size())
            .mapToObj(
                p ->
                    new ModelDocument.DatePart(
                        word(names.get(p)), ModelDocument.Statistics.of(date.parts().get(p))))
            .toList());
  }

  /// @return null for one network that has learned from all training rows and is no ensemble's
  private static @Nullable List<ModelDocument.Encoders> members(ModelDraft draft) {
    List<Member> members = draft.predictor().members();
    EnsembleResult ensemble = draft.learned().ensemble();
    if (ensemble == null) {
      return draft.learned().bagging() == null
          ? null
          : members.stream().map(member -> encoders(member, null)).toList();
    }
    List<Integer> served =
        ensemble.members().stream()
            .filter(member -> member.weight() > 0)
            .map(EnsembleResult.MemberResult::member)
            .toList();
    int folds = members.size() / served.size();
    return IntStream.range(0, members.size())
        .mapToObj(m -> encoders(members.get(m), served.get(m / folds)))
        .toList();
  }

  /// @param of the ensemble's member whose network it is; null if there is none
  private static ModelDocument.Encoders encoders(Member member, @Nullable Integer of) {
    FeatureEncoder features = member.features();
    boolean scaled = !member.scorer().targetEncoder().scales().isEmpty();
    return new ModelDocument.Encoders(
        of,
        of == null ? null : member.weight(),
        features == null
            ? null
            : features.features().stream().map(ArtifactEncoder::fitted).toList(),
        features == null ? null : Arrays.stream(features.silentInputs()).boxed().toList(),
        scaled ? ArtifactScales.of(member.scorer().targetEncoder()) : null);
  }

  private static ModelDocument.Outputs outputs(ModelDraft draft) {
    Scorer scorer = draft.predictor().scorer();
    Target target = scorer.target();
    List<Label> classes =
        switch (target) {
          case Target.Classes c -> c.classes();
          case Target.MultiLabel labels -> labels.numbers() ? labels.classes() : null;
          case Target.Numbers _, Target.Quantiles _, Target.Bare _ -> null;
        };
    Integer width = target instanceof Target.Bare(int numbers) ? numbers : null;
    ArtifactTarget.Type type =
        switch (target) {
          case Target.Classes _ -> ArtifactTarget.Type.CLASSES;
          case Target.MultiLabel _ -> ArtifactTarget.Type.LABELS;
          case Target.Numbers _, Target.Quantiles _ -> ArtifactTarget.Type.NUMBERS;
          case Target.Bare _ -> ArtifactTarget.Type.BARE;
        };
    return new ModelDocument.Outputs(
        word(type),
        width == null ? target.names() : null,
        classes,
        width,
        type == ArtifactTarget.Type.NUMBERS ? ArtifactScales.of(scorer.targetEncoder()) : null,
        Arrays.stream(scorer.baseline().means()).boxed().toList(),
        draft.targetInferred());
  }

  static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
