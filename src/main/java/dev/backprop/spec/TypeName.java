package dev.backprop.spec;

import java.util.Locale;

/// How the types of the specs are called in messages.
final class TypeName {

  private TypeName() {}

  /// Such as `leaky-relu` for a [Activation.LeakyRelu].
  static String of(Object spec) {
    return spec.getClass()
        .getSimpleName()
        .replaceAll("(?<=[a-z])(?=[A-Z])", "-")
        .toLowerCase(Locale.ROOT);
  }
}
