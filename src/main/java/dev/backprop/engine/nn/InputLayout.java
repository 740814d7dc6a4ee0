package dev.backprop.engine.nn;

import java.util.List;

/// What the encoded inputs of a network are: numbers, but for some that are indices of categories.
///
/// @param width numbers and indices together
/// @param indices ascending by input
/// @param features how many inputs each feature has, in order; none if every input is a feature of
///   its own
/// @param oneHots ascending by input
/// @param periodics ascending by input
public record InputLayout(
    int width,
    List<Index> indices,
    List<Integer> features,
    List<OneHot> oneHots,
    List<Periodic> periodics) {

  /// A number that has cosines beside it.
  ///
  /// @param input its place among the inputs
  /// @param frequencies how many cosines
  /// @param sigma how far their frequencies are from 0 at the start
  public record Periodic(int input, int frequencies, double sigma) {}

  /// Neighbouring inputs of which at most one is not zero.
  ///
  /// @param input the first
  /// @param categories how many inputs
  public record OneHot(int input, int categories) {}

  /// An input that is the index of a category, negative for one that was never seen.
  ///
  /// @param column that the category is of
  /// @param input its place among the inputs
  /// @param categories one more than the largest index, at least 1
  public record Index(String column, int input, int categories) {}

  public InputLayout {
    indices = List.copyOf(indices);
    features = List.copyOf(features);
    oneHots = List.copyOf(oneHots);
    periodics = List.copyOf(periodics);
    int next = 0;
    for (Index index : indices) {
      if (index.input() < next || index.input() >= width || index.categories() < 1) {
        throw new IllegalArgumentException("%s among %d inputs".formatted(index, width));
      }
      next = index.input() + 1;
    }
    next = 0;
    for (Periodic periodic : periodics) {
      if (periodic.input() < next || periodic.input() >= width || periodic.frequencies() < 1) {
        throw new IllegalArgumentException("%s among %d inputs".formatted(periodic, width));
      }
      next = periodic.input() + 1;
    }
    int together = features.stream().mapToInt(Integer::intValue).sum();
    if (!features.isEmpty() && together != width) {
      throw new IllegalArgumentException(
          "features of %d inputs together among %d inputs".formatted(together, width));
    }
  }

  /// No numbers have cosines.
  public InputLayout(int width, List<Index> indices, List<Integer> features, List<OneHot> oneHots) {
    this(width, indices, features, oneHots, List.of());
  }

  /// No inputs are one-hot.
  public InputLayout(int width, List<Index> indices, List<Integer> features) {
    this(width, indices, features, List.of());
  }

  /// Every input is a feature of its own.
  public InputLayout(int width, List<Index> indices) {
    this(width, indices, List.of());
  }

  /// Numbers only.
  public static InputLayout numbers(int width) {
    return new InputLayout(width, List.of());
  }

  /// Checkpoints know a training by it. Its text is that of former versions: the features, one-hot
  /// inputs and cosines follow from the columns and their encoding.
  @Override
  public String toString() {
    return "InputLayout[width=%d, indices=%s]".formatted(width, indices);
  }
}
