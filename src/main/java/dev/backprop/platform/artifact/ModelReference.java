package dev.backprop.platform.artifact;

/// One version of a model, by name; what it names may be deleted, but never becomes another.
public record ModelReference(String model, int version) {

  /// In words.
  @Override
  public String toString() {
    return "model '%s' version %d".formatted(model, version);
  }
}
