package dev.backprop.platform.artifact;

import static dev.backprop.platform.artifact.ArtifactDecoder.atLeastOne;
import static dev.backprop.platform.artifact.ArtifactDecoder.checkGiven;
import static dev.backprop.platform.artifact.ArtifactDecoder.fault;

import dev.backprop.engine.data.TargetEncoder;
import dev.backprop.engine.data.TargetScale;
import dev.backprop.engine.scoring.Baseline;
import dev.backprop.engine.spec.EncodingSpec;
import dev.backprop.engine.table.Label;
import dev.backprop.engine.table.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The target of a document, checked.
final class ArtifactTarget {

  /// What the outputs may mean.
  enum Type {
    CLASSES,
    LABELS,
    NUMBERS,
    BARE
  }

  private ArtifactTarget() {}

  static Target of(ModelDocument.Outputs said) {
    Type type = ArtifactColumns.constant("/target/type", said.type(), Type.values());
    checkGiven("/target/names", said.names(), type != Type.BARE);
    if (type != Type.LABELS) {
      checkGiven("/target/classes", said.classes(), type == Type.CLASSES);
    }
    checkGiven("/target/numbers", said.numbers(), type == Type.BARE);
    checkGiven("/target/scales", said.scales(), type == Type.NUMBERS);
    if (said.numbers() != null) {
      return new Target.Bare(atLeastOne("/target/numbers", said.numbers()));
    }
    List<String> names = Objects.requireNonNull(said.names());
    atLeastOne("/target/names", names.size());
    if (type == Type.NUMBERS) {
      return new Target.Numbers(names);
    }
    return type == Type.LABELS
        ? labels(names, said.classes())
        : classes(names, Objects.requireNonNull(said.classes()));
  }

  private static Target classes(List<String> names, List<Label> classes) {
    if (names.size() > 1) {
      throw fault("/target/names", "must be 1 column of classes, were " + names.size());
    }
    if (classes.size() < 2) {
      throw fault("/target/classes", "must be at least 2, were " + classes.size());
    }
    ArtifactColumns.checkSorted("/target/classes", classes);
    return new Target.Classes(names.getFirst(), classes);
  }

  /// @param classes null for truth values
  private static Target labels(List<String> names, @Nullable List<Label> classes) {
    Target.MultiLabel numbers = new Target.MultiLabel(names, true);
    if (classes != null && !classes.equals(numbers.classes())) {
      throw fault("/target/classes", "must be 0 and 1 for labels, or left out");
    }
    return classes == null ? new Target.MultiLabel(names) : numbers;
  }

  /// @param encoding of the document's spec
  static TargetEncoder encoder(ModelDocument.Outputs said, Target target, EncodingSpec encoding) {
    return encoder("/target/scales", said.scales(), target, encoding);
  }

  /// @param scales null if the target is no number
  static TargetEncoder encoder(
      String place,
      @Nullable List<ModelDocument.Scale> scales,
      Target target,
      EncodingSpec encoding) {
    if (scales == null) {
      return TargetEncoder.of(target, List.of());
    }
    if (scales.size() != target.names().size()) {
      throw fault(
          place,
          "must be one for each of the %d names, were %d"
              .formatted(target.names().size(), scales.size()));
    }
    List<TargetScale> read = new ArrayList<>();
    for (int i = 0; i < scales.size(); i++) {
      read.add(ArtifactScales.scale(place + "/" + i, scales.get(i), encoding));
    }
    return TargetEncoder.of(target, read);
  }

  static Baseline baseline(ModelDocument.Outputs said, Target target) {
    List<Double> means = said.baseline();
    if (means.size() != target.outputs()) {
      throw fault(
          "/target/baseline",
          "must be one for each of the %d outputs, were %d"
              .formatted(target.outputs(), means.size()));
    }
    double[] values = new double[means.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = bounded("/target/baseline/" + i, means.get(i), Float.MAX_VALUE);
    }
    return new Baseline(values);
  }

  static double bounded(String pointer, double value, double max) {
    if (!(Math.abs(value) <= max)) {
      throw fault(pointer, "must be from -%s to %s, was %s".formatted(max, max, value));
    }
    return value;
  }
}
