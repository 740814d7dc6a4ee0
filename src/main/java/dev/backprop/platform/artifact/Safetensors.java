package dev.backprop.platform.artifact;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.backprop.engine.linalg.FloatStreams;
import dev.backprop.engine.nn.Parameters;
import dev.backprop.platform.json.JsonProblems;
import dev.backprop.platform.problem.Excerpt;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.databind.json.JsonMapper;

/// Parameters in the format of [safetensors](https://github.com/huggingface/safetensors). First
/// comes the length of a header, 8 bytes, the lowest first. The header follows, JSON, filled with
/// spaces to a multiple of 8. Then come the numbers, little-endian and without holes. Every view of
/// the parameters, and of the running statistics behind them, is a tensor of its name, `F32`. If
/// there are several networks, `networks.0.` and so on stand before the names, and the networks one
/// behind the other.
///
/// What is read is checked against the parameters that it is read into, before any number is. They
/// must be the same tensors in any order, of the same shapes, one behind the other.
final class Safetensors {

  /// As in the reference implementation.
  static final long MAX_HEADER = 100_000_000;

  private static final int ALIGNMENT = 8;
  private static final String METADATA = "__metadata__";
  private static final String DTYPE = "F32";

  private final JsonMapper json;

  /// @param json a strict one
  Safetensors(JsonMapper json) {
    this.json = json;
  }

