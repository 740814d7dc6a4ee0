package dev.backprop.platform.artifact;

import dev.backprop.engine.data.Feature;
import dev.backprop.engine.data.FeatureEncoder;
import dev.backprop.engine.data.TargetEncoder;
import dev.backprop.engine.nn.InputLayout;
import dev.backprop.engine.nn.Network;
import dev.backprop.engine.plan.Encodings;
import dev.backprop.engine.plan.Headline;
import dev.backprop.engine.plan.Insights;
import dev.backprop.engine.plan.TrainingData;
import dev.backprop.engine.plan.TrainingPlan;
import dev.backprop.engine.scoring.Baseline;
import dev.backprop.engine.scoring.Certainty;
import dev.backprop.engine.spec.EncodingSpec;
import dev.backprop.engine.spec.EnsembleRules;
import dev.backprop.engine.spec.FitSpec;
import dev.backprop.engine.spec.InvalidSpecException;
import dev.backprop.engine.spec.LossSpec;
import dev.backprop.engine.spec.NetworkSpec;
import dev.backprop.engine.table.MissingTokens;
import dev.backprop.engine.table.Schema;
import dev.backprop.engine.table.Target;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Checks that the parts of a document fit together, and builds them. Whoever wrote it may wish
/// this service ill: after these checks nothing in it can make an answer fail.
///
/// @param bytes of the document
record ArtifactDecoder(ModelDocument document, int bytes) {

  private static final int MAX_ID = 64;

  /// @throws ProblemException 422 with a pointer into the document
  Artifact decode() {
    checkProvenance();
    Target target = ArtifactTarget.of(document.target());
    checkSpecs(target);
    Schema schema = null;
    FeatureEncoder features = null;
    InputLayout layout;
    List<ModelDocument.Column> columns = document.input().columns();
    if (columns == null) {
      layout = InputLayout.numbers(bareInputs(target));
    } else {
      schema = schema(columns, target);
      features = features(columns, embedding(schema));
      layout = Encodings.layout(embedding(schema), encoding());
    }
    target = asAnswered(target);
    checkShapes("/spec", network(schema), layout, target.outputs());
    TargetEncoder targetEncoder = ArtifactTarget.encoder(document.target(), target, encoding());
    Baseline baseline = ArtifactTarget.baseline(document.target(), target);
    new ArtifactScores(document, target).check();
    List<Artifact.Encoders> members =
        new ArtifactMembers(document, features, layout, schema).decode(targetEncoder);
    checkCertainty(target, members.size());
    long values = 0;
    for (Artifact.Encoders member : members) {
      values =
          Math.addExact(
              values, Network.valueCount(member.network(), member.inputs(), target.outputs()));
    }
    if (values > Network.MAX_PARAMETERS) {
      throw new ProblemException(
          ProblemCode.TOO_LARGE,
          "a model may have at most %d parameters, has %d"
              .formatted(Network.MAX_PARAMETERS, values));
    }
    return new Artifact(
        document,
        schema,
        features,
        layout,
        targetEncoder,
        baseline,
        members,
        insights(features, layout, members.getFirst().network(), target),
        values,
        // The formula counts things, the document has their texts.
        bytes
            + TrainingPlan.modelBytes(
                values,
                schema == null ? 0 : TrainingData.bytes(schema, encoding()),
                document.spec().training().epochs())
            + (schema == null ? 0 : Insights.bytes(schema)));
  }

  private void checkCertainty(Target target, int networks) {
    Certainty certainty = document.certainty();
    if (document.format().number() < 4) {
      checkGiven("/certainty", certainty, false);
    }
    if (certainty != null) {
      new ArtifactCertainty(certainty, target, networks).check();
    }
  }

  private @Nullable Insights insights(
      @Nullable FeatureEncoder features, InputLayout layout, NetworkSpec network, Target target) {
    InsightsDocument insights = document.insights();
    if (document.format().number() < 4) {
      checkGiven("/insights", insights, false);
    }
    return insights == null
        ? null
        : new ArtifactInsights(
                insights,
                features,
                layout.width(),
                target,
                Headline.metric(target, network).figure())
            .decode();
  }

  private NetworkSpec network() {
    return document.spec().network();
  }

  /// The network that answers.
  private NetworkSpec network(@Nullable Schema schema) {
    return schema == null ? network() : Encodings.network(document.spec().fit(), schema);
  }

  private Schema embedding(Schema schema) {
    return schema.embedding(network(schema).embeddings().keySet());
  }

  private EncodingSpec encoding() {
    return document.spec().fit().encoding();
  }

