package dev.backprop.platform.json;

import dev.backprop.platform.problem.Excerpt;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.UnexpectedEndOfInputException;

/// What is wrong with a text that is no JSON, said by its own words. Jackson's would speak of its
/// options and tokens.
final class JsonSyntax {

  private static final Pattern TOKEN =
      Pattern.compile("(?:Non-standard|Unrecognized) token '(.*?)':", Pattern.DOTALL);
  private static final Pattern CHARACTER =
      Pattern.compile("Unexpected (?:character \\(|close marker )'(.)'", Pattern.DOTALL);
  private static final Pattern NAN = Pattern.compile("(?i)[+-]?nan");
  private static final Pattern INFINITE = Pattern.compile("(?i)[+-]?inf(inity)?");
  private static final Pattern NOTHING = Pattern.compile("(?i)none|nil|null|undefined|na|n/a");
  private static final Pattern TRUTH = Pattern.compile("(?i)true|false");

  private JsonSyntax() {}

  /// The detail for a body with this fault, to stand behind its place.
  static String detail(JacksonException e) {
    String words = String.valueOf(e.getOriginalMessage());
    Matcher token = TOKEN.matcher(words);
    if (token.find()) {
      return noToken(token.group(1));
    }
    if (words.contains("follow minus sign") && words.matches("(?s).*character \\('[Nn]'.*")) {
      return noToken("-NaN");
    }
    return "the body is not JSON here: " + fault(e, words);
  }

  private static String noToken(String token) {
    String instead =
        NAN.matcher(token).matches()
            ? "send null for a missing value"
            : INFINITE.matcher(token).matches()
                ? "send a finite number, or null for a missing value"
                : NOTHING.matcher(token).matches()
                    ? "send null"
                    : TRUTH.matcher(token).matches()
                        ? "send " + token.toLowerCase(Locale.ROOT)
                        : "a text stands in double quotes";
    return "%s is no JSON; %s".formatted(Excerpt.of(token), instead);
  }

  private static String fault(JacksonException e, String words) {
    if (e instanceof UnexpectedEndOfInputException || words.contains("end-of-input")) {
      return words.contains("string") || words.contains("property name")
          ? "it ends within a text"
          : "it ends before what it has begun";
    }
    if (words.contains("Invalid UTF-8") || words.contains("UTF-32")) {
      return "it must be UTF-8, has other bytes";
    }
    if (words.contains("unquoted character")) {
      return "a text must have control characters as escapes, such as \\n";
    }
    if (words.contains("Illegal character")) {
      return "it has a control character between its values";
    }
    if (words.contains("character escape '") || words.contains("hex-digit")) {
      return "a text has an escape that there is not in JSON; a backslash is sent as \\\\";
    }
    if (words.contains("zeroes")) {
      return "a number must not begin with further zeros";
    }
    Matcher found = CHARACTER.matcher(words);
    return expected(words) + (found.find() ? ", has '" + found.group(1) + "'" : "");
  }

  private static String expected(String words) {
    if (words.contains("double-quote")) {
      return "a name of a field in double quotes must follow";
    }
    if (words.contains("colon")) {
      return "a colon must follow the name of a field";
    }
    if (words.contains("comma to separate")) {
      return "a comma must stand between values";
    }
    if (words.contains("numeric value") || words.contains("plus sign")) {
      return "a number must be written as JSON writes it";
    }
    if (words.contains("no open")) {
      return "nothing is open that this would close";
    }
    if (words.contains("close marker")) {
      return words.contains("expected ']'")
          ? "the array must be closed first"
          : "the object must be closed first";
    }
    return words.contains("comment") ? "there are no comments in JSON" : "a value must follow";
  }
}