  /// Everything before the numbers: the length of the header and the header.
  ///
  /// @param networks the parameters of each, at least one
  byte[] head(List<Parameters> networks) {
    ByteArrayOutputStream header = new ByteArrayOutputStream();
    header.writeBytes(new byte[Long.BYTES]);
    Map<String, Object> described = new LinkedHashMap<>();
    described.put(METADATA, Map.of("format", "backprop"));
    long start = 0;
    for (int network = 0; network < networks.size(); network++) {
      Parameters parameters = networks.get(network);
      for (Parameters.View view : tensors(parameters)) {
        long begin = start + (long) view.offset() * Float.BYTES;
        long end = start + (long) view.end() * Float.BYTES;
        described.put(
            prefix(network, networks) + view.name(),
            new Described(DTYPE, shape(view), List.of(begin, end)));
      }
      start += (long) parameters.values().length * Float.BYTES;
    }
    header.writeBytes(json.writeValueAsBytes(described));
    while (header.size() % ALIGNMENT != 0) {
      header.write(' ');
    }
    byte[] head = header.toByteArray();
    ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN).putLong(0, head.length - Long.BYTES);
    return head;
  }

  private static String prefix(int network, List<Parameters> networks) {
    return networks.size() == 1 ? "" : "networks." + network + ".";
  }

  private static List<Parameters.View> tensors(Parameters parameters) {
    return Stream.concat(parameters.views().stream(), parameters.statistics().stream()).toList();
  }

  /// (inputs x units) for weights, (categories x units) for embeddings, (n) for vectors.
  private static List<Long> shape(Parameters.View view) {
    return view.weight() || view.columns() > 1
        ? List.of((long) view.rows(), (long) view.columns())
        : List.of((long) view.rows());
  }

  /// Reads to the end of the stream.
  ///
  /// @param into the parameters of each network, which get the numbers
  /// @throws ProblemException `invalid-artifact` if the stream is anything but these parameters,
  ///   all of them finite and no variance negative
  void read(InputStream in, List<Parameters> into) throws IOException {
    byte[] length = in.readNBytes(Long.BYTES);
    if (length.length < Long.BYTES) {
      throw fault("header", "must begin with its length in 8 bytes, had " + length.length);
    }
    long bytes = ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).getLong();
    if (bytes < 0 || bytes > MAX_HEADER) {
      throw fault(
          "header",
          "must have at most %d bytes, has %s".formatted(MAX_HEADER, Long.toUnsignedString(bytes)));
    }
    for (Tensor tensor : header(new Limited(in, bytes), into)) {
      data(in, tensor);
    }
    if (in.read() >= 0) {
      long floats = into.stream().mapToLong(parameters -> parameters.values().length).sum();
      throw fault(
          "file",
          "must have %d bytes, has more".formatted(Long.BYTES + bytes + floats * Float.BYTES));
    }
  }

  /// @param begin of its bytes, behind the header
  private record Tensor(String name, Parameters of, Parameters.View view, long begin) {

    Tensor at(long place) {
      return new Tensor(name, of, view, place);
    }
  }

  private record Described(
      @Nullable String dtype, List<Long> shape, @JsonProperty("data_offsets") List<Long> offsets) {}

  /// @return in the order of their bytes
  private List<Tensor> header(Limited in, List<Parameters> into) throws IOException {
    Map<String, Tensor> expected = new HashMap<>();
    for (int network = 0; network < into.size(); network++) {
      for (Parameters.View view : tensors(into.get(network))) {
        String name = prefix(network, into) + view.name();
        expected.put(name, new Tensor(name, into.get(network), view, 0));
      }
    }
    int count = expected.size();
    List<Tensor> tensors = new ArrayList<>();
    try (JsonParser parser = json.createParser(in)) {
      require(parser.nextToken(), JsonToken.START_OBJECT, "header");
      for (String name = parser.nextName(); name != null; name = parser.nextName()) {
        parser.nextToken();
        if (name.equals(METADATA)) {
          metadata(parser);
          continue;
        }
        Tensor tensor = expected.remove(name);
        if (tensor == null) {
          throw fault(place(name), "must be one of the network's %d, is none".formatted(count));
        }
        tensors.add(tensor.at(begin(tensor, described(parser, place(name)))));
      }
      require(parser.currentToken(), JsonToken.END_OBJECT, "header");
      if (parser.nextToken() != null) {
        throw fault("header", "must end after its object, goes on");
      }
    } catch (JacksonIOException e) {
      throw e.getCause();
    } catch (JacksonException e) {
      throw fault("header", JsonProblems.of(e).detail());
    }
    if (!expected.isEmpty()) {
      throw fault(
          place(expected.keySet().iterator().next()),
          "must be there, %d of %d tensors are".formatted(tensors.size(), count));
    }
    tensors.sort(Comparator.comparingLong(Tensor::begin));
    long end = 0;
    for (Tensor tensor : tensors) {
      if (tensor.begin() != end) {
        throw fault(
            place(tensor.name()),
            "data_offsets must begin at %d, where the tensor before ends, begin at %d"
                .formatted(end, tensor.begin()));
      }
      end += (long) tensor.view().size() * Float.BYTES;
    }
    return tensors;
  }

  private static void metadata(JsonParser parser) {
    require(parser.currentToken(), JsonToken.START_OBJECT, METADATA);
    while (parser.nextName() != null) {
      require(parser.nextToken(), JsonToken.VALUE_STRING, METADATA);
    }
    require(parser.currentToken(), JsonToken.END_OBJECT, METADATA);
  }

  private static Described described(JsonParser parser, String place) {
    require(parser.currentToken(), JsonToken.START_OBJECT, place);
    String dtype = null;
    List<Long> shape = List.of();
    List<Long> offsets = List.of();
    for (String field = parser.nextName(); field != null; field = parser.nextName()) {
      parser.nextToken();
      switch (field) {
        case "dtype" -> {
          require(parser.currentToken(), JsonToken.VALUE_STRING, place + " dtype");
          dtype = parser.getString();
        }
        case "shape" -> shape = numbers(parser, place + " shape");
        case "data_offsets" -> offsets = numbers(parser, place + " data_offsets");
        default -> throw fault(place, "has an unknown field '" + Excerpt.of(field) + "'");
      }
    }
    require(parser.currentToken(), JsonToken.END_OBJECT, place);
    return new Described(dtype, shape, offsets);
  }

  private static List<Long> numbers(JsonParser parser, String place) {
    require(parser.currentToken(), JsonToken.START_ARRAY, place);
    List<Long> numbers = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      require(parser.currentToken(), JsonToken.VALUE_NUMBER_INT, place);
      numbers.add(parser.getLongValue());
      if (numbers.size() > 2) {
        throw fault(place, "must have at most 2 numbers, has more");
      }
    }
    return numbers;
  }

  private static long begin(Tensor tensor, Described described) {
    String place = place(tensor.name());
    Parameters.View view = tensor.view();
    if (!DTYPE.equals(described.dtype())) {
      throw fault(
          place,
          "dtype must be %s, was %s"
              .formatted(DTYPE, Excerpt.of(String.valueOf(described.dtype()))));
    }
    List<Long> shape = shape(view);
    if (!described.shape().equals(shape)) {
      throw fault(place, "shape must be %s, was %s".formatted(shape, described.shape()));
    }
    if (described.offsets().size() != 2) {
      throw fault(place, "data_offsets must be 2 numbers, were " + described.offsets().size());
    }
    long begin = described.offsets().getFirst();
    long end = described.offsets().getLast();
    long bytes = (long) view.size() * Float.BYTES;
    if (begin < 0 || end < begin || end - begin != bytes) {
      throw fault(
          place,
          "data_offsets must be %d bytes apart, were %s".formatted(bytes, described.offsets()));
    }
    return begin;
  }

  private static void data(InputStream in, Tensor tensor) throws IOException {
    Parameters.View view = tensor.view();
    float[] values = tensor.of().values();
    boolean variance = tensor.of().isVariance(view);
    try {
      FloatStreams.read(in, values, view.offset(), view.end());
    } catch (EOFException e) {
      throw fault(place(tensor.name()), String.valueOf(e.getMessage()));
    }
    for (int i = view.offset(); i < view.end(); i++) {
      if (!Float.isFinite(values[i])) {
        throw fault(
            place(tensor.name()),
            "must be finite, was %s at %d".formatted(values[i], i - view.offset()));
      }
      if (variance && values[i] < 0) {
        throw fault(
            place(tensor.name()),
            "must be at least 0, was %s at %d".formatted(values[i], i - view.offset()));
      }
    }
  }

  private static void require(@Nullable JsonToken found, JsonToken expected, String place) {
    if (found != expected) {
      throw fault(place, "must have %s here, has %s".formatted(word(expected), word(found)));
    }
  }

  private static String word(@Nullable JsonToken token) {
    return switch (token) {
      case START_OBJECT -> "an object";
      case END_OBJECT -> "the end of an object";
      case START_ARRAY -> "an array";
      case END_ARRAY -> "the end of an array";
      case VALUE_STRING -> "a string";
      case VALUE_NUMBER_INT -> "a whole number";
      case null -> "nothing";
      default -> "something else";
    };
  }

  private static String place(String tensor) {
    return "tensor '" + Excerpt.of(tensor) + "'";
  }

  private static ProblemException fault(String place, String detail) {
    return new ProblemException(ProblemCode.INVALID_ARTIFACT, place + ": " + detail)
        .in(ArtifactCodec.WEIGHTS);
  }

  /// The header's bytes of the stream.
  private static final class Limited extends InputStream {

    private final InputStream in;
    private long left;

    Limited(InputStream in, long bytes) {
      this.in = in;
      this.left = bytes;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      if (left == 0 || length == 0) {
        return length == 0 ? 0 : -1;
      }
      int n = in.read(into, offset, (int) Math.min(length, left));
      if (n < 0) {
        throw fault("header", "ends %d bytes too early".formatted(left));
      }
      left -= n;
      return n;
    }
  }
}
