package dev.backprop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backprop.platform.storage.Databases;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// A backup is the service as it was at one moment, and nothing less.
class BackupTest {

  private static List<Path> files(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.toList();
    }
  }

  private static String property(Path directory) {
    return "--backprop.data-directory=" + directory;
  }

  /// Uploads and trains until it is told to stop.
  private static final class Writer implements AutoCloseable {

    private final ConcurrentLinkedQueue<String> answered = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean stopped = new AtomicBoolean();
    private final Thread thread;

    /// @param model that its trainings make versions of
    Writer(RunningService service, String model) {
      thread =
          Thread.ofPlatform()
              .start(
                  () -> {
                    while (!stopped.get()) {
                      HttpResponse<String> upload =
                          service.send(
                              "POST",
                              "/api/v1/datasets?name=" + model,
                              "text/csv",
                              Requests.penguinsCsv());
                      answered.add(upload.headers().firstValue("Location").orElseThrow());
                      JsonNode training = service.succeeded(Requests.xor(model));
                      answered.add("/api/v1/trainings/" + training.path("id").asString());
                      answered.add(training.path("links").path("model").asString());
                    }
                  });
    }

    List<String> answered() {
      return List.copyOf(answered);
    }

    @Override
    public void close() throws InterruptedException {
      stopped.set(true);
      thread.join();
    }
  }

  @Test
  void isWrittenBesideWritersAndAnswersWhereItIsRestored(@TempDir Path directory) throws Exception {
    Path data = directory.resolve("data");
    List<String> before;
    try (RunningService service = RunningService.start(List.of(property(data)));
        Writer one = new Writer(service, "one");
        Writer other = new Writer(service, "other")) {
      for (int i = 0; i < 3; i++) {
        int known = one.answered().size() + other.answered().size();
        while (one.answered().size() + other.answered().size() < known + 6) {
          Thread.onSpinWait();
        }
        before = Stream.of(one, other).flatMap(writer -> writer.answered().stream()).toList();
        Path backup = directory.resolve("backup-" + i);
        Told told = Told.by("backup", backup.toString(), property(data));
        assertThat(told.errors()).isEmpty();
        assertThat(told.code()).isZero();
        assertThat(told.out())
            .matches("The backup of .*backprop.db is .*backup-%d, [\\d.]+ MB.\\R".formatted(i));
        assertRestored(backup, directory.resolve("restored-" + i), before);
      }
    }
  }

  private static void assertRestored(Path backup, Path directory, List<String> paths)
      throws Exception {
    Files.createDirectory(directory);
    Files.copy(backup, directory.resolve("backprop.db"));
    try (RunningService restored = RunningService.start(List.of(property(directory)))) {
      for (String path : paths) {
        HttpResponse<String> answer = restored.get(path);
        assertThat(answer.statusCode()).as(path + ": " + answer.body()).isEqualTo(200);
        if (path.contains("/datasets/")) {
          assertThat(restored.get(path + "/rows").body()).contains("Torgersen");
        }
      }
      for (String model : List.of("one", "other")) {
        assertThat(restored.get("/api/v1/models/" + model + "/predictions?inputs=0,1").body())
            .contains("\"outputs\"");
      }
      // What it had not finished goes on, and it learns on.
      restored.succeeded(Requests.xor("one"));
    }
  }

  @Test
  void isWrittenOfAServiceThatIsStopped(@TempDir Path directory) throws Exception {
    Path data = directory.resolve("data");
    try (RunningService service = RunningService.start(List.of(property(data)))) {
      service.succeeded(Requests.xor("kept"));
    }
    Path backup = directory.resolve("backup");

    assertThat(Told.by("backup", backup.toString(), property(data)).code()).isZero();

    assertThat(files(data))
        .extracting(path -> path.getFileName().toString())
        .containsExactlyInAnyOrder("backprop.db", "backprop.lock");
    assertThat(files(directory)).containsExactlyInAnyOrder(data, backup);
  }

  @Test
  void refusesAFileThatIsThere(@TempDir Path directory) throws Exception {
    Path data = directory.resolve("data");
    RunningService.start(List.of(property(data))).close();
    Path file = Files.writeString(directory.resolve("precious"), "mine");

    Told told = Told.by("backup", file.toString(), property(data));

    assertThat(told.code()).isEqualTo(1);
    assertThat(told.errors())
        .isEqualToNormalizingNewlines(
            "The file %s is there already. Name a new one.\n".formatted(file));
    assertThat(file).hasContent("mine");
  }

  @Test
  void aDamagedDatabaseLeavesNoFile(@TempDir Path directory) throws Exception {
    Path data = directory.resolve("data");
    try (RunningService service = RunningService.start(List.of(property(data)))) {
      service.send("POST", "/api/v1/datasets?name=p", "text/csv", Requests.penguinsCsv());
    }
    Path database = data.resolve("backprop.db");
    byte[] bytes = Files.readAllBytes(database);
    for (int at = 4096; at < bytes.length; at += 4096) {
      java.util.Arrays.fill(bytes, at, at + 100, (byte) 0xff);
    }
    Files.write(database, bytes);

    Told told = Told.by("backup", directory.resolve("backup").toString(), property(data));

    assertThat(told.code()).isEqualTo(1);
    assertThat(told.errors())
        .containsPattern("damaged|malformed")
        .contains("Nothing was kept of it.");
    assertThat(files(directory)).containsExactly(data);
  }

  @Test
  void refusesWhatItCannotBackUp(@TempDir Path directory) throws Exception {
    String file = directory.resolve("backup").toString();

    Told postgresql =
        Told.by(
            "backup", file, "--spring.datasource.url=" + Databases.postgresqlUrl() + "&password=x");
    assertThat(postgresql.code()).isEqualTo(1);
    assertThat(postgresql.errors())
        .contains("jdbc:postgresql:", "pg_dump", "pg_restore")
        .doesNotContain("password");

    Told memory = Told.by("backup", file, "--backprop.storage=memory");
    assertThat(memory.code()).isEqualTo(1);
    assertThat(memory.errors()).contains("everything in memory");

    Told nothing = Told.by("backup", file, property(directory.resolve("none")));
    assertThat(nothing.code()).isEqualTo(1);
    assertThat(nothing.errors())
        .contains("There is no database " + directory.resolve("none/backprop.db"));
    assertThat(files(directory)).isEmpty();

    Path data = directory.resolve("data");
    RunningService.start(List.of(property(data))).close();
    Told elsewhere = Told.by("backup", directory.resolve("not/there").toString(), property(data));
    assertThat(elsewhere.code()).isEqualTo(1);
    assertThat(elsewhere.errors()).contains("cannot be written");
  }

  @Test
  void needsOneFile() {
    Told told = Told.by("backup");

    assertThat(told.code()).isEqualTo(2);
    assertThat(told.errors()).startsWith("backup FILE: one file must be named");
  }
}
