package dev.backprop.platform.artifact;

import dev.backprop.engine.linalg.KernelSelection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What computed: whoever wants the same bits needs the same.
///
/// @param version of this service
/// @param kernels which matrix kernels
/// @param kernelsReason why these
/// @param cpu the processor's architecture, and its family if the operating system tells
/// @param java the Java runtime
public record Engine(
    String version, String kernels, String kernelsReason, String cpu, String java) {

  private static final Set<String> CPU_KEYS =
      Set.of("vendor_id", "cpu family", "model", "CPU implementer", "CPU part");

  /// This process.
  public static Engine here(String version, KernelSelection selection) {
    return new Engine(
        version,
        selection.kernels().name(),
        selection.reason(),
        System.getProperty("os.arch")
            + cpuFamily(Path.of("/proc/cpuinfo")).map(family -> ", " + family).orElse(""),
        Runtime.version().toString());
  }

  /// The same, known by the engine's own number in place of the version of the service, which rises
  /// without a change of bits.
  public Engine numbered(int number) {
    return new Engine("engine " + number, kernels, kernelsReason, cpu, java);
  }

  /// What Linux says about its first processor: on x86 vendor, family and model, on arm implementer
  /// and part.
  static Optional<String> cpuFamily(Path cpuinfo) {
    Map<String, String> found = new LinkedHashMap<>();
    try (Stream<String> lines = Files.lines(cpuinfo)) {
      lines
          .map(line -> line.split("\\s*:\\s*", 2))
          .filter(line -> line.length == 2 && CPU_KEYS.contains(line[0]))
          .forEach(line -> found.putIfAbsent(line[0], line[1]));
    } catch (IOException | UncheckedIOException e) {
      return Optional.empty();
    }
    return found.isEmpty()
        ? Optional.empty()
        : Optional.of(
            found.entrySet().stream()
                .map(entry -> entry.getKey() + " " + entry.getValue())
                .collect(Collectors.joining(", ")));
  }
}
