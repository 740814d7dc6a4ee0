package dev.backprop.platform.problem;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import dev.backprop.engine.spec.InvalidSpecException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A problem as RFC 9457 writes it, `application/problem+json`.
///
/// @param type `urn:backprop:problem:` and the code
/// @param title the code in words
/// @param status the HTTP status
/// @param detail what went wrong this time
/// @param instance the request's path, or null if there is none
/// @param code kebab-case, one of [ProblemCode]
/// @param errors the fields at fault, left out if none is
/// @param ids what may be meant by an ambiguous name, the newest first; left out if there is none
public record Problem(
    String type,
    String title,
    int status,
    String detail,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String instance,
    String code,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) @JsonSetter(nulls = Nulls.AS_EMPTY)
        List<Field> errors,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) @JsonSetter(nulls = Nulls.AS_EMPTY)
        List<String> ids) {

  /// One field at fault.
  ///
  /// @param pointer a JSON pointer (RFC 6901) into the request's body
  public record Field(String pointer, String detail) {

    public Field {
      pointer = Excerpt.wellFormed(pointer);
      detail = Excerpt.wellFormed(detail);
    }

    /// The pointer to what stands below these names.
    public static String pointer(String... path) {
      return Arrays.stream(path).map(name -> "/" + part(name)).collect(Collectors.joining());
    }

    /// A name as a part of a pointer.
    public static String part(String name) {
      return InvalidSpecException.part(name);
    }
  }

  public Problem {
    detail = Excerpt.wellFormed(detail);
    errors = List.copyOf(errors);
    ids = List.copyOf(ids);
  }

  public static Problem of(ProblemCode code, String detail) {
    return of(code, detail, null, List.of());
  }

  public static Problem of(
      ProblemCode code, String detail, @Nullable String instance, List<Field> errors) {
    return new Problem(
        "urn:backprop:problem:" + code.code(),
        code.title(),
        code.status(),
        detail,
        instance,
        code.code(),
        errors,
        List.of());
  }

  /// The same problem with the ids of what may be meant.
  Problem withIds(List<String> meant) {
    return new Problem(type, title, status, detail, instance, code, errors, meant);
  }
}
