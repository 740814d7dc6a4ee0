package dev.backprop.platform.http;

import jakarta.servlet.http.HttpServletRequest;

/// Who is at the other end of a request's connection: the client, or a proxy before the service.
/// Nothing that is sent changes it. What the request itself says of its client may come from a
/// proxy's headers.
///
/// @param address of the socket
/// @param forwarded whether there were headers in which proxies tell of their clients, whether they
///   were believed or not
public record Peer(String address, boolean forwarded) {

  private static final String ATTRIBUTE = Peer.class.getName();

  /// Of a request that has come to a controller or a filter.
  public static Peer of(HttpServletRequest request) {
    return request.getAttribute(ATTRIBUTE) instanceof Peer peer
        ? peer
        : new Peer(request.getRemoteAddr(), false);
  }

  void keepIn(HttpServletRequest request) {
    request.setAttribute(ATTRIBUTE, this);
  }
}
