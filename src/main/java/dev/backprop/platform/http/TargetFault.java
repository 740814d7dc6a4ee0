package dev.backprop.platform.http;

import dev.backprop.platform.problem.Excerpt;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What is wrong with the path or the query of a request: which character is not escaped, or which
/// escape is none, and what to send instead.
final class TargetFault {

  /// The container's words, with what it could not read; a byte that cannot be printed is `0xc3`
  /// there. It says the latter of what stands where the version of HTTP should.
  private static final Pattern UNREAD =
      Pattern.compile(
          "found in the (request target|HTTP protocol) \\[(?:https?://)?([^/]*)(.*)]",
          Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

  private static final Pattern MUST_BE_ESCAPED =
      Pattern.compile("0x([0-9a-f]{2})|[ \"<>\\\\^`{|}#\\[\\]]");

  private static final Pattern ESCAPES = Pattern.compile("(?:%[0-9a-fA-F]{2})+");
  private static final Pattern NO_ESCAPE = Pattern.compile("%(?![0-9a-fA-F]{2}).{0,2}");
  private static final Pattern BRACKET = Pattern.compile("[\\[\\]]");
  private static final Pattern NO_NAME_HAS = Pattern.compile("(?i)%(?:2f|5c|00)");
  private static final HexFormat HEX = HexFormat.of().withUpperCase();

  private TargetFault() {}

  /// Of a request that the container has refused.
  ///
  /// @param refusal what it could not read; null if it read the request line
  /// @param path as it was sent, null if it was not read
  /// @param query as it was sent, null if there is none
  /// @return null if nothing is wrong with them
  static @Nullable String of(
      @Nullable Throwable refusal, @Nullable String path, @Nullable String query) {
    Matcher unread = UNREAD.matcher(refusal == null ? "" : String.valueOf(refusal.getMessage()));
    if (unread.find()) {
      return unread.group(1).equals("request target")
          ? inTarget(unread.group(3).stripTrailing())
          : "the URL has a raw space, which must be sent as %20";
    }
    String inPath = path == null ? null : inPath(path);
    return inPath == null && query != null ? inQuery(query) : inPath;
  }

  private static @Nullable String inTarget(String target) {
    Matcher found = MUST_BE_ESCAPED.matcher(target);
    if (!found.find()) {
      return null;
    }
    String where = target.substring(0, found.start()).contains("?") ? "query" : "path";
    return found.group(1) == null
        ? unescaped(where, found.group().charAt(0))
        : "the %s has the raw byte 0x%s, which must be sent as %%%2$s, as every byte of UTF-8 that is not ASCII"
            .formatted(where, found.group(1).toUpperCase(Locale.ROOT));
  }

  private static String unescaped(String where, char c) {
    return "the %s has the raw character '%s', which must be sent as %%%s"
        .formatted(where, c, HEX.toHexDigits((byte) c));
  }

  private static @Nullable String inPath(String path) {
    String fault = in("path", path);
    Matcher refused = NO_NAME_HAS.matcher(path);
    return fault == null && refused.find()
        ? "the path has the escape %s, which stands in no name".formatted(refused.group())
        : fault;
  }

  /// @return null if nothing is wrong with it
  static @Nullable String inQuery(String query) {
    String fault = in("query", query);
    if (fault != null) {
      return fault;
    }
    for (String parameter : query.split("&", -1)) {
      if (parameter.startsWith("=")) {
        return "the query has a value without a name, '%s'".formatted(Excerpt.of(parameter));
      }
    }
    return null;
  }

  private static @Nullable String in(String where, String text) {
    Matcher bracket = BRACKET.matcher(text);
    if (bracket.find()) {
      return unescaped(where, bracket.group().charAt(0));
    }
    Matcher none = NO_ESCAPE.matcher(text);
    if (none.find()) {
      return "the %s has '%s': two hexadecimal digits must follow a %%, which itself is sent as %%25"
          .formatted(where, none.group());
    }
    Matcher escapes = ESCAPES.matcher(text);
    while (escapes.find()) {
      String malformed = noUtf8(escapes.group());
      if (malformed != null) {
        return "the %s has the escape %s, which is no UTF-8; ä is sent as %%C3%%A4"
            .formatted(where, malformed);
      }
    }
    return null;
  }

  /// The first of these escapes that are no UTF-8; null if all are.
  private static @Nullable String noUtf8(String escapes) {
    ByteBuffer bytes = ByteBuffer.wrap(HexFormat.of().parseHex(escapes.replace("%", "")));
    CoderResult result =
        StandardCharsets.UTF_8
            .newDecoder()
            .decode(bytes, CharBuffer.allocate(bytes.remaining()), true);
    return result.isError()
        ? escapes.substring(3 * bytes.position(), 3 * (bytes.position() + result.length()))
        : null;
  }
}
