package dev.backprop.engine.plan;

import dev.backprop.engine.training.InvalidCheckpointException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/// Tells trainings apart: those that have the same come to the same.
///
/// @param sha256 in hexadecimal
public record Fingerprint(String sha256) {

  static final int LENGTH = 64;

  /// @throws InvalidCheckpointException if a checkpoint of this is to be one of another training
  void require(Fingerprint training) {
    if (!equals(training)) {
      throw new InvalidCheckpointException(
          "must be that of training %s, is that of %s".formatted(training.sha256, sha256));
    }
  }

  /// @param parts their texts say all that counts
  static Fingerprint of(List<?> parts) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (Object part : parts) {
        byte[] text = String.valueOf(part).getBytes(StandardCharsets.UTF_8);
        digest.update((text.length + ":").getBytes(StandardCharsets.US_ASCII));
        digest.update(text);
      }
      return new Fingerprint(HexFormat.of().formatHex(digest.digest()));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }
}
