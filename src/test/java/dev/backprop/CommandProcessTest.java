package dev.backprop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backprop.platform.storage.Databases;
import dev.backprop.service.command.Commands;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Commands as processes of their own, as people run them.
class CommandProcessTest {

  private record Ended(int code, String printed) {}

  /// @param data the directory, as the environment names it
  private static Ended run(Path data, String... arguments)
      throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                BackpropApplication.class.getName()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("BACKPROP_DATADIRECTORY", data.toString());
    Process process = builder.start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Ended(process.waitFor(), printed);
  }

  @Test
  void anUnknownWordEndsWithTheList(@TempDir Path directory) throws Exception {
    Ended ended = run(directory, "bakup", "file");

    assertThat(ended.code()).isEqualTo(2);
    assertThat(ended.printed().lines())
        .satisfiesExactly(
            line -> assertThat(line).startsWith("bakup is no command."),
            line -> assertThat(line).startsWith("  serve "),
            line -> assertThat(line).startsWith("  backup FILE "),
            line -> assertThat(line).startsWith("  copy --to JDBC-URL "),
            line -> assertThat(line).startsWith("  keys create --role ROLE [--name NAME] "));
  }

  @Test
  void withoutACommandOrWithServeItIsTheService() {
    Commands commands = new Commands(System.out, System.err);
    assertThat(commands.run()).isEmpty();
    assertThat(commands.run("--server.port=0")).isEmpty();
    assertThat(commands.run("serve", "--server.port=0")).isEmpty();
    assertThat(Commands.withoutServe("serve", "--server.port=0"))
        .containsExactly("--server.port=0");
    assertThat(Commands.withoutServe("--server.port=0")).containsExactly("--server.port=0");
  }

  /// More than the heap has, in chunks as large as there are.
  @Test
  void needLittleMemory(@TempDir Path directory) throws Exception {
    Path data = directory.resolve("data");
    RunningService.start(List.of("--backprop.data-directory=" + data)).close();
    fill(data.resolve("backprop.db"), 40);
    Path backup = directory.resolve("backup");

    Ended written = run(data, "backup", backup.toString());
    assertThat(written.printed()).contains("The backup of ");
    assertThat(written.code()).isZero();
    assertThat(backup).exists();

    Ended copied =
        run(
            directory.resolve("another"),
            "copy",
            "--to=" + Databases.emptyPostgresql() + "&user=postgres",
            "--backprop.data-directory=" + data);
    assertThat(copied.printed()).contains("their counts and hashes agree");
    assertThat(copied.code()).isZero();
  }

  /// Not even what the database says of its migrations.
  @Test
  void aKeyIsPrintedAlone(@TempDir Path directory) throws Exception {
    for (String[] words :
        new String[][] {{"keys", "create", "--role", "admin"}, {"keys", "generate"}}) {
      Ended ended = run(directory.resolve("data"), words);
      assertThat(ended.code()).isZero();
      assertThat(ended.printed()).matches("bp_[0-9A-Za-z]{8}_[0-9A-Za-z]{38}\\R");
    }
  }

  private static void fill(Path database, int chunks) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database)) {
      connection.setAutoCommit(false);
      Random random = new Random(1);
      try (PreparedStatement blob =
              connection.prepareStatement(
                  "INSERT INTO blobs (id, adopted, written_at) VALUES ('large', 1, 1)");
          PreparedStatement chunk =
              connection.prepareStatement(
                  "INSERT INTO blob_chunks (blob, number, content) VALUES ('large', ?, ?)")) {
        blob.execute();
        for (int i = 0; i < chunks; i++) {
          byte[] content = new byte[i == 0 ? 0 : 4 << 20];
          random.nextBytes(content);
          chunk.setInt(1, i);
          chunk.setBytes(2, content);
          chunk.execute();
        }
      }
      connection.commit();
    }
  }
}
