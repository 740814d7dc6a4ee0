package dev.backprop.service.prediction;

import dev.backprop.platform.caller.Allowed;
import dev.backprop.platform.caller.Caller;
import dev.backprop.platform.caller.Role;
import dev.backprop.platform.http.Paths;
import dev.backprop.service.model.ModelLookup;
import dev.backprop.service.model.ModelVersion;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/// Describes the rows and the answers of a version as JSON Schema.
@RestController
@RequestMapping(Paths.MODEL)
record SchemaController(ModelLookup models) {

  private static final String SCHEMA_JSON = "application/schema+json";

  /// The schema is that of a row; that of an answer stands in its definitions.
  @Allowed(Role.PREDICT)
  @GetMapping(
      path = {"/schema", "/versions/{version}/schema"},
      produces = {SCHEMA_JSON, MediaType.APPLICATION_JSON_VALUE})
  Map<String, Object> schema(
      @PathVariable String name,
      @PathVariable(required = false) @Nullable Integer version,
      Caller caller) {
    ModelVersion found = models.version(name, version, caller);
    Map<String, Object> definitions = new LinkedHashMap<>();
    definitions.put("row", RowSchema.of(found.inputs()));
    definitions.put("answer", AnswerSchema.of(found.predictor().scorer().target()));
    Map<String, Object> schema = new LinkedHashMap<>();
    schema.put("$schema", "https://json-schema.org/draft/2020-12/schema");
    schema.put("$ref", "#/$defs/row");
    schema.put("$defs", definitions);
    return schema;
  }
}
