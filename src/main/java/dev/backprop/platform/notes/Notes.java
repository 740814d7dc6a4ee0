package dev.backprop.platform.notes;

import dev.backprop.engine.spec.InvalidSpecException;
import dev.backprop.platform.problem.Excerpt;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What people say of a version, a data set or a training. A tag has no comma, so that several can
/// stand in one parameter and in one column.
///
/// @param description null if there is none
/// @param tags in the order in which they were given
public record Notes(@Nullable String description, List<String> tags) {

  private static final int MAX_DESCRIPTION = 1_000;
  private static final int MAX_TAGS = 20;
  private static final int MAX_TAG = 50;

  private static final String SEPARATOR = ",";

  /// What a text takes beside its characters.
  private static final long TEXT_BYTES = 64;

  public static final Notes NONE = new Notes(null, List.of());

  public Notes {
    if (description != null) {
      checkDescription(description);
    }
    tags = List.copyOf(tags);
    if (tags.size() > MAX_TAGS) {
      throw new InvalidSpecException(
          "/tags", "must be at most %d, were %d".formatted(MAX_TAGS, tags.size()));
    }
    Set<String> before = new HashSet<>();
    for (int i = 0; i < tags.size(); i++) {
      checkTag("/tags/" + i, tags.get(i));
      if (!before.add(tags.get(i))) {
        throw new InvalidSpecException(
            "/tags/" + i, "must be given once, '%s' was given before".formatted(tags.get(i)));
      }
    }
  }

  /// As a body has them.
  ///
  /// @param tags null for none
  public static Notes of(@Nullable String description, @Nullable List<String> tags) {
    return description == null && tags == null
        ? NONE
        : new Notes(description, tags == null ? List.of() : tags);
  }

  /// As a query has them.
  ///
  /// @param tags separated by commas, blanks around them do not count
  /// @throws ProblemException 400 if they cannot be
  public static Notes ofQuery(@Nullable String description, @Nullable String tags) {
    return checked(() -> of(description, tags == null ? null : parts(tags)));
  }

  /// A tag to look for.
  ///
  /// @throws ProblemException 400 if there can be no such tag
  public static @Nullable String ofQuery(@Nullable String tag) {
    return checked(
        () -> {
          if (tag != null) {
            checkTag("/tag", tag);
          }
          return tag;
        });
  }

  private static <T extends @Nullable Object> T checked(Supplier<T> said) {
    try {
      return said.get();
    } catch (InvalidSpecException e) {
      throw new ProblemException(
          ProblemCode.INVALID_PARAMETER, "%s: %s".formatted(name(e.pointer()), e.detail()));
    }
  }

  /// Of `/tags/3` it is `tags`.
  private static String name(String pointer) {
    return pointer.split("/", -1)[1];
  }

  /// As they are kept, see [#joinedTags].
  public static Notes ofColumns(@Nullable String description, @Nullable String tags) {
    return of(description, tags == null ? null : parts(tags));
  }

  private static List<String> parts(String tags) {
    return Stream.of(tags.split(SEPARATOR, -1)).map(String::strip).toList();
  }

  /// The tags as one text, separated by commas; null if there are none.
  public @Nullable String joinedTags() {
    return tags.isEmpty() ? null : String.join(SEPARATOR, tags);
  }

  /// The tag as it stands among joined ones, if a comma is set before and behind these.
  public static String amongJoined(String tag) {
    return SEPARATOR + tag + SEPARATOR;
  }

  public boolean isEmpty() {
    return description == null && tags.isEmpty();
  }

  /// Whether a list shows what has these notes.
  ///
  /// @param tag that is looked for; null for everything
  public boolean match(@Nullable String tag) {
    return tag == null || tags.contains(tag);
  }

  /// About what they take in memory.
  public long bytes() {
    long bytes = description == null ? 0 : TEXT_BYTES + 2L * description.length();
    for (String tag : tags) {
      bytes += TEXT_BYTES + 2L * tag.length();
    }
    return bytes;
  }

  private static void checkDescription(String text) {
    int length = text.codePointCount(0, text.length());
    if (text.isBlank() || length > MAX_DESCRIPTION) {
      throw new InvalidSpecException(
          "/description",
          "must have 1 to %d characters, not only blanks, had %d"
              .formatted(MAX_DESCRIPTION, length));
    }
    if (text.chars().anyMatch(c -> Character.isISOControl(c) && "\n\r\t".indexOf(c) < 0)) {
      throw new InvalidSpecException(
          "/description", "must not have control characters but line breaks and tabs");
    }
    checkUnicode("/description", text);
  }

  private static void checkTag(String pointer, String tag) {
    int length = tag.codePointCount(0, tag.length());
    if (tag.isBlank() || length > MAX_TAG) {
      throw new InvalidSpecException(
          pointer,
          "must have 1 to %d characters, not only blanks, had %d".formatted(MAX_TAG, length));
    }
    checkUnicode(pointer, tag);
    if (!tag.equals(tag.strip())
        || tag.contains(SEPARATOR)
        || tag.chars().anyMatch(Character::isISOControl)) {
      throw new InvalidSpecException(
          pointer,
          "must have no comma, no control character and no blanks around it, was '%s'"
              .formatted(Excerpt.of(tag)));
    }
  }

  /// Neither an answer nor a database could write any other text.
  private static void checkUnicode(String pointer, String text) {
    if (!Excerpt.isWellFormed(text)) {
      throw new InvalidSpecException(pointer, "must be Unicode text, has half of a surrogate pair");
    }
  }
}
