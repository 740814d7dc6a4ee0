package dev.backprop.platform.caller;

import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;

/// What a caller may still have, as `RateLimit` and `RateLimit-Policy` say it
/// (draft-ietf-httpapi-ratelimit-headers).
public final class RateLimitHeaders {

  private RateLimitHeaders() {}

  /// Of something of which a certain number may be at once, and is.
  ///
  /// @param policy the name of the limit
  /// @param quota how many may be
  /// @param retryAfter when to look again
  public static void writeReached(
      HttpServletResponse response, String policy, long quota, Duration retryAfter) {
    String name = "\"" + policy + "\";";
    response.setHeader("RateLimit", name + "r=0;t=" + retryAfter.toSeconds());
    response.setHeader("RateLimit-Policy", name + "q=" + quota);
  }

  /// @param policy the name of the limit
  /// @param quota what the caller may have in all
  /// @param remaining what is left of it
  /// @param window after which the quota is whole again
  public static void write(
      HttpServletResponse response, String policy, long quota, long remaining, Duration window) {
    String name = "\"" + policy + "\";";
    long seconds = Math.max(1, window.toSeconds());
    response.setHeader("RateLimit", name + "r=" + remaining + ";t=" + seconds);
    response.setHeader("RateLimit-Policy", name + "q=" + quota + ";w=" + seconds);
  }
}
