package dev.backprop.platform.caller;

import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.AuthenticatedPrincipal;

/// Who sends a request: the holder of a key, the subject of a token, or somebody without either.
///
/// @param id of the key, or the subject of the token; null if the request came without either
/// @param role what the caller may do
/// @param modelPrefixes what the names of models must begin with for the caller to see them; empty
///   if the caller sees all
/// @param limits how much the caller may have
public record Caller(
    @Nullable String id, Role role, List<String> modelPrefixes, CallerLimits limits)
    implements AuthenticatedPrincipal {

  /// Beginnings of names that a caller can be limited to.
  public static final int MOST_PREFIXES = 20;

  private static final Set<Integer> UNPRINTABLE =
      Set.of(
          (int) Character.CONTROL,
          (int) Character.FORMAT,
          (int) Character.SURROGATE,
          (int) Character.UNASSIGNED,
          (int) Character.LINE_SEPARATOR,
          (int) Character.PARAGRAPH_SEPARATOR);

  /// The service itself, and whoever came without a key where that is allowed everything.
  public static final Caller ANYBODY = withoutKey(Role.ADMIN);

  public Caller {
    modelPrefixes = List.copyOf(modelPrefixes);
  }

  /// Whether a text for people, or one that names a caller, has only characters that can be seen.
  public static boolean isPrintable(String text) {
    return text.codePoints().noneMatch(c -> UNPRINTABLE.contains(Character.getType(c)));
  }

  public static Caller withoutKey(Role role) {
    return new Caller(null, role, List.of(), CallerLimits.NONE);
  }

  /// The id; empty if there is none.
  @Override
  public String getName() {
    return id == null ? "" : id;
  }

  public boolean isAdmin() {
    return role == Role.ADMIN;
  }

  /// Whether there is a model of this name for the caller, if there is one at all.
  public boolean seesModel(String name) {
    return modelPrefixes.isEmpty() || modelPrefixes.stream().anyMatch(name::startsWith);
  }

  /// Whether there is a data set of this owner for the caller.
  ///
  /// @param owner null if it has none
  /// @param shared whether its owner shows it to all
  public boolean seesDataset(@Nullable String owner, boolean shared) {
    return isAdmin() || owner == null || shared || owner.equals(id);
  }

  /// Whether something of this owner is the caller's to delete.
  ///
  /// @param owner null if it has none
  public boolean mayDelete(@Nullable String owner) {
    return isAdmin() || (owner != null && owner.equals(id));
  }

  /// @param what such as "data set 17", for the problem
  /// @throws ProblemException 403 `forbidden` if it is not the caller's to delete
  public void requireMayDelete(@Nullable String owner, String what) {
    if (!mayDelete(owner)) {
      throw new ProblemException(
          ProblemCode.FORBIDDEN,
          owner == null
              ? what + " was made without a key: only the role admin deletes it"
              : what + " is of another owner: only that one and the role admin delete it");
    }
  }

  /// @throws ProblemException 403 `forbidden` if the caller may make no model of this name
  public void requireMayMake(String model) {
    if (!seesModel(model)) {
      throw new ProblemException(
          ProblemCode.FORBIDDEN,
          "the key is limited to models whose names begin with %s, this one is '%s'"
              .formatted(String.join(" or ", modelPrefixes), model));
    }
  }
}
