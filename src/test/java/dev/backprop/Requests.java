package dev.backprop;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;

/// Bodies of training requests.
public final class Requests {

  public static final String XOR_DATA =
      """
      {"inputs": [[0,0],[0,1],[1,0],[1,1]], "targets": [[0],[1],[1],[0]]}""";

  private Requests() {}

  public static String xor(String model) {
    return """
    {"model": "%s", "data": %s,
     "network": {"layers": [{"type": "dense", "units": 8, "activation": "tanh"}],
                 "output": {"activation": "sigmoid"}},
     "training": {"epochs": 300, "optimizer": {"type": "adam", "learningRate": 0.05}}}"""
        .formatted(model, XOR_DATA);
  }

  /// Runs for many minutes unless it is cancelled.
  public static String endless(String model) {
    return """
    {"model": "%s", "data": {%s},
     "network": {"layers": [{"type": "dense", "units": 512}, {"type": "dense", "units": 512}]},
     "training": {"epochs": 10000, "batchSize": 16, "earlyStopping": null, "optimizer": {"type": "sgd", "learningRate": 1e-6}}}"""
        .formatted(model, bareRows(256));
  }

  /// Learns the same as [#xor] for that long.
  public static String seconds(String model, int seconds) {
    return """
    {"model": "%s", "data": %s,
     "network": {"layers": [{"type": "dense", "units": 512}, {"type": "dense", "units": 512}]},
     "training": {"epochs": 10000, "maxSeconds": %d, "optimizer": {"type": "sgd", "learningRate": 1e-6}}}"""
        .formatted(model, XOR_DATA, seconds);
  }

  /// `"inputs": …, "targets": …` of that many rows.
  public static String bareRows(int rows) {
    String inputs =
        IntStream.range(0, rows)
            .mapToObj(i -> "[%d,%d]".formatted(i % 7, i % 11))
            .collect(Collectors.joining(","));
    String targets =
        IntStream.range(0, rows)
            .mapToObj(i -> "[%d]".formatted(i % 2))
            .collect(Collectors.joining(","));
    return "\"inputs\": [%s], \"targets\": [%s]".formatted(inputs, targets);
  }

  /// `"rows": …` of all penguins.
  public static String penguinRows() {
    List<String> lines = penguinsCsv().replace("\"", "").lines().toList();
    String[] names = lines.getFirst().split(",");
    return lines.stream()
        .skip(1)
        .map(line -> row(names, line.split(",", -1)))
        .collect(Collectors.joining(",\n", "\"rows\": [", "]"));
  }

  public static String penguinsCsv() {
    try {
      return Files.readString(Path.of("docs", "samples", "penguins.csv"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String row(String[] names, String[] cells) {
    return IntStream.range(0, names.length)
        .mapToObj(i -> "\"%s\": %s".formatted(names[i], value(cells[i])))
        .collect(Collectors.joining(", ", "{", "}"));
  }

  private static String value(String cell) {
    if (cell.isEmpty() || cell.equals("NA")) {
      return "null";
    }
    return cell.matches("-?[0-9.]+") ? cell : "\"" + cell + "\"";
  }

  public static String json(String... parts) {
    return Arrays.stream(parts).collect(Collectors.joining(", ", "{", "}"));
  }

  public static byte[] gzipped(byte[] bytes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (OutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }
}
