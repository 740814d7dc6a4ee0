package dev.backprop.platform.security;

import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;

/// What a caller may still have, as `RateLimit` and `RateLimit-Policy` say it
/// (draft-ietf-httpapi-ratelimit-headers).
public final class RateLimitHeaders {

  private RateLimitHeaders() {}

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
