package dev.backprop.platform.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A connection on which anything can be sent, also what is no HTTP.
public final class RawConnection implements AutoCloseable {

  private final Socket socket;

  public RawConnection(int port, Duration patience) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout((int) patience.toMillis());
  }

  private RawConnection(Socket socket) {
    this.socket = socket;
  }

  /// A connection whose client takes next to nothing unless it reads.
  static RawConnection ofASlowReader(int port, Duration patience) throws IOException {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(1 << 12);
    socket.setSoTimeout((int) patience.toMillis());
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    return new RawConnection(socket);
  }

  public void send(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    socket.getOutputStream().flush();
  }

  /// The next answer.
  public Answer answer() throws IOException {
    String head = head();
    String length = header(head, "content-length");
    byte[] body;
    if (length != null) {
      body = socket.getInputStream().readNBytes(Integer.parseInt(length));
    } else if (head.toLowerCase(Locale.ROOT).contains("transfer-encoding: chunked")) {
      body = chunks();
    } else {
      body = socket.getInputStream().readAllBytes();
    }
    return new Answer(
        Integer.parseInt(head.substring(9, 12)), head, new String(body, StandardCharsets.UTF_8));
  }

  /// The status line and all headers of the next answer.
  String head() throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      head.append(character());
    }
    return head.toString();
  }

  private byte[] chunks() throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    while (true) {
      StringBuilder size = new StringBuilder();
      while (size.indexOf("\r\n") < 0) {
        size.append(character());
      }
      int length = Integer.parseInt(size.toString().strip(), 16);
      body.writeBytes(socket.getInputStream().readNBytes(length));
      socket.getInputStream().readNBytes(2);
      if (length == 0) {
        return body.toByteArray();
      }
    }
  }

  private char character() throws IOException {
    int c = socket.getInputStream().read();
    if (c < 0) {
      throw new IOException("the service closed the connection");
    }
    return (char) c;
  }

  /// All that still comes until the service closes the connection.
  String rest() throws IOException {
    ByteArrayOutputStream rest = new ByteArrayOutputStream();
    byte[] buffer = new byte[1 << 16];
    try {
      for (int n = read(buffer); n >= 0; n = read(buffer)) {
        rest.write(buffer, 0, n);
      }
    } catch (SocketException _) {
      // Reset: the service had not read all that was sent.
    }
    return rest.toString(StandardCharsets.UTF_8);
  }

  private int read(byte[] into) throws IOException {
    return socket.getInputStream().read(into);
  }

  /// Closes the connection at once: the other side sees it reset.
  void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  private static @Nullable String header(String head, String name) {
    return head.lines()
        .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(name + ":"))
        .map(line -> line.substring(name.length() + 1).strip())
        .findFirst()
        .orElse(null);
  }

  /// @param head the status line and all headers
  public record Answer(int status, String head, String body) {}
}
