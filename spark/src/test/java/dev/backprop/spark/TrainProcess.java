package dev.backprop.spark;

import dev.backprop.platform.json.StrictJson;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;

/// A training in a process of its own, on a master of its own.
final class TrainProcess implements AutoCloseable {

  private static final long PATIENCE_SECONDS = 240;

  private final Process process;
  private final BufferedReader out;
  private final List<JsonNode> events = new ArrayList<>();

  private TrainProcess(Process process) {
    this.process = process;
    this.out = process.inputReader();
  }

  /// @param log gets what the process writes to its standard error
  static TrainProcess start(String master, Path log, List<String> arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElse("java"));
    java.lang.management.ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(flag -> flag.startsWith("--") || flag.startsWith("-XX") || flag.startsWith("-D"))
        .forEach(command::add);
    command.addAll(
        List.of(
            "-Xmx1g",
            "-cp",
            System.getProperty("java.class.path"),
            "-Dspark.master=" + master,
            "-Dspark.executor.extraClassPath=" + System.getProperty("java.class.path"),
            "-Dspark.ui.enabled=false",
            "-Dspark.sql.shuffle.partitions=2",
            "-Dspark.sql.session.timeZone=UTC",
            "dev.backprop.spark.Train"));
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command).redirectError(log.toFile());
    builder.environment().putAll(Map.of("SPARK_LOCAL_IP", "127.0.0.1"));
    builder.environment().putAll(home(Objects.requireNonNull(log.getParent())));
    return new TrainProcess(builder.start());
  }

  /// A directory that Spark takes for its installation: the jars of the class path.
  private static Map<String, String> home(Path directory) throws IOException {
    Path jars = directory.resolve("home/jars");
    if (!Files.exists(jars)) {
      Files.createDirectories(jars);
      int number = 0;
      for (String entry : System.getProperty("java.class.path").split(":", -1)) {
        if (entry.endsWith(".jar")) {
          Path jar = Path.of(entry);
          Files.createSymbolicLink(
              jars.resolve("%03d-%s".formatted(number++, jar.getFileName())), jar);
        }
      }
    }
    return Map.of(
        "SPARK_HOME", directory.resolve("home").toString(),
        "SPARK_SCALA_VERSION", "2.13",
        "JAVA_HOME", System.getProperty("java.home"));
  }

  /// Reads events until there is one of that name; returns at the end of all too.
  void await(String event, int count) throws IOException {
    String line;
    int found = 0;
    while (found < count && (line = out.readLine()) != null) {
      JsonNode read = StrictJson.mapper().readTree(line);
      events.add(read);
      found += read.get("event").asString().equals(event) ? 1 : 0;
    }
  }

  /// All events, once it has ended.
  List<JsonNode> end() throws IOException, InterruptedException {
    await("", 1);
    if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      throw new IllegalStateException("it goes on");
    }
    return events;
  }

  int exitCode() {
    return process.exitValue();
  }

  void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
