package dev.backprop.platform.json;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.backprop.engine.table.Label;
import dev.backprop.engine.training.EpochReport;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;

/// The one JSON mapper of the service: strict in what it reads.
public final class StrictJson {

  /// Some more than the deepest spec has, of residual blocks inside each other: what stands in
  /// front of a type is held until that is found, once for each level.
  private static final int MAX_DEPTH = 32;

  /// As long as a cell of CSV may be.
  private static final int MAX_STRING = 1 << 20;

  private StrictJson() {}

  /// A strict mapper; the application has one as a bean.
  public static JsonMapper mapper() {
    JsonFactory factory =
        JsonFactory.builder()
            .streamReadConstraints(
                StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxStringLength(MAX_STRING)
                    .build())
            .build();
    return JsonMapper.builder(factory)
        // Whoever explains a fault looks at the token that was met, when the parser is closed.
        .disable(StreamReadFeature.CLEAR_CURRENT_TOKEN_ON_CLOSE)
        .addModule(SealedSpecDeserializer.module())
        .addModule(
            new SimpleModule("labels")
                .addSerializer(new LabelSerializer())
                .addDeserializer(Label.class, new LabelDeserializer()))
        .addMixIn(EpochReport.class, EpochReports.class)
        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
        .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
        .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
        .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
        .enable(EnumFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
        .build();
  }

  /// Whoever knows no weighted validation loss can read those that have none.
  interface EpochReports {

    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Nullable Double weightedValidationLoss();
  }
}
