package dev.backprop.data;

import java.util.List;

/// A column that the network sees, and how it is encoded.
public sealed interface Feature {

  String name();

  /// Whether the column had missing cells in any row of the data.
  boolean nullable();

  /// Inputs of the network that the feature takes.
  int width();

  /// A number: `clip((v - mean) / std, -10, 10)`, and where nullable an indicator that is 1 for a
  /// missing cell, whose number is then the median. All statistics are of the training part.
  ///
  /// @param std of the population; 1 where all numbers of the training part are the same
  record Numeric(
      String name, boolean nullable, double median, double mean, double std, double min, double max)
      implements Feature {
    @Override
    public int width() {
      return nullable ? 2 : 1;
    }
  }

  /// A category: one-hot, and where nullable a last input that is 1 for a missing cell. An unseen
  /// category is all zeros.
  ///
  /// @param type CATEGORICAL or BOOLEAN
  /// @param categories sorted, of all rows of the data
  record Categorical(String name, boolean nullable, ColumnType type, List<Label> categories)
      implements Feature {
    public Categorical {
      categories = List.copyOf(categories);
    }

    @Override
    public int width() {
      return categories.size() + (nullable ? 1 : 0);
    }
  }
}
