package dev.backprop.platform.http;

import jakarta.servlet.http.HttpServletRequest;
import java.util.List;

/// Who is at the other end of a request's connection: the client, or a proxy before the service.
/// Nothing that is sent changes it. What the request itself says of its client may come from a
/// proxy's headers.
///
/// @param address of the socket
/// @param forwarded whether there were headers in which proxies tell of their clients, whether they
///   were believed or not
public record Peer(String address, boolean forwarded) {

  private static final List<AddressBlock> LOOPBACK =
      List.of(AddressBlock.of("127.0.0.0/8"), AddressBlock.of("::1"));

  private static final String ATTRIBUTE = Peer.class.getName();

  /// Of a request that has come to a controller or a filter.
  public static Peer of(HttpServletRequest request) {
    return request.getAttribute(ATTRIBUTE) instanceof Peer peer
        ? peer
        : new Peer(request.getRemoteAddr(), false);
  }

  /// Whether it is of this machine.
  public boolean isLoopback() {
    return AddressBlock.anyContains(LOOPBACK, address);
  }

  void keepIn(HttpServletRequest request) {
    request.setAttribute(ATTRIBUTE, this);
  }
}
