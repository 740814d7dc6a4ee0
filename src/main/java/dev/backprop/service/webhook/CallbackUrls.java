package dev.backprop.service.webhook;

import dev.backprop.platform.problem.Excerpt;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Which URLs may be called. The list of hosts is all that keeps clients from sending this service
/// where only it can reach.
public final class CallbackUrls {

  /// Where nothing is called.
  public static final CallbackUrls NONE = new CallbackUrls(List.of(), false);

  private static final String POINTER = "/callback";
  private static final int MAX_LENGTH = 2_000;
  private static final int MAX_PORT = 65_535;
  private static final Pattern HOST =
      Pattern.compile("[A-Za-z0-9._-]+|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");

  private final Set<String> hosts;
  private final boolean signed;

  /// @param hosts names and addresses
  /// @param signed whether there is a secret to sign calls with
  CallbackUrls(List<String> hosts, boolean signed) {
    this.hosts = hosts.stream().map(CallbackUrls::plain).collect(Collectors.toSet());
    this.signed = signed;
  }

  /// @throws IllegalArgumentException if one is no host, such as one with a port
  static void checkHosts(List<String> hosts) {
    for (String host : hosts) {
      if (!HOST.matcher(plain(host)).matches()) {
        throw new IllegalArgumentException(
            "backprop.webhook.allowed-hosts: must be hosts such as hooks.example.com, without a scheme or a port, separated by commas, had '%s'"
                .formatted(host));
      }
    }
  }

  /// Lower-case, and an IPv6 address without its brackets.
  private static String plain(String host) {
    String lower = host.toLowerCase(Locale.ROOT);
    return lower.startsWith("[") && lower.endsWith("]")
        ? lower.substring(1, lower.length() - 1)
        : lower;
  }

  /// @param url of a request; null if it has none
  /// @throws ProblemException 422 if it may not be called
  public void check(@Nullable String url) {
    if (url == null) {
      return;
    }
    if (!signed) {
      throw refused("must be left out while backprop.webhook.secret is not set, which signs calls");
    }
    if (hosts.isEmpty()) {
      throw refused("must be left out while backprop.webhook.allowed-hosts names no host");
    }
    String host = host(parsed(url));
    if (!hosts.contains(plain(host))) {
      throw refused(
          "must have a host of backprop.webhook.allowed-hosts, has '%s'"
              .formatted(Excerpt.of(host)));
    }
  }

  /// Whether its host may still be called.
  ///
  /// @param url that was checked before, perhaps with another list
  boolean allow(URI url) {
    return url.getHost() != null && hosts.contains(plain(url.getHost()));
  }

  private static URI parsed(String url) {
    if (url.length() > MAX_LENGTH) {
      throw refused("must have at most %d characters, has %d".formatted(MAX_LENGTH, url.length()));
    }
    if (!url.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
      throw refused("must have no blanks and only characters of ASCII; write the others as %20");
    }
    try {
      return new URI(url);
    } catch (URISyntaxException e) {
      throw refused("must be a URL: %s at character %d".formatted(e.getReason(), e.getIndex() + 1));
    }
  }

  private static String host(URI url) {
    if (!"http".equalsIgnoreCase(url.getScheme()) && !"https".equalsIgnoreCase(url.getScheme())) {
      throw refused(
          "must begin with http:// or https://, has %s"
              .formatted(
                  url.getScheme() == null
                      ? "no scheme"
                      : "the scheme '%s'".formatted(Excerpt.of(url.getScheme()))));
    }
    if (url.getRawAuthority() != null && url.getRawAuthority().contains("@")) {
      throw refused("must have no user part");
    }
    if (url.getHost() == null) {
      throw refused("must have a host of letters, digits, dots and hyphens, has none");
    }
    if (url.getPort() == 0 || url.getPort() > MAX_PORT) {
      throw refused("must have a port from 1 to %d, has %d".formatted(MAX_PORT, url.getPort()));
    }
    if (url.getRawFragment() != null) {
      throw refused("must have no fragment, which would not be sent");
    }
    return url.getHost();
  }

  private static ProblemException refused(String detail) {
    return ProblemException.at(ProblemCode.INVALID_SPEC, POINTER, detail);
  }
}
