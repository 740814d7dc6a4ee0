package dev.backprop.engine.nn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Where the parameters of layers stand in one array, one view behind the other in the order in
/// which they are added, and how they start.
final class ParameterLayout {

  private final List<Parameters.View> views = new ArrayList<>();
  private final List<Start> starts = new ArrayList<>();

  /// Names and units of the running statistics.
  private final Map<String, Integer> statistics = new LinkedHashMap<>();

  /// How some parameters start.
  interface Start {
    void draw(Parameters theta, long seed);
  }

  /// The index of the view that is added next.
  int next() {
    return views.size();
  }

  /// Where that begins in the array.
  int end() {
    return views.isEmpty() ? 0 : views.getLast().end();
  }

  /// @param parts from [#end] on
  void add(List<Parameters.View> parts, Start start) {
    views.addAll(parts);
    starts.add(start);
  }

  /// What is decayed and penalized.
  ///
  /// @param rate factor on the learning rate
  /// @param decay factor on decay and penalties
  void addWeights(String name, int rows, int columns, double rate, double decay) {
    views.add(new Parameters.View(name, end(), rows, columns, true, rate, decay));
  }

  /// What is not.
  void addVector(String name, int units, double rate, double decay) {
    views.add(new Parameters.View(name, end(), units, 1, false, rate, decay));
  }

  /// The same, all of whose elements start alike.
  void addVector(String name, int units, double rate, double decay, double first) {
    int view = next();
    addVector(name, units, rate, decay);
    starts.add((theta, _) -> fill(theta, theta.views().get(view), first));
  }

  /// How views start that have been added without it.
  void start(Start start) {
    starts.add(start);
  }

  /// The running mean and variance of the outputs of a layer.
  ///
  /// @return the index of the mean among the statistics; the variance follows
  int addStatistics(String name, int units) {
    int mean = statistics.size();
    statistics.put(name + ".mean", units);
    statistics.put(name + ".variance", units);
    starts.add((theta, _) -> fill(theta, theta.statistics().get(mean + 1), 1));
    return mean;
  }

  private static void fill(Parameters theta, Parameters.View view, double value) {
    Arrays.fill(theta.values(), view.offset(), view.end(), (float) value);
  }

  /// How many numbers the running statistics are.
  long statisticCount() {
    return statistics.values().stream().mapToLong(units -> units).sum();
  }

  /// The parameters, and the running statistics behind them; of use if one array holds all.
  Parameters on(float[] values) {
    List<Parameters.View> behind = new ArrayList<>();
    int offset = end();
    for (Map.Entry<String, Integer> statistic : statistics.entrySet()) {
      behind.add(new Parameters.View(statistic.getKey(), offset, statistic.getValue(), 1, false));
      offset = behind.getLast().end();
    }
    return new Parameters(values, views, behind);
  }

  void draw(Parameters theta, long seed) {
    starts.forEach(start -> start.draw(theta, seed));
  }
}
