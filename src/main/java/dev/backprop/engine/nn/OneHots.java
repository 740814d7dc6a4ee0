package dev.backprop.engine.nn;

import dev.backprop.engine.linalg.Matrix;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The inputs of a layer that are one-hot: groups of neighbours of which at most one is not zero.
/// Scaling, dropout and the factors of members leave that as it is.
final class OneHots {

  /// A shorter group takes longer to add than to multiply.
  private static final int SHORTEST = 16;

  /// Fewer inputs in groups gain nothing.
  private static final int FEWEST = 64;

  /// @param input its first place among the inputs of the network
  /// @param at its first place among the inputs of the layer
  private record Group(int input, int at, int length) {}

  private final Group[] groups;

  /// The places among the inputs of the layer that are in no group.
  private final int[] others;

  private final float[] zeros;

  private OneHots(List<Group> groups, int[] others) {
    this.groups = groups.toArray(Group[]::new);
    this.others = others;
    this.zeros = new float[groups.stream().mapToInt(Group::length).max().orElse(0)];
  }

  /// @param places of the inputs of the network among those of the layer, and the width of it
  /// @return null if it does not pay: if groups are short, or fewer inputs are in groups than are
  ///   not, whose weights are copied for each batch
  static @Nullable OneHots of(InputLayout layout, int[] places) {
    int width = places[layout.width()];
    List<Group> groups = new ArrayList<>();
    BitSet others = new BitSet();
    others.set(0, width);
    for (InputLayout.OneHot hot : layout.oneHots()) {
      int at = places[hot.input()];
      if (hot.categories() >= SHORTEST) {
        groups.add(new Group(hot.input(), at, hot.categories()));
        others.clear(at, at + hot.categories());
      }
    }
    int apart = others.cardinality();
    return width - apart < Math.max(FEWEST, apart)
        ? null
        : new OneHots(groups, others.stream().toArray());
  }

  int groups() {
    return groups.length;
  }

  int[] others() {
    return others;
  }

  /// Looks up the inputs that are not zero.
  ///
  /// @param x inputs of the network
  /// @param places gets those of each row among the inputs of the layer, from the row's number
  ///   times the number of groups on
  /// @param counts gets how many those of each row are
  void find(Matrix x, int[] places, int[] counts) {
    float[] values = x.values();
    for (int i = 0; i < x.rows(); i++) {
      int row = x.offset() + i * x.columns();
      int count = 0;
      for (Group group : groups) {
        int from = row + group.input;
        int to = from + group.length;
        int place = Arrays.mismatch(values, from, to, zeros, 0, group.length);
        if (place >= 0) {
          places[i * groups.length + count++] = group.at + place;
        }
      }
      counts[i] = count;
    }
  }
}
