package dev.backprop.engine.data;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// The rare categories of a column, which are one category with all unseen ones.
public final class Pool {

  /// The slot of each category: its own, or the one behind the last category.
  private final int[] slots;

  private Pool(int categories, List<Integer> rare) {
    slots = IntStream.range(0, categories).toArray();
    rare.forEach(category -> slots[category] = categories);
  }

  /// @param rare indices of categories
  public static Pool of(int categories, List<Integer> rare) {
    return new Pool(categories, rare);
  }

  /// The slot of a category, or of an unseen one.
  ///
  /// @param category negative if it is unseen
  int slot(int category) {
    return category < 0 ? slots.length : slots[category];
  }

  /// The indices of the rare categories, ascending.
  public List<Integer> rare() {
    return IntStream.range(0, slots.length)
        .filter(category -> slots[category] == slots.length)
        .boxed()
        .toList();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Pool same && Arrays.equals(slots, same.slots);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(slots);
  }

  @Override
  public String toString() {
    return "Pool" + rare();
  }
}