  /// What stands in lists and in the database beside the document.
  private void checkProvenance() {
    ModelDocument.Origin origin = document.origin();
    checkReference("/origin", new ModelReference(origin.model(), origin.version()));
    Provenance provenance = document.provenance();
    checkId("/provenance/trainingId", provenance.trainingId());
    checkId("/provenance/dataSha256", provenance.dataSha256());
    checkReference("/provenance/warmStart", provenance.warmStart());
    Double microseconds = provenance.microsecondsPerRow();
    if (microseconds != null && microseconds < 0) {
      throw fault("/provenance/microsecondsPerRow", "must be at least 0, was " + microseconds);
    }
    Provenance.Imported imported = provenance.imported();
    if (imported != null) {
      checkId("/provenance/imported/sha256", imported.sha256());
      checkReference("/provenance/imported/from", imported.from());
    }
  }

  private static void checkId(String pointer, String id) {
    if (id.isEmpty() || id.length() > MAX_ID || id.chars().anyMatch(c -> c < '!' || c > '~')) {
      throw fault(
          pointer,
          "must be 1 to %d visible ASCII characters, had %d".formatted(MAX_ID, id.length()));
    }
  }

  private static void checkReference(String pointer, @Nullable ModelReference reference) {
    if (reference != null) {
      if (!ModelName.isValid(reference.model())) {
        throw fault(pointer + "/model", "must be " + ModelName.RULE);
      }
      atLeastOne(pointer + "/version", reference.version());
    }
  }

  static void checkGiven(String pointer, @Nullable Object value, boolean wanted) {
    if (wanted && value == null) {
      throw fault(pointer, "is required for this type");
    }
    if (!wanted && value != null) {
      throw fault(pointer, "does not go with this type");
    }
  }

  static int atLeastOne(String pointer, int number) {
    if (number < 1) {
      throw fault(pointer, "must be at least 1, was " + number);
    }
    return number;
  }

  private void checkSpecs(Target target) {
    FitSpec spec = document.spec().fit();
    checkSpec("/spec", new FitSpec(spec.encoding(), spec.network(), spec.training()), target);
    if (spec.ensemble() != null) {
      checkEnsemble(spec, target);
    }
    List<Double> taus = taus();
    if (taus != null) {
      int numbers =
          target instanceof Target.Bare(int width)
              ? width
              : target instanceof Target.Numbers n && n.outputs() == 1 ? taus.size() : 0;
      if (taus.size() != numbers) {
        throw fault(
            "/spec/network/loss/taus",
            "must be one for each number of bare outputs, or quantiles of 1 numeric target; there are %d for %d"
                .formatted(taus.size(), target.outputs()));
      }
    }
  }

  /// @param spec of one network
  private static void checkSpec(String pointer, FitSpec spec, Target target) {
    NetworkSpec network = spec.network();
    try {
      if (!network.equals(network.resolve(target.task()))) {
        throw fault(pointer + "/network", "must be resolved, leaves the output or the loss open");
      }
    } catch (InvalidSpecException e) {
      throw fault(pointer + "/network" + e.pointer(), e.detail());
    }
    network
        .embeddings()
        .forEach(
            (column, embedding) -> {
              if (embedding.units() == null) {
                throw fault(
                    pointer + "/network/embeddings/" + InvalidSpecException.part(column) + "/units",
                    "must be resolved, was null");
              }
            });
    if (spec.training().batchSize() == null) {
      throw fault(pointer + "/training/batchSize", "must be resolved, was null");
    }
    if (spec.training().earlyStopping() == null) {
      throw fault(pointer + "/training/earlyStopping", "must be resolved, was null");
    }
  }

  private void checkEnsemble(FitSpec spec, Target target) {
    if (document.format().number() < 3) {
      checkGiven("/spec/ensemble", spec.ensemble(), false);
    }
    try {
      EnsembleRules.check(spec);
    } catch (InvalidSpecException e) {
      throw fault("/spec" + e.pointer(), e.detail());
    }
    FitSpec first = spec.members().getFirst();
    if (!first.network().equals(spec.network()) || !first.encoding().equals(spec.encoding())) {
      throw fault("/spec/ensemble/members/0", "must have the network and the encoding of the spec");
    }
    for (int m = 0; m < spec.members().size(); m++) {
      String pointer = "/spec/ensemble/members/" + m;
      NetworkSpec network = spec.members().get(m).network();
      checkSpec(pointer, spec.members().get(m), target);
      try {
        EnsembleRules.checkAlike(spec.network(), network);
      } catch (InvalidSpecException e) {
        throw fault(pointer + "/network" + e.pointer(), e.detail());
      }
    }
  }

  private @Nullable List<Double> taus() {
    return network().resolvedLoss() instanceof LossSpec.Quantile(_, List<Double> taus)
        ? taus
        : null;
  }

  /// One number in several quantiles if the loss has taus.
  private Target asAnswered(Target target) {
    List<Double> taus = taus();
    return taus != null && target instanceof Target.Numbers(List<String> names)
        ? new Target.Quantiles(names.getFirst(), taus)
        : target;
  }

