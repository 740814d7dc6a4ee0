package dev.backprop.service.prediction;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import dev.backprop.service.model.ModelVersion;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import tools.jackson.databind.json.JsonMapper;

/// In what form many predictions are answered.
enum AnswerFormat {
  JSON("application/json"),
  CSV("text/csv"),
  NDJSON("application/x-ndjson");

  @SuppressWarnings("ImmutableEnumChecker") // a MediaType is immutable, only not annotated so
  private final MediaType type;

  AnswerFormat(String type) {
    this.type = MediaType.parseMediaType(type);
  }

  /// As the `Content-Type` of the answer says it.
  String contentType() {
    return this == CSV ? type + ";charset=UTF-8" : type.toString();
  }

  /// @param out gets the answer
  AnswerWriter writer(ModelVersion version, JsonMapper json, OutputStream out) {
    return switch (this) {
      case JSON -> new JsonAnswers(json.createGenerator(out), version);
      case NDJSON ->
          new JsonAnswers(json.writer().withRootValueSeparator("\n").createGenerator(out), null);
      case CSV ->
          new CsvAnswers(
              version.predictor().scorer().target(),
              CsvWriter.builder()
                  .lineDelimiter(LineDelimiter.LF)
                  .build(out, StandardCharsets.UTF_8));
    };
  }

  /// The form that an `Accept` header likes best, by its q-values (RFC 9110, section 12.5.1); of
  /// equals the first.
  ///
  /// @param accept the header's lines, none for no preference
  /// @throws ProblemException 406 if it accepts none
  static AnswerFormat accepted(List<String> accept) {
    if (accept.stream().allMatch(String::isBlank)) {
      return JSON;
    }
    List<MediaType> ranges;
    try {
      ranges = MediaType.parseMediaTypes(accept);
    } catch (InvalidMediaTypeException e) {
      throw new ProblemException(ProblemCode.NOT_ACCEPTABLE, "the Accept header is not readable");
    }
    AnswerFormat best = null;
    for (AnswerFormat format : values()) {
      double quality = format.quality(ranges);
      if (quality > 0 && (best == null || quality > best.quality(ranges))) {
        best = format;
      }
    }
    if (best == null) {
      throw new ProblemException(
          ProblemCode.NOT_ACCEPTABLE,
          "predictions are answered as application/json, text/csv or application/x-ndjson");
    }
    return best;
  }

  /// The q-value of the most specific range that includes this form, 0 for none.
  private double quality(List<MediaType> ranges) {
    return ranges.stream()
        .filter(range -> range.includes(type))
        .max(
            Comparator.comparing((MediaType range) -> !range.isWildcardType())
                .thenComparing(range -> !range.isWildcardSubtype()))
        .map(MediaType::getQualityValue)
        .orElse(0.0);
  }
}
