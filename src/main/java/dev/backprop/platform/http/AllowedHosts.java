package dev.backprop.platform.http;

import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.springframework.http.HttpHeaders;

/// The hosts that requests without a key may be sent to: those that no stranger can give a page of
/// the same name, and those that the operator names.
public final class AllowedHosts {

  private static final String BYTE = "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
  private static final Pattern UNNAMED =
      Pattern.compile("%1$s(\\.%1$s){3}|\\[[0-9a-f:.]+]|[^.:\\[\\]]+".formatted(BYTE));

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]+");

  private final Set<String> named;

  AllowedHosts(List<String> named) {
    this.named =
        named.stream().map(name -> name.toLowerCase(Locale.ROOT)).collect(Collectors.toSet());
  }

  /// @throws IllegalArgumentException if one is no name of a host, such as one with a port
  static void check(List<String> names) {
    for (String name : names) {
      if (!NAME.matcher(name).matches()) {
        throw new IllegalArgumentException(
            "backprop.http.allowed-hosts: must be names of hosts such as nets.example.com, without a"
                + " port, separated by commas, had '%s'".formatted(name));
      }
    }
  }

  /// The host without its port, in lower case, as the client of a trusted proxy named it.
  public static String name(HttpServletRequest request) {
    return request.getServerName().toLowerCase(Locale.ROOT);
  }

  public boolean allow(HttpServletRequest request) {
    if (request.getHeader(HttpHeaders.HOST) == null) {
      return false;
    }
    String name = name(request);
    return UNNAMED.matcher(name).matches() || named.contains(name);
  }
}