  private int bareInputs(Target target) {
    ModelDocument.Inputs input = document.input();
    if (input.numbers() == null) {
      throw fault("/input", "must have columns or numbers, has neither");
    }
    checkGiven("/input/missing", input.missing(), false);
    checkGiven("/input/missingTokens", input.missingTokens(), false);
    checkGiven("/spec/data", document.spec().data(), false);
    checkGiven("/spec/encoding", document.spec().encoding(), false);
    checkGiven("/input/silentInputs", input.silentInputs(), false);
    if (!(target instanceof Target.Bare)) {
      throw fault(
          "/target/type", "must be bare where the inputs are, was " + document.target().type());
    }
    if (document.spec().ensemble() != null
        && document.spec().fit().members().stream()
            .anyMatch(
                member ->
                    !member.encoding().equals(EncodingSpec.DEFAULT)
                        || !member.network().embeddings().isEmpty())) {
      throw fault("/spec/ensemble", "must leave bare numbers as they are, encodes some");
    }
    if (!network().embeddings().isEmpty()) {
      throw fault(
          "/spec/network/embeddings",
          "must be 0 for bare numbers, were " + network().embeddings().size());
    }
    return atLeastOne("/input/numbers", input.numbers());
  }

  private Schema schema(List<ModelDocument.Column> columns, Target target) {
    checkGiven("/input/numbers", document.input().numbers(), false);
    boolean former = document.format().number() == 1;
    checkGiven("/input/missing", document.input().missing(), former);
    checkGiven("/input/missingTokens", document.input().missingTokens(), !former);
    checkGiven("/input/silentInputs", document.input().silentInputs(), true);
    List<Schema.Field> fields = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (int i = 0; i < columns.size(); i++) {
      String pointer = "/input/columns/" + i;
      fields.add(ArtifactColumns.field(pointer, columns.get(i)));
      if (!names.add(columns.get(i).name())) {
        throw fault(pointer + "/name", "must be another than those before");
      }
    }
    List<String> tokens = former ? document.input().missing() : document.input().missingTokens();
    MissingTokens missing = new MissingTokens(Objects.requireNonNull(tokens));
    Schema schema =
        new Schema(
            fields,
            target,
            former
                ? missing.formerly(fields.stream().flatMap(field -> field.categories().stream()))
                : missing);
    ArtifactColumns.checkSplit(schema, document.spec().splitBy());
    ArtifactColumns.checkRoles(schema);
    ArtifactColumns.checkTarget(schema);
    ArtifactColumns.checkEmbeddings(schema, network().embeddings().keySet());
    checkEncoding(schema);
    return schema;
  }

  private void checkEncoding(Schema schema) {
    if (document.format().number() < 3) {
      checkGiven("/spec/encoding", document.spec().encoding(), false);
    }
    FitSpec spec = document.spec().fit();
    checkEncoding("/spec", spec, schema);
    if (spec.ensemble() != null) {
      for (int m = 0; m < spec.members().size(); m++) {
        FitSpec member = spec.members().get(m);
        ArtifactColumns.checkEmbeddings(schema, member.network().embeddings().keySet());
        checkEncoding("/spec/ensemble/members/" + m, member, schema);
      }
    }
  }

  private static void checkEncoding(String pointer, FitSpec spec, Schema schema) {
    try {
      Encodings.check(spec, schema);
      Encodings.checkTarget(spec.encoding(), schema.target(), spec.network());
    } catch (InvalidSpecException e) {
      throw fault(pointer + "/encoding" + e.pointer(), e.detail());
    }
  }

  private FeatureEncoder features(List<ModelDocument.Column> columns, Schema schema) {
    List<Feature> features = new ArrayList<>();
    int slots = 0;
    for (int i = 0; i < columns.size(); i++) {
      Schema.Field field = schema.fields().get(i);
      if (field.role() == Schema.Role.FEATURE) {
        features.add(
            ArtifactColumns.feature("/input/columns/" + i, field, columns.get(i), encoding()));
        slots = Math.addExact(slots, field.slots(encoding()));
      }
    }
    return FeatureEncoder.of(
        features,
        silentInputs(
            "/input/silentInputs", Objects.requireNonNull(document.input().silentInputs()), slots));
  }

  static int[] silentInputs(String pointer, List<Integer> silent, int slots) {
    int[] silentInputs = silent.stream().mapToInt(Integer::intValue).toArray();
    int least = 0;
    for (int i = 0; i < silentInputs.length; i++) {
      if (silentInputs[i] < least || silentInputs[i] >= slots) {
        throw fault(
            pointer + "/" + i,
            "must be from %d to %d, was %d".formatted(least, slots - 1, silentInputs[i]));
      }
      least = silentInputs[i] + 1;
    }
    return silentInputs;
  }

  /// @param pointer to the spec
  static void checkShapes(String pointer, NetworkSpec network, InputLayout layout, int outputs) {
    try {
      Network.shapes(network, layout, outputs);
    } catch (InvalidSpecException e) {
      throw fault(pointer + "/network" + e.pointer(), e.detail());
    }
  }

  static ProblemException fault(String pointer, String detail) {
    return ProblemException.at(ProblemCode.INVALID_ARTIFACT, pointer, detail);
  }
}
