package dev.backprop.platform.artifact;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.annotation.Nulls;
import dev.backprop.engine.plan.Learned;
import dev.backprop.engine.scoring.Evaluation;
import dev.backprop.engine.spec.Default;
import dev.backprop.engine.training.EpochReport;
import dev.backprop.platform.json.StrictJson;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Executable;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.cfg.MapperConfig;
import tools.jackson.databind.deser.std.StdDeserializer;
import tools.jackson.databind.introspect.Annotated;
import tools.jackson.databind.introspect.AnnotatedMember;
import tools.jackson.databind.introspect.AnnotatedParameter;
import tools.jackson.databind.introspect.JacksonAnnotationIntrospector;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;

/// JSON of documents that the service writes for itself, as strict as all that it reads. Beyond
/// that, nothing may be absent or null that is not marked nullable, and every number is finite.
final class ArtifactJson {

  private ArtifactJson() {}

  /// @param strict the service's mapper
  static JsonMapper mapper(JsonMapper strict) {
    return strict
        .rebuild()
        // Names and texts may be anything, half a surrogate pair as well, which UTF-8 has no bytes
        // for.
        .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
        .annotationIntrospector(new NullMarkedIntrospector())
        .addMixIn(EpochReport.class, StrictJson.StoredEpochFields.class)
        .addModule(
            new SimpleModule("finite numbers")
                .addDeserializer(Double.class, new FiniteDouble(Double.class))
                .addDeserializer(Double.TYPE, new FiniteDouble(Double.TYPE)))
        .build();
  }

  /// Writes documents: what was learned stands among their fields, and of its ending what holds.
  ///
  /// @param mapper of documents
  static JsonMapper writer(JsonMapper mapper) {
    return mapper
        .rebuild()
        .addMixIn(ModelDocument.class, DocumentFields.class)
        .addMixIn(Learned.class, LearnedFields.class)
        .build();
  }

  interface DocumentFields {

    @JsonUnwrapped
    Learned learned();
  }

  @JsonPropertyOrder({
    "evaluations",
    "crossValidation",
    "bagging",
    "ensemble",
    "choice",
    "history",
    "bestEpoch",
    "stoppedEarly",
    "stoppedByTime",
    "converged",
    "warnings"
  })
  interface LearnedFields extends StrictJson.LearnedFields {

    @Override
    @JsonProperty("evaluations")
    Map<String, Evaluation> evaluations();
  }

  /// Jackson takes the text "NaN" and 1e999 for doubles.
  private static final class FiniteDouble extends StdDeserializer<Double> {

    FiniteDouble(Class<Double> type) {
      super(type);
    }

    @Override
    public Double deserialize(JsonParser parser, DeserializationContext context) {
      if (!parser.currentToken().isNumeric()) {
        return (Double) context.handleUnexpectedToken(handledType(), parser);
      }
      double value = parser.getDoubleValue();
      return Double.isFinite(value)
          ? Double.valueOf(value)
          : (Double)
              context.handleWeirdNumberValue(handledType(), value, "must be a finite number");
    }
  }

  /// What a creator's parameter may be, as JSpecify's annotations say it. Specs say it themselves,
  /// see [Default].
  private static final class NullMarkedIntrospector extends JacksonAnnotationIntrospector {

    private static final long serialVersionUID = 1;

    @Override
    public @Nullable Boolean hasRequiredMarker(MapperConfig<?> config, AnnotatedMember member) {
      AnnotatedType type = type(member);
      return type == null
          ? super.hasRequiredMarker(config, member)
          : Boolean.valueOf(!type.isAnnotationPresent(Nullable.class));
    }

    @Override
    public JsonSetter.Value findSetterInfo(MapperConfig<?> config, Annotated annotated) {
      AnnotatedType type = type(annotated);
      if (type == null) {
        return super.findSetterInfo(config, annotated);
      }
      boolean contents =
          type instanceof AnnotatedParameterizedType container
              && Arrays.stream(container.getAnnotatedActualTypeArguments())
                  .noneMatch(argument -> argument.isAnnotationPresent(Nullable.class));
      return JsonSetter.Value.construct(
          type.isAnnotationPresent(Nullable.class) ? Nulls.DEFAULT : Nulls.FAIL,
          contents ? Nulls.FAIL : Nulls.DEFAULT);
    }

    private static @Nullable AnnotatedType type(Annotated annotated) {
      return annotated instanceof AnnotatedParameter parameter
              && parameter.getOwner().getMember() instanceof Executable creator
              && creator.getDeclaringClass().getName().startsWith("dev.backprop.")
              && creator.getDeclaringClass().getPackage() != Default.class.getPackage()
          ? creator.getAnnotatedParameterTypes()[parameter.getIndex()]
          : null;
    }
  }
}
