package dev.backprop.service.model;

/// One version of a model, by name; what it names may be deleted, but never becomes another.
public record ModelReference(String model, int version) {

  public static ModelReference of(ModelVersion version) {
    return new ModelReference(version.name(), version.version());
  }

  /// In words.
  @Override
  public String toString() {
    return "model '%s' version %d".formatted(model, version);
  }
}
