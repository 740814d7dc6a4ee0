package dev.backprop.platform.http;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.regex.Pattern;

/// Addresses that begin with the same bits, written `10.0.0.0/8` or `fc00::/7`. One address is a
/// block of its own.
///
/// @param address any one of them
/// @param bits how many of its bits all of them begin with
record AddressBlock(InetAddress address, int bits) {

  /// What else is read as an address names hosts, or leaves parts out.
  private static final Pattern ADDRESS =
      Pattern.compile("[0-9]+(\\.[0-9]+){3}|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

  private static final Pattern BITS = Pattern.compile("[0-9]{1,3}");

  /// @throws IllegalArgumentException saying so if the text is no block
  static AddressBlock of(String text) {
    int slash = text.indexOf('/');
    String host = slash < 0 ? text : text.substring(0, slash);
    String bits = slash < 0 ? "" : text.substring(slash + 1);
    if (!ADDRESS.matcher(host).matches() || (slash >= 0 && !BITS.matcher(bits).matches())) {
      throw invalid(text);
    }
    InetAddress address;
    try {
      address = InetAddress.ofLiteral(host);
    } catch (IllegalArgumentException _) {
      throw invalid(text);
    }
    int most = Byte.SIZE * address.getAddress().length;
    int given = slash < 0 ? most : Integer.parseInt(bits);
    if (given > most) {
      throw new IllegalArgumentException(
          "'%s' must have at most %d bits, has %d".formatted(text, most, given));
    }
    return new AddressBlock(address, given);
  }

  private static IllegalArgumentException invalid(String text) {
    return new IllegalArgumentException(
        "must be addresses, or blocks such as 10.0.0.0/8 and fc00::/7, separated by commas, had '%s'"
            .formatted(text));
  }

  boolean contains(InetAddress other) {
    byte[] these = address.getAddress();
    byte[] those = other.getAddress();
    int whole = bits / Byte.SIZE;
    int rest = Byte.SIZE - bits % Byte.SIZE;
    return these.length == those.length
        && Arrays.equals(these, 0, whole, those, 0, whole)
        && (rest == Byte.SIZE || ((these[whole] ^ those[whole]) & 0xff) >> rest == 0);
  }

  /// Whether one of the blocks has the address.
  ///
  /// @param socket an address as the container writes it, an IPv6 one perhaps with its scope
  static boolean anyContains(Iterable<AddressBlock> blocks, String socket) {
    int scope = socket.indexOf('%');
    InetAddress address = InetAddress.ofLiteral(scope < 0 ? socket : socket.substring(0, scope));
    for (AddressBlock block : blocks) {
      if (block.contains(address)) {
        return true;
      }
    }
    return false;
  }
}
