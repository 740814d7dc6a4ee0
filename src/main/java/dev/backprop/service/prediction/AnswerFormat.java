package dev.backprop.service.prediction;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import dev.backprop.service.dataset.BodyType.Form;
import dev.backprop.service.model.ModelVersion;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import tools.jackson.databind.json.JsonMapper;

/// In what form many predictions are answered.
final class AnswerFormat {

  private static final List<Form> FORMS = List.of(Form.JSON, Form.CSV, Form.NDJSON);

  private AnswerFormat() {}

  /// What an answer consists of.
  ///
  /// @param passed columns that are copied from the rows
  /// @param csvWarnings whether an answer in CSV has warnings
  /// @param explaining null if nothing is explained
  /// @param interval null if none is asked for
  /// @param counts whether the rows count for drift
  record Parts(
      Form form,
      List<String> passed,
      boolean csvWarnings,
      @Nullable Explaining explaining,
      @Nullable BigDecimal interval,
      boolean counts) {

    private List<String> columns() {
      return explaining == null ? List.of() : explaining.columns();
    }
  }

  /// @param out gets the answer
  static AnswerWriter writer(Parts parts, ModelVersion version, JsonMapper json, OutputStream out) {
    return switch (parts.form()) {
      case JSON ->
          new JsonAnswers(json.createGenerator(out), version, parts.passed(), parts.columns());
      case NDJSON ->
          new JsonAnswers(
              json.writer().withRootValueSeparator("\n").createGenerator(out),
              null,
              parts.passed(),
              parts.columns());
      case CSV ->
          new CsvAnswers(
              version.predictor().scorer().target(),
              CsvWriter.builder()
                  .lineDelimiter(LineDelimiter.LF)
                  .build(out, StandardCharsets.UTF_8),
              parts);
      case PARQUET -> throw new IllegalStateException("nothing is answered as Parquet");
    };
  }

  /// The form that an `Accept` header likes best, by its q-values (RFC 9110, section 12.5.1); of
  /// equals the first.
  ///
  /// @param accept the header's lines, none for no preference
  /// @throws ProblemException 406 if it accepts none
  static Form accepted(List<String> accept) {
    if (accept.stream().allMatch(String::isBlank)) {
      return Form.JSON;
    }
    List<MediaType> ranges;
    try {
      ranges = MediaType.parseMediaTypes(accept);
    } catch (InvalidMediaTypeException e) {
      throw new ProblemException(ProblemCode.NOT_ACCEPTABLE, "the Accept header is not readable");
    }
    Form best = null;
    for (Form form : FORMS) {
      double quality = quality(form.type(), ranges);
      if (quality > 0 && (best == null || quality > quality(best.type(), ranges))) {
        best = form;
      }
    }
    if (best == null) {
      throw new ProblemException(
          ProblemCode.NOT_ACCEPTABLE,
          "predictions are answered as application/json, text/csv or application/x-ndjson");
    }
    return best;
  }

  /// The q-value of the most specific range that includes this type, 0 for none.
  private static double quality(MediaType type, List<MediaType> ranges) {
    return ranges.stream()
        .filter(range -> range.includes(type))
        .max(
            Comparator.comparing((MediaType range) -> !range.isWildcardType())
                .thenComparing(range -> !range.isWildcardSubtype()))
        .map(MediaType::getQualityValue)
        .orElse(0.0);
  }
}
