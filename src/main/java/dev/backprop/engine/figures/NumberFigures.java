package dev.backprop.engine.figures;

import dev.backprop.engine.data.TargetScale;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What is told of a model's numbers on some rows beside [NumberTally]'s errors, with intervals of
/// all of them. Sums are of all rows.
public final class NumberFigures {

  private final List<TargetScale> scales;
  private final double[] baseline;
  private final int rows;
  private final NumberSample sample;
  private final double[] shares;
  private final double[] baselineShares;
  private double pinball;
  private double covered;
  private double weight;

  /// @param scales one an output
  /// @param baseline what a model without inputs answers, in deviations of the training part
  /// @param rows how many will come
  public NumberFigures(List<TargetScale> scales, double[] baseline, int rows) {
    this.scales = scales;
    this.baseline = baseline.clone();
    this.rows = rows;
    sample = new NumberSample(scales.stream().mapToDouble(TargetScale::std).toArray(), rows);
    shares = new double[scales.size()];
    baselineShares = new double[scales.size()];
  }

  public void add(NumberRow row, double weight) {
    sample.add(row, weight);
    if (weight == 0) {
      return;
    }
    for (int j = 0; j < shares.length; j++) {
      double share = row.shares()[j];
      double target = row.targets()[j];
      double number = target + scales.get(j).mean() / scales.get(j).std();
      shares[j] += weight * share;
      baselineShares[j] +=
          weight * (Double.isNaN(share) ? share : Math.abs((baseline[j] - target) / number));
    }
    pinball += weight * row.pinball();
    covered += weight * row.covered();
    this.weight += weight;
  }

  /// The figures that are defined, by name: `mape` is the mean of |error / target|, a mean over the
  /// outputs too; `pinball` the mean over the quantiles; `coverage` the share of targets in their
  /// intervals.
  public Map<String, Double> figures() {
    Map<String, Double> figures = new LinkedHashMap<>();
    put(figures, "mape", mean(shares));
    put(figures, "pinball", pinball / weight);
    put(figures, "coverage", covered / weight);
    return figures;
  }

  public Map<String, Double> baseline() {
    Map<String, Double> figures = new LinkedHashMap<>();
    put(figures, "mape", mean(baselineShares));
    return figures;
  }

  private double mean(double[] sums) {
    double mean = 0;
    for (double sum : sums) {
      mean += sum / weight / sums.length;
    }
    return mean;
  }

  private static void put(Map<String, Double> figures, String name, double figure) {
    if (Double.isFinite(figure)) {
      figures.put(name, figure);
    }
  }

  /// @param errors [NumberTally]'s figures of the same rows, by name
  public Map<String, Bounds> intervals(long seed, Map<String, Double> errors) {
    Map<String, Double> all = new LinkedHashMap<>(errors);
    all.putAll(figures());
    return new Bootstrap(seed).intervals(sample, all, rows);
  }

  /// Of each output, of the rows in the [NumberSample]; none if one is no finite number.
  public List<List<ErrorQuantile>> errorQuantiles() {
    return sample.errorQuantiles();
  }

  public Sample sample() {
    return sample;
  }
}
