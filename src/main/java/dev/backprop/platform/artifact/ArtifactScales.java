package dev.backprop.platform.artifact;

import static dev.backprop.platform.artifact.ArtifactDecoder.checkGiven;
import static dev.backprop.platform.artifact.ArtifactDecoder.fault;

import dev.backprop.engine.data.TargetCurve;
import dev.backprop.engine.data.TargetEncoder;
import dev.backprop.engine.data.TargetScale;
import dev.backprop.engine.spec.EncodingSpec;
import dev.backprop.engine.spec.TargetTransform;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How numeric targets were learned, as a document says it.
final class ArtifactScales {

  private ArtifactScales() {}

  static List<ModelDocument.Scale> of(TargetEncoder encoder) {
    return encoder.scales().stream().map(ArtifactScales::of).toList();
  }

  private static ModelDocument.Scale of(TargetScale scale) {
    TargetScale.Range range = scale.range();
    return new ModelDocument.Scale(
        scale.mean(),
        scale.std(),
        scale.curve() instanceof TargetCurve.Log(double shift, double mean, double std)
            ? new ModelDocument.Log(shift, mean, std)
            : null,
        scale.curve() instanceof TargetCurve.Quantiles quantiles
            ? new ModelDocument.Quantiles(list(quantiles.values()), list(quantiles.normals()))
            : null,
        range == null ? null : new ModelDocument.Range(range.min(), range.max()));
  }

  private static List<Double> list(double[] numbers) {
    return Arrays.stream(numbers).boxed().toList();
  }

  /// @param encoding of the document's spec, which says what a scale has
  static TargetScale scale(String pointer, ModelDocument.Scale said, EncodingSpec encoding) {
    double mean = bounded(pointer + "/mean", said.mean());
    double std = deviation(pointer + "/std", said.std());
    checkGiven(pointer + "/log", said.log(), encoding.transform() == TargetTransform.LOG);
    checkGiven(
        pointer + "/quantiles", said.quantiles(), encoding.transform() == TargetTransform.QUANTILE);
    checkGiven(pointer + "/range", said.range(), encoding.clamp());
    return new TargetScale(mean, std, curve(pointer, said), range(pointer + "/range", said));
  }

  private static @Nullable TargetCurve curve(String pointer, ModelDocument.Scale said) {
    if (said.log() != null) {
      return new TargetCurve.Log(
          bounded(pointer + "/log/shift", said.log().shift()),
          bounded(pointer + "/log/mean", said.log().mean()),
          deviation(pointer + "/log/std", said.log().std()));
    }
    if (said.quantiles() == null) {
      return null;
    }
    List<Double> values = said.quantiles().values();
    List<Double> normals = said.quantiles().normals();
    if (values.isEmpty()
        || values.size() > TargetCurve.Quantiles.MOST
        || normals.size() != values.size()) {
      throw fault(
          pointer + "/quantiles",
          "must be from 1 to %d, as many normals as values, were %d and %d"
              .formatted(TargetCurve.Quantiles.MOST, normals.size(), values.size()));
    }
    return new TargetCurve.Quantiles(
        ascending(pointer + "/quantiles/values", values),
        ascending(pointer + "/quantiles/normals", normals));
  }

  private static double[] ascending(String pointer, List<Double> numbers) {
    double[] ascending = new double[numbers.size()];
    for (int i = 0; i < ascending.length; i++) {
      ascending[i] = bounded(pointer + "/" + i, numbers.get(i));
      if (i > 0 && ascending[i] <= ascending[i - 1]) {
        throw fault(
            pointer + "/" + i,
            "must be above %s, the one before, was %s".formatted(ascending[i - 1], ascending[i]));
      }
    }
    return ascending;
  }

  private static TargetScale.@Nullable Range range(String pointer, ModelDocument.Scale said) {
    if (said.range() == null) {
      return null;
    }
    double min = bounded(pointer + "/min", said.range().min());
    double max = bounded(pointer + "/max", said.range().max());
    if (min > max) {
      throw fault(pointer + "/min", "must be at most the max %s, was %s".formatted(max, min));
    }
    return new TargetScale.Range(min, max);
  }

  private static double deviation(String pointer, double value) {
    return bounded(pointer, ArtifactColumns.aboveZero(pointer, value));
  }

  private static double bounded(String pointer, double value) {
    return ArtifactTarget.bounded(pointer, value, TargetEncoder.MAX);
  }
}
