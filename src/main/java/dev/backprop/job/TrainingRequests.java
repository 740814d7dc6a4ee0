package dev.backprop.job;

import dev.backprop.data.ByteBudget;
import dev.backprop.http.InFlightBytes;
import dev.backprop.http.ProblemCode;
import dev.backprop.http.ProblemException;
import dev.backprop.model.ModelName;
import dev.backprop.spec.NetworkSpec;
import dev.backprop.spec.TrainingSpec;
import java.io.InputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Objects;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.json.JsonMapper;

/// Reads training requests.
final class TrainingRequests {

  private final JsonMapper json;
  private final TrainingSources sources;

  TrainingRequests(JsonMapper json, TrainingSources sources) {
    this.json = json;
    this.sources = sources;
  }

  /// Reads a request to its end.
  ///
  /// @param claim grows with the rows and numbers that are read
  /// @param leases takes what the data hold until the training's end
  TrainingRequest read(InputStream in, InFlightBytes.Claim claim, Leases leases) {
    MessageDigest digest = sha256();
    TrainingBody body;
    try (JsonParser parser = json.createParser(new DigestInputStream(in, digest))) {
      body = TrainingBodyReader.read(json, parser, () -> charging(claim));
    }
    String model = body.model();
    if (model == null) {
      throw ProblemException.at(ProblemCode.INVALID_SPEC, "/model", "is required");
    }
    if (!ModelName.isValid(model)) {
      throw ProblemException.at(
          ProblemCode.INVALID_SPEC,
          "/model",
          "must be %s, was '%s'".formatted(ModelName.RULE, abbreviated(model)));
    }
    return new TrainingRequest(
        model,
        !Boolean.FALSE.equals(body.activate()),
        sources.of(body, HexFormat.of().formatHex(digest.digest()), leases),
        Objects.requireNonNullElseGet(body.network(), () -> NetworkSpec.of(null, null, null)),
        Objects.requireNonNullElseGet(body.training(), TrainingSpec::defaults));
  }

  /// Charges the growth of one table; what shrinks stays charged until the claim is closed.
  private static ByteBudget charging(InFlightBytes.Claim claim) {
    long[] charged = {0};
    return bytes -> {
      if (bytes > charged[0]) {
        claim.grow(bytes - charged[0]);
        charged[0] = bytes;
      }
    };
  }

  private static String abbreviated(String text) {
    return text.length() <= 100 ? text : text.substring(0, 100) + "…";
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
