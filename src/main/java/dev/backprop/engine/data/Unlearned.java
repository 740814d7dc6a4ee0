package dev.backprop.engine.data;

import java.util.List;

/// Categories of a column, or classes, that some rows have and that nothing was learned of.
///
/// @param column its name
/// @param texts at least one
/// @param rows how many rows have one of them
public record Unlearned(String column, List<String> texts, int rows) {

  public Unlearned {
    texts = List.copyOf(texts);
  }
}
