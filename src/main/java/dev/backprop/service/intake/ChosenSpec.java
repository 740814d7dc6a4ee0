package dev.backprop.service.intake;

import dev.backprop.engine.plan.Preset;
import dev.backprop.engine.plan.TableShape;
import dev.backprop.engine.plan.TrainingData;
import dev.backprop.engine.spec.EnsembleSpec;
import dev.backprop.engine.spec.FitSpec;
import dev.backprop.engine.spec.InvalidSpecException;
import dev.backprop.engine.spec.PresetName;
import dev.backprop.engine.spec.TrainingSpec;
import dev.backprop.platform.json.JsonProblems;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// What a request asks for beside `plain`: what it names, and for the rest what its preset says.
final class ChosenSpec {

  /// What a request may say of its training without choosing how networks learn.
  private static final Set<String> OF_ANY_PRESET =
      Set.of(
          "seed",
          "validationFraction",
          "testFraction",
          "maxSeconds",
          "classWeights",
          "selection",
          "layerStatistics",
          "calibration",
          "threshold",
          "positive",
          "importance");

  /// Rows that are held out from which on the preset `fast` finds out how sure its answers are.
  private static final int ENOUGH_ROWS = 1_000;

  private final JsonMapper json;

  ChosenSpec(JsonMapper json) {
    this.json = json;
  }

  /// The preset that a request names, or that it amounts to if it names none.
  static PresetName preset(TrainingRequest request, TrainingData data) {
    if (request.preset() != null) {
      return request.preset();
    }
    Set<String> named = new HashSet<>(Given.names(request.training()));
    named.removeAll(OF_ANY_PRESET);
    boolean plain =
        data instanceof TrainingData.Bare
            || request.warmStart() != null
            || request.encoding() != null
            || request.network() != null
            || request.ensemble() != null
            || !named.isEmpty();
    return plain ? PresetName.PLAIN : PresetName.DEFAULT;
  }

  /// What to train with a preset.
  ///
  /// @param preset not `plain`
  /// @param start the version that it goes on from; null if it starts anew
  /// @throws ProblemException 422 if the preset does not go with what else is asked for
  FitSpec of(
      PresetName preset,
      TrainingRequest request,
      @Nullable WarmStart start,
      TrainingSource source) {
    TrainingData data = source.data();
    if (!(data instanceof TrainingData.Rows rows)) {
      throw refused("/preset", "must be plain for bare numbers, was " + preset);
    }
    if (request.ensemble() != null) {
      throw refused(
          "/ensemble",
          "must be left out with the preset %s, which has one of its own; the preset plain leaves all to you"
              .formatted(preset));
    }
    Set<String> named = Given.names(request.training());
    Double fraction =
        request.training() == null ? null : request.training().spec().validationFraction();
    if (fraction != null && fraction == 0) {
      throw refused(
          "/training/validationFraction",
          "must be above 0 with the preset %s, whose networks are chosen by rows that are held out, was 0; name the preset plain to train on all rows"
              .formatted(preset));
    }
    boolean alone = start != null || named.contains("crossValidation");
    boolean folds = !alone && fraction == null && request.validation() == null;
    double test = request.training() == null ? 0 : request.training().spec().testFraction();
    FitSpec recipe = Preset.spec(preset, TableShape.of(rows), folds ? data.mostFolds(test) : 0);
    ObjectNode usual = json.createObjectNode();
    if (!alone) {
      usual.put("maxSeconds", Preset.SECONDS);
    }
    usual.put(
        "calibration",
        !named.contains("crossValidation")
            && (preset != PresetName.FAST || heldOut(source, fraction, test) >= ENOUGH_ROWS));
    if (recipe.training().bagging() == null
        && request.validation() == null
        && !named.contains("crossValidation")) {
      double usualFraction = heldOut(data.rows(), test);
      usual.put("validationFraction", usualFraction);
      checkHeldOut(preset, request, fraction == null ? usualFraction : fraction, data);
    }
    try {
      return alone ? first(recipe, request, start, usual) : together(recipe, request, usual);
    } catch (JacksonException e) {
      throw advised(JsonProblems.of(e), preset);
    }
  }

  /// Names what a client does who wants what a preset refuses.
  static ProblemException advised(ProblemException problem, PresetName preset) {
    return problem.advised(
        "; every network of the preset %s must take it, the preset plain leaves all to you"
            .formatted(preset));
  }

  /// The usual fraction of the rows that do not test, but at least one row.
  private static double heldOut(int rows, double testFraction) {
    return Math.max(0.2 * (1 - testFraction), 1.0 / rows);
  }

  /// How many rows are held out, if none are dealt to folds.
  private static double heldOut(
      TrainingSource source, @Nullable Double fraction, double testFraction) {
    int rows = source.data().rows();
    return source.validation() != null
        ? source.validation().data().rows()
        : rows * (fraction == null ? heldOut(rows, testFraction) : fraction);
  }

  /// Nothing is held out if every class has a single row, which trains.
  private static void checkHeldOut(
      PresetName preset, TrainingRequest request, double fraction, TrainingData data) {
    TrainingSpec training =
        request.training() == null ? TrainingSpec.defaults() : request.training().spec();
    int heldOut;
    try {
      heldOut = data.split(fraction, training.testFraction(), training.seed()).validation().length;
    } catch (InvalidSpecException _) {
      return; // is refused with its place once the plan is made
    }
    if (heldOut == 0) {
      throw refused(
          "/preset",
          "must be plain, which trains on all rows: the preset %s holds rows out, and can hold out 0 of %d, since a row of every class has to train"
              .formatted(preset, data.rows()));
    }
  }

  /// One network, if there is another use for rows that are held out, or parameters to go on from.
  private FitSpec first(
      FitSpec recipe, TrainingRequest request, @Nullable WarmStart start, ObjectNode usual) {
    EnsembleSpec.Member lead = Objects.requireNonNull(recipe.ensemble()).members().getFirst();
    EnsembleSpec.Member member =
        merged(
            start == null
                ? lead
                : new EnsembleSpec.Member(start.encoding(), start.network(), lead.training()),
            usual,
            request);
    return new FitSpec(member.encoding(), member.network(), member.training());
  }

  private FitSpec together(FitSpec recipe, TrainingRequest request, ObjectNode usual) {
    EnsembleSpec ensemble = Objects.requireNonNull(recipe.ensemble());
    List<EnsembleSpec.Member> members =
        ensemble.members().stream()
            .map(member -> merged(member, usual, request))
            .distinct()
            .toList();
    EnsembleSpec.Member lead = members.getFirst();
    return new FitSpec(
        lead.encoding(), lead.network(), lead.training(), ensemble.withMembers(members));
  }

  /// The same network with what the request names.
  ///
  /// @param usual of the training, unless the request names it
  private EnsembleSpec.Member merged(
      EnsembleSpec.Member member, ObjectNode usual, TrainingRequest request) {
    ObjectNode tree = json.valueToTree(member);
    tree.withObject("training").setAll(usual);
    merge(tree, "encoding", request.encoding());
    merge(tree, "network", request.network());
    merge(tree, "training", request.training());
    return json.treeToValue(tree, EnsembleSpec.Member.class);
  }

  private static void merge(ObjectNode tree, String part, @Nullable Given<?> given) {
    if (given != null && tree.get(part) instanceof ObjectNode base) {
      given.said().forEachEntry((String name, JsonNode value) -> base.set(name, value));
    }
  }

  private static ProblemException refused(String pointer, String detail) {
    return ProblemException.at(ProblemCode.INVALID_SPEC, pointer, detail);
  }
}
