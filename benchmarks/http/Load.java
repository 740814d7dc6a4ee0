import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Sends requests over keep-alive connections, each its next request as soon as the answer to the last one has come.
/// One thread does this: the generator should cost the server's cores as little as possible.
///
/// `java Load.java http://127.0.0.1:8080 connections seconds rounds name=/path name=/path:body …`
///
/// A target whose name begins with `trivial` is the yardstick of those behind it.
/// A path followed by a colon and JSON is a POST, any other a GET. Before the path, `[Name: value]` is a header.
///
/// In every round each path is loaded in turn, so that all of them see the same noise; before the first round each is
/// warmed up for as long. Prints every run, then the medians over the rounds.
class Load {
  record Run(double perSecond, double p50, double p99, double max, long errors) {}

  /// One connection: its request under way, since when, and what has come of the answer.
  static final class Connection {
    final SocketChannel channel;
    final ByteBuffer request;
    final ByteBuffer answer = ByteBuffer.allocate(64 * 1024);
    long sent;

    Connection(InetSocketAddress address, byte[] request) throws IOException {
      channel = SocketChannel.open(address);
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.configureBlocking(false);
      this.request = ByteBuffer.wrap(request);
    }

    void send() throws IOException {
      answer.clear();
      request.rewind();
      sent = System.nanoTime();
      while (request.hasRemaining()) {
        channel.write(request);
      }
    }

    /// Whether the whole answer is there; its end is found by Content-Length or by the last chunk.
    boolean complete() {
      byte[] bytes = answer.array();
      int end = answer.position();
      int head = endOfHead(bytes, end);
      if (head < 0) {
        return false;
      }
      String headers = new String(bytes, 0, head, StandardCharsets.ISO_8859_1).toLowerCase();
      int length = headers.indexOf("content-length:");
      if (length >= 0) {
        int lineEnd = headers.indexOf("\r\n", length);
        String value = headers.substring(length + 15, lineEnd < 0 ? head : lineEnd).trim();
        return end >= head + 4 + Integer.parseInt(value);
      }
      return end >= 5 && new String(bytes, end - 5, 5, StandardCharsets.ISO_8859_1).equals("0\r\n\r\n");
    }

    boolean ok() {
      return new String(answer.array(), 9, 3, StandardCharsets.ISO_8859_1).equals("200");
    }

    private static int endOfHead(byte[] bytes, int end) {
      for (int i = 0; i + 4 <= end; i++) {
        if (bytes[i] == '\r' && bytes[i + 1] == '\n' && bytes[i + 2] == '\r' && bytes[i + 3] == '\n') {
          return i;
        }
      }
      return -1;
    }
  }

  public static void main(String[] args) throws IOException {
    URI base = URI.create(args[0]);
    int connections = Integer.parseInt(args[1]);
    double seconds = Double.parseDouble(args[2]);
    int rounds = Integer.parseInt(args[3]);
    List<String[]> targets = new ArrayList<>();
    for (int i = 4; i < args.length; i++) {
      targets.add(args[i].split("=", 2));
    }
    for (String[] target : targets) {
      print("warm-up", target[0], run(base, target[1], connections, seconds));
    }
    List<List<Run>> runs = new ArrayList<>();
    targets.forEach(target -> runs.add(new ArrayList<>()));
    for (int round = 1; round <= rounds; round++) {
      for (int t = 0; t < targets.size(); t++) {
        Run run = run(base, targets.get(t)[1], connections, seconds);
        runs.get(t).add(run);
        print("round " + round, targets.get(t)[0], run);
      }
    }
    System.out.printf("%nMedians of %d rounds of %.0f s, %d connections:%n%n", rounds, seconds, connections);
    System.out.println("| request | requests/s | of the trivial one | p50 ms | p99 ms | errors in all |");
    System.out.println("|---|---|---|---|---|---|");
    double trivial = Double.NaN;
    long errors = 0;
    for (int t = 0; t < targets.size(); t++) {
      List<Run> of = runs.get(t);
      double rate = median(of.stream().mapToDouble(Run::perSecond).toArray());
      trivial = targets.get(t)[0].startsWith("trivial") ? rate : trivial;
      long failed = of.stream().mapToLong(Run::errors).sum();
      errors += failed;
      System.out.printf("| %s | %.0f | %.2f | %.2f | %.2f | %d |%n", targets.get(t)[0], rate, rate / trivial,
          median(of.stream().mapToDouble(Run::p50).toArray()), median(of.stream().mapToDouble(Run::p99).toArray()), failed);
    }
    System.exit(errors == 0 ? 0 : 1);
  }

