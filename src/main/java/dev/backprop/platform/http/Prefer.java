package dev.backprop.platform.http;

import dev.backprop.platform.problem.Excerpt;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// `Prefer: wait=N` (RFC 7240, section 4.3): how long an answer may be held back. Preferences that
/// are not known are passed over, as the RFC wants it.
public final class Prefer {

  public static final int MAX_WAIT_SECONDS = 60;

  private static final String HEADER = "Prefer";
  private static final Pattern WAIT = Pattern.compile("(?i)wait\\s*=\\s*\"?([^\";\\s]*)\"?.*");

  private Prefer() {}

  /// How long to wait, zero if nothing is preferred; says so in the answer.
  ///
  /// @throws ProblemException `invalid-parameter` if the time is no number from 0 to 60
  public static Duration wait(HttpServletRequest request, HttpServletResponse response) {
    for (String line : Collections.list(request.getHeaders(HEADER))) {
      for (String preference : List.of(line.split(","))) {
        Matcher wait = WAIT.matcher(preference.strip());
        if (wait.matches()) {
          int seconds = seconds(wait.group(1));
          response.setHeader("Preference-Applied", "wait=" + seconds);
          return Duration.ofSeconds(seconds);
        }
      }
    }
    return Duration.ZERO;
  }

  private static int seconds(String text) {
    if (text.matches("[0-9]{1,9}") && Integer.parseInt(text) <= MAX_WAIT_SECONDS) {
      return Integer.parseInt(text);
    }
    throw new ProblemException(
        ProblemCode.INVALID_PARAMETER,
        "Prefer: wait must be from 0 to %d seconds, was %s"
            .formatted(MAX_WAIT_SECONDS, Excerpt.of(text)));
  }
}
