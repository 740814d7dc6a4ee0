package dev.backprop.service.dataset;

import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;

/// The form and the charset of a body with rows, as its Content-Type says.
public record BodyType(Form form, Charset charset) {

  public static final String PARQUET_TYPE = "application/vnd.apache.parquet";

  /// What the bytes are.
  public enum Form {
    JSON("application/json"),
    CSV("text/csv"),
    NDJSON("application/x-ndjson"),
    PARQUET(PARQUET_TYPE);

    @SuppressWarnings("ImmutableEnumChecker") // a MediaType is immutable, only not annotated so
    private final MediaType type;

    Form(String type) {
      this.type = MediaType.parseMediaType(type);
    }

    public MediaType type() {
      return type;
    }
  }

  /// UTF-16 is here three times, because its byte order follows from a byte order mark or from the
  /// charset's name.
  private static final List<Charset> CHARSETS =
      List.of(
          StandardCharsets.UTF_8,
          StandardCharsets.UTF_16,
          StandardCharsets.UTF_16LE,
          StandardCharsets.UTF_16BE,
          StandardCharsets.ISO_8859_1,
          Charset.forName("windows-1252"));

  /// @throws ProblemException 415 for every other form or charset
  public static BodyType of(@Nullable String contentType) {
    MediaType given = parsed(contentType);
    for (Form form : Form.values()) {
      if (given != null && given.equalsTypeAndSubtype(form.type)) {
        return new BodyType(form, charset(form, given));
      }
    }
    throw unsupported(
        "rows are read from application/json, text/csv, application/x-ndjson or application/vnd.apache.parquet");
  }

  /// Checks the charset of a training request. The JSON parser finds out the encoding from the
  /// bytes, which it can do only for UTF.
  ///
  /// @throws ProblemException 415 for another charset
  public static void checkTraining(@Nullable String contentType) {
    Charset charset = of(contentType).charset;
    if (!charset.name().startsWith("UTF-")) {
      throw unsupported(
          "the charset of a training request must be UTF-8 or UTF-16, was " + charset.name());
    }
  }

  /// The type of a file in a form. Browsers call CSV files by many types.
  ///
  /// @param name of the file, by which Parquet is known if the type does not say what the file is;
  ///   null if it has none
  static BodyType ofFile(@Nullable String contentType, @Nullable String name) {
    MediaType given = parsed(contentType);
    boolean named = name != null && name.toLowerCase(Locale.ROOT).endsWith(".parquet");
    if (named
        && (given == null || given.equalsTypeAndSubtype(MediaType.APPLICATION_OCTET_STREAM))) {
      return new BodyType(Form.PARQUET, StandardCharsets.UTF_8);
    }
    if (given == null) {
      return new BodyType(Form.CSV, StandardCharsets.UTF_8);
    }
    Form form =
        switch (given.getSubtype()) {
          case "json" -> Form.JSON;
          case "x-ndjson" -> Form.NDJSON;
          case "vnd.apache.parquet" -> Form.PARQUET;
          default -> Form.CSV;
        };
    return new BodyType(form, charset(form, given));
  }

  private static @Nullable MediaType parsed(@Nullable String contentType) {
    try {
      return contentType == null ? null : MediaType.parseMediaType(contentType);
    } catch (InvalidMediaTypeException e) {
      throw unsupported("the Content-Type is malformed, or its charset is none: " + contentType);
    }
  }

  private static Charset charset(Form form, MediaType type) {
    Charset given = type.getCharset();
    if (given == null || form == Form.PARQUET) {
      return StandardCharsets.UTF_8;
    }
    if (!CHARSETS.contains(given)) {
      throw unsupported(
          "the charset must be UTF-8, UTF-16, ISO-8859-1 or windows-1252, was " + given.name());
    }
    return given;
  }

  private static ProblemException unsupported(String detail) {
    return new ProblemException(ProblemCode.UNSUPPORTED_MEDIA_TYPE, detail);
  }
}
