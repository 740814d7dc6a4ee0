package dev.backprop.prediction;

import dev.backprop.http.ProblemCode;
import dev.backprop.http.ProblemException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;

/// In what form rows are sent.
enum BodyFormat {
  JSON("application/json"),
  CSV("text/csv"),
  NDJSON("application/x-ndjson");

  private final String type;

  BodyFormat(String type) {
    this.type = type;
  }

  /// @throws ProblemException 415 for every other form
  static BodyFormat of(@Nullable String contentType) {
    try {
      MediaType given = contentType == null ? null : MediaType.parseMediaType(contentType);
      for (BodyFormat format : values()) {
        if (given != null && given.equalsTypeAndSubtype(MediaType.parseMediaType(format.type))) {
          return format;
        }
      }
    } catch (InvalidMediaTypeException e) {
      // Told below, like every other type that is not read here.
    }
    throw new ProblemException(
        ProblemCode.UNSUPPORTED_MEDIA_TYPE,
        "rows are read from application/json, text/csv or application/x-ndjson");
  }
}
