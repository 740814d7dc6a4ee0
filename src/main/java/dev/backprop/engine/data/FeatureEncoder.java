package dev.backprop.engine.data;

import dev.backprop.engine.spec.EncodingSpec;
import dev.backprop.engine.table.Label;
import dev.backprop.engine.table.Schema;
import dev.backprop.engine.table.Table;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

/// Turns the cells of a row into inputs of the network: the features side by side, each as its
/// [Feature] says.
public final class FeatureEncoder {

  /// The cell of a category that the training data did not have, and its input if embedded.
  public static final double UNSEEN = -1;

  /// Centred and scaled numbers stay within ± this.
  public static final double CLIP = 10;

  private final List<Feature> features;
  private final int[] offsets;
  private final int width;
  private final int[] silentInputs;

  /// The places of silent inputs among those of the network; none of an embedded column.
  private final int[] silenced;

  private final List<Map<String, Integer>> codes;

  private FeatureEncoder(List<Feature> features, int[] silentInputs) {
    this.features = List.copyOf(features);
    this.offsets = new int[features.size()];
    this.silentInputs = silentInputs;
    this.codes = new ArrayList<>(features.size());
    int inputs = 0;
    for (int f = 0; f < features.size(); f++) {
      offsets[f] = inputs;
      inputs = Math.addExact(inputs, features.get(f).width());
      codes.add(codes(features.get(f)));
    }
    this.width = inputs;
    this.silenced = silenced();
  }

  private int[] silenced() {
    int[] places = new int[silentInputs.length];
    int n = 0;
    int slot = 0;
    int s = 0;
    for (int f = 0; f < offsets.length; f++) {
      Feature feature = features.get(f);
      int end = slot + feature.slots();
      for (; s < silentInputs.length && silentInputs[s] < end; s++) {
        if (!(feature instanceof Feature.Categorical categorical && categorical.embedded())) {
          places[n++] = offsets[f] + silentInputs[s] - slot;
        }
      }
      slot = end;
    }
    return Arrays.copyOf(places, n);
  }

  /// An encoder of known features, such as those of a saved model.
  public static FeatureEncoder of(List<Feature> features, int[] silentInputs) {
    return new FeatureEncoder(features, silentInputs.clone());
  }

  /// Measures the statistics of the training part. Takes 8 bytes a training row while it does.
  ///
  /// @param features those of the table's schema, see [Schema#features()]
  public static FeatureEncoder fit(
      Table table, List<Schema.Field> features, EncodingSpec encoding, int[] trainingRows) {
    return fit(
        features,
        encoding,
        f ->
            ColumnStatistics.of(
                features.get(f), table.required(features.get(f).name()), trainingRows));
  }

  /// An encoder of statistics that were measured before.
  ///
  /// @param features those of the schema, see [Schema#features()]
  /// @param statistics of the training part, asked for once for each feature, by its index
  public static FeatureEncoder fit(
      List<Schema.Field> features,
      EncodingSpec encoding,
      IntFunction<ColumnStatistics> statistics) {
    List<Feature> fitted = new ArrayList<>(features.size());
    List<Integer> silent = new ArrayList<>();
    int offset = 0;
    for (int f = 0; f < features.size(); f++) {
      FeatureFit fit = FeatureFit.of(features.get(f), statistics.apply(f), encoding);
      fitted.add(fit.feature());
      for (int input : fit.silentInputs()) {
        silent.add(offset + input);
      }
      offset = Math.addExact(offset, fit.feature().slots());
    }
    return new FeatureEncoder(fitted, silent.stream().mapToInt(Integer::intValue).toArray());
  }

  /// The same encoding after training on further rows: ranges reach as far as theirs, and what
  /// fires in them is silent no longer.
  ///
  /// @param table has the columns of the features with their types
  public FeatureEncoder extended(Table table, int[] rows) {
    List<Feature> extended = new ArrayList<>(features.size());
    BitSet silent = new BitSet();
    int offset = 0;
    for (Feature feature : features) {
      FeatureFit fit = FeatureFit.extended(feature, table.required(feature.name()), rows);
      extended.add(fit.feature());
      for (int input : fit.silentInputs()) {
        silent.set(offset + input);
      }
      offset = Math.addExact(offset, feature.slots());
    }
    return new FeatureEncoder(extended, Arrays.stream(silentInputs).filter(silent::get).toArray());
  }

  public List<Feature> features() {
    return features;
  }

  /// Inputs of the network.
  public int width() {
    return width;
  }

  /// The inputs that are zero in every row of the training part, ascending, and are zero in every
  /// other row too: the network has learned nothing of them. The places of embedded columns,
  /// counted as if they were one-hot, see [Feature#slots()].
  public int[] silentInputs() {
    return silentInputs.clone();
  }

  /// The first input of a feature.
  int offset(int feature) {
    return offsets[feature];
  }

  /// The index of a category of a categorical feature, [#UNSEEN] if it has none of that text.
  public int category(int feature, String text) {
    return codes.get(feature).getOrDefault(text, (int) UNSEEN);
  }

  /// Encodes a row.
  ///
  /// @param cells one a feature from `cellsOffset`: the number, the seconds of a date, or the index
  ///   of the category; NaN = missing
  /// @param x gets [#width()] inputs from `xOffset`
  public void encode(double[] cells, int cellsOffset, float[] x, int xOffset) {
    Arrays.fill(x, xOffset, xOffset + width, 0);
    for (int f = 0; f < offsets.length; f++) {
      features.get(f).encode(cells[cellsOffset + f], x, xOffset + offsets[f]);
    }
    silence(x, xOffset);
  }

  /// Zeroes the inputs of an encoded row that are silent.
  void silence(float[] x, int xOffset) {
    for (int input : silenced) {
      x[xOffset + input] = 0;
    }
  }

  private static Map<String, Integer> codes(Feature feature) {
    return switch (feature) {
      case Feature.Numeric _, Feature.Date _ -> Map.of();
      case Feature.Categorical categorical -> {
        Map<String, Integer> codes = HashMap.newHashMap(categorical.categories().size());
        for (Label label : categorical.categories()) {
          codes.put(label.text(), codes.size());
        }
        yield codes;
      }
    };
  }
}
