package dev.backprop.platform.json;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import dev.backprop.engine.spec.InvalidSpecException;
import dev.backprop.platform.problem.Excerpt;
import dev.backprop.platform.problem.NearestName;
import dev.backprop.platform.problem.Problem;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.exc.InvalidFormatException;
import tools.jackson.databind.exc.InvalidTypeIdException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

/// Turns Jackson's exceptions about a body into problems for the client who sent it.
public final class JsonProblems {

  private static final String MISSING = "Missing required creator property ";
  private static final String MAPS_NULL = "Cannot map `null`";

  private static final Pattern FOUND =
      Pattern.compile(
          "(?:from|coerce) (String|Array|Object|Boolean|Integer|Floating-point|Number) value");

  private static final Pattern QUOTED_NUMBER = Pattern.compile("\\((-?[0-9][-+.0-9eE]*)\\)");

  private static final Pattern BEYOND =
      Pattern.compile("\\(([0-9]+)\\) exceeds the maximum allowed \\(([0-9]+)");

  private JsonProblems() {}

  public static ProblemException of(InvalidSpecException e) {
    return ProblemException.at(ProblemCode.INVALID_SPEC, e.pointer(), e.detail());
  }

  public static ProblemException of(JacksonException e) {
    for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
      if (cause instanceof InvalidSpecException spec) {
        return of(spec.under(pointer(e)));
      }
      if (cause instanceof ProblemException problem) {
        return problem;
      }
    }
    return switch (e) {
      case UnrecognizedPropertyException unknown -> unknownField(unknown);
      case InvalidTypeIdException type -> unknownType(type);
      case InputCoercionException number ->
          ProblemException.at(
              ProblemCode.INVALID_SPEC,
              pointer(e),
              "must be a whole number of at most %d bits, was %s"
                  .formatted(bits(number.getTargetType()), number(e)));
      case InvalidFormatException format when format.getTargetType().isEnum() ->
          ProblemException.at(
              ProblemCode.INVALID_SPEC,
              pointer(e),
              "must be %s, was '%s'"
                  .formatted(
                      alternatives(names(format.getTargetType())),
                      Excerpt.of(String.valueOf(format.getValue()))));
      case MismatchedInputException empty
          when String.valueOf(empty.getOriginalMessage()).startsWith("No content") ->
          new ProblemException(ProblemCode.MALFORMED_JSON, "the body is empty");
      case MismatchedInputException trailing
          when String.valueOf(trailing.getOriginalMessage()).startsWith("Trailing token") ->
          malformed(e, "must end after its first value, goes on");
      case MismatchedInputException missing
          when String.valueOf(missing.getOriginalMessage()).startsWith(MISSING)
              || isAtEnd(missing) ->
          ProblemException.at(ProblemCode.WRONG_TYPE, pointer(missing), "is required");
      case MismatchedInputException mismatch ->
          ProblemException.at(
              ProblemCode.WRONG_TYPE,
              pointer(e),
              "must be %s, was %s".formatted(kind(mismatch.getTargetType()), found(e)));
      case StreamReadException read
          when String.valueOf(read.getOriginalMessage()).startsWith("Duplicate") ->
          new ProblemException(
              ProblemCode.DUPLICATE_FIELD,
              place(e) + "a field of this name stands in the object already");
      default -> new ProblemException(ProblemCode.MALFORMED_JSON, place(e) + words(e));
    };
  }

  private static ProblemException malformed(JacksonException e, String detail) {
    return new ProblemException(ProblemCode.MALFORMED_JSON, place(e) + "the body " + detail);
  }

  /// Both numbers, taken from Jackson's message: "String value length (2) exceeds the maximum
  /// allowed (1, from `…`)".
  private static String beyond(StreamConstraintsException e) {
    String words = String.valueOf(e.getOriginalMessage());
    Matcher numbers = BEYOND.matcher(words);
    if (!numbers.find()) {
      return "is nested too deep, or has a number or a text that is too long";
    }
    String what =
        words.contains("nesting depth")
            ? "must be nested at most %s deep, is %s deep"
            : words.contains("Number value")
                ? "may have numbers of at most %s characters, has one of at least %s"
                : words.contains("Name length")
                    ? "may have names of at most %s characters, has one of at least %s"
                    : "may have texts of at most %s characters, has one of at least %s";
    return what.formatted(numbers.group(2), numbers.group(1));
  }

  /// What is wrong with a text that is no JSON, or has more than is read: a detail that may stand
  /// behind a place.
  public static String words(JacksonException e) {
    return e instanceof StreamConstraintsException limit
        ? "the body " + beyond(limit)
        : JsonSyntax.detail(e);
  }

  private static String place(JacksonException e) {
    TokenStreamLocation at = e.getLocation();
    return at == null || at.getLineNr() < 1
        ? ""
        : "line %d, column %d: ".formatted(at.getLineNr(), at.getColumnNr());
  }

  private static ProblemException unknownField(UnrecognizedPropertyException e) {
    Collection<Object> ids = e.getKnownPropertyIds();
    List<String> known = ids == null ? List.of() : ids.stream().map(String::valueOf).toList();
    String nearest = NearestName.of(e.getPropertyName(), known);
    return ProblemException.at(
        ProblemCode.UNKNOWN_FIELD,
        pointer(e),
        nearest != null
            ? "is not known, did you mean " + nearest + "?"
            : "is not known, there are " + String.join(", ", known));
  }

  private static ProblemException unknownType(InvalidTypeIdException e) {
    JsonSubTypes types = e.getBaseType().getRawClass().getAnnotation(JsonSubTypes.class);
    List<String> names =
        types == null
            ? List.of()
            : Arrays.stream(types.value()).map(JsonSubTypes.Type::name).toList();
    return ProblemException.at(
        ProblemCode.INVALID_SPEC,
        pointer(e),
        e.getTypeId() == null
            ? "is required, must be " + alternatives(names)
            : "must be %s, was '%s'".formatted(alternatives(names), Excerpt.of(e.getTypeId())));
  }

  private static String alternatives(List<String> names) {
    return names.size() < 2
        ? String.join("", names)
        : String.join(", ", names.subList(0, names.size() - 1)) + " or " + names.getLast();
  }

  private static List<String> names(Class<?> type) {
    return Arrays.stream(type.getFields())
        .filter(field -> field.isEnumConstant())
        .map(
            field -> {
              JsonProperty name = field.getAnnotation(JsonProperty.class);
              return name == null ? field.getName() : name.value();
            })
        .toList();
  }

  /// The path as a JSON pointer (RFC 6901).
  private static String pointer(JacksonException e) {
    return e.getPath().stream()
        .map(
            part ->
                part.getPropertyName() == null
                    ? Integer.toString(part.getIndex())
                    : Problem.Field.part(part.getPropertyName()))
        .map(part -> "/" + part)
        .collect(Collectors.joining());
  }

  /// Whether an object has ended without a field that it must have.
  private static boolean isAtEnd(MismatchedInputException e) {
    return String.valueOf(e.getOriginalMessage()).contains(MAPS_NULL)
        && e.processor() instanceof JsonParser parser
        && parser.currentToken() == JsonToken.END_OBJECT;
  }

  private static String kind(@Nullable Class<?> type) {
    if (type == null) {
      return "something else";
    }
    if (type == int.class || type == Integer.class || type == long.class || type == Long.class) {
      return "a whole number";
    }
    if (type == double.class || type == Double.class) {
      return "a number";
    }
    if (type == boolean.class || type == Boolean.class) {
      return "a boolean";
    }
    if (type == String.class) {
      return "a string";
    }
    if (Collection.class.isAssignableFrom(type)) {
      return "an array";
    }
    if (type.isEnum()) {
      return alternatives(names(type));
    }
    return type.isRecord() || Map.class.isAssignableFrom(type)
        ? "an object"
        : "an object or the name of a type";
  }

  private static int bits(Class<?> type) {
    return type == long.class || type == Long.class ? Long.SIZE : Integer.SIZE;
  }

  /// The value that was found. It is taken from Jackson's message: the parser may be one of a tree,
  /// of which the exception knows nothing.
  private static String found(JacksonException e) {
    String words = String.valueOf(e.getOriginalMessage());
    if (words.contains(MAPS_NULL)) {
      return "null";
    }
    Matcher found = FOUND.matcher(words);
    if (!found.find()) {
      return e.processor() instanceof JsonParser parser
          ? kind(parser.currentToken())
          : "something else";
    }
    return switch (found.group(1)) {
      case "String" -> "a string";
      case "Array" -> "an array";
      case "Object" -> "an object";
      case "Boolean" -> "a boolean";
      default -> number(e);
    };
  }

  /// The kind of value that a token begins, in words.
  public static String kind(@Nullable JsonToken token) {
    return switch (token) {
      case START_OBJECT -> "an object";
      case START_ARRAY -> "an array";
      case VALUE_STRING -> "a string";
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "a number";
      case VALUE_TRUE, VALUE_FALSE -> "a boolean";
      case VALUE_NULL -> "null";
      case null, default -> "something else";
    };
  }

  /// The number that was found. It is taken from Jackson's message, because the parser no longer
  /// has its text.
  private static String number(JacksonException e) {
    Matcher quoted = QUOTED_NUMBER.matcher(String.valueOf(e.getOriginalMessage()));
    return quoted.find() ? Excerpt.of(quoted.group(1)) : "a number";
  }
}