  static Run run(URI base, String path, int connections, double seconds) throws IOException {
    byte[] request = request(base, path).getBytes(StandardCharsets.US_ASCII);
    InetSocketAddress address = new InetSocketAddress(base.getHost(), base.getPort());
    long[] latencies = new long[1 << 16];
    int count = 0;
    long errors = 0;
    try (Selector selector = Selector.open()) {
      long begin = System.nanoTime();
      long end = begin + (long) (seconds * 1e9);
      for (int i = 0; i < connections; i++) {
        Connection connection = new Connection(address, request);
        connection.channel.register(selector, SelectionKey.OP_READ, connection);
        connection.send();
      }
      while (System.nanoTime() < end) {
        selector.select(100);
        var keys = selector.selectedKeys().iterator();
        while (keys.hasNext()) {
          SelectionKey key = keys.next();
          keys.remove();
          Connection connection = (Connection) key.attachment();
          if (connection.channel.read(connection.answer) < 0) {
            errors++;
            key.cancel();
            connection.channel.close();
            Connection fresh = new Connection(address, request);
            fresh.channel.register(selector, SelectionKey.OP_READ, fresh);
            fresh.send();
          } else if (connection.complete()) {
            if (count == latencies.length) {
              latencies = Arrays.copyOf(latencies, 2 * count);
            }
            latencies[count++] = System.nanoTime() - connection.sent;
            if (!connection.ok()) {
              errors++;
            }
            connection.send();
          }
        }
      }
      double took = (System.nanoTime() - begin) / 1e9;
      for (SelectionKey key : selector.keys()) {
        key.channel().close();
      }
      long[] sorted = Arrays.copyOf(latencies, count);
      Arrays.sort(sorted);
      return new Run(count / took, at(sorted, 0.5), at(sorted, 0.99), at(sorted, 1), errors);
    }
  }

  static String request(URI base, String target) {
    int header = target.startsWith("[") ? target.indexOf(']') : -1;
    String given = header < 0 ? "" : target.substring(1, header) + "\r\n";
    String[] parts = target.substring(header + 1).split(":", 2);
    String body = parts.length == 1 ? "" : parts[1];
    String content =
        parts.length == 1 ? "" : "Content-Type: application/json\r\nContent-Length: " + body.length() + "\r\n";
    return (parts.length == 1 ? "GET " : "POST ") + parts[0] + " HTTP/1.1\r\nHost: " + base.getAuthority()
        + "\r\nAccept: application/json\r\n" + given + content + "\r\n" + body;
  }

  static double at(long[] sorted, double quantile) {
    return sorted.length == 0 ? Double.NaN : sorted[(int) Math.min(sorted.length - 1, quantile * sorted.length)] / 1e6;
  }

  static double median(double[] values) {
    Arrays.sort(values);
    int middle = values.length / 2;
    return values.length % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
  }

  static void print(String when, String name, Run run) {
    System.out.printf("%-8s %-16s %8.0f requests/s  p50 %6.2f ms  p99 %6.2f ms  max %7.2f ms  errors %d%n",
        when, name, run.perSecond(), run.p50(), run.p99(), run.max(), run.errors());
  }
}
