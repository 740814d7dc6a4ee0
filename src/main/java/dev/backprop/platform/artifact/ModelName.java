package dev.backprop.platform.artifact;

import java.util.regex.Pattern;

/// What a model may be called.
public final class ModelName {

  private static final Pattern PATTERN = Pattern.compile("[a-z0-9][a-z0-9._-]{0,62}");

  /// Completes "must be …".
  public static final String RULE =
      "1 to 63 of the characters a-z, 0-9, '.', '_' and '-', the first one a letter or digit";

  private ModelName() {}

  public static boolean isValid(String name) {
    return PATTERN.matcher(name).matches();
  }
}
