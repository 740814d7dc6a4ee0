package dev.backprop;

import dev.backprop.platform.artifact.Engine;
import dev.backprop.platform.storage.Databases;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.sql.Types;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What a former version of the service has left behind, see `formats/README.md`.
///
/// @param number of its artefacts' format
/// @param schema the newest migration that it knew
record FormerFormat(int number, String schema) {

  static final FormerFormat FIRST = new FormerFormat(1, "7");
  static final FormerFormat SECOND = new FormerFormat(2, "10");
  static final FormerFormat THIRD = new FormerFormat(3, "16");
  static final FormerFormat FOURTH = new FormerFormat(4, "21");

  /// Those that others refer to come first. Old formats lack some.
  private static final List<String> TABLES =
      List.of(
          "blobs",
          "blob_chunks",
          "model_changes",
          "models",
          "model_versions",
          "datasets",
          "dataset_holds",
          "idempotency_keys",
          "training_queue",
          "trainings",
          "training_epochs",
          "training_figures",
          "drift_counts",
          "scheduled_tasks");

  /// What it was asked and what it answered; the last one is the ids of the trainings that it left,
  /// by their models.
  JsonNode answers() throws IOException {
    try (InputStream in = new GZIPInputStream(open("answers.json.gz"))) {
      return JsonMapper.shared().readTree(in);
    }
  }

  /// The models of which there is an artefact.
  List<String> artifacts() {
    List<String> models = List.of("classes", "quantiles", "normalized", "embedded", "folds");
    return number < 4
        ? models
        : Stream.concat(models.stream(), Stream.of("calibrated", "intervals")).toList();
  }

  byte[] artifact(String model) throws IOException {
    try (InputStream in = open(model + ".zip")) {
      return in.readAllBytes();
    }
  }

  private InputStream open(String name) {
    return Objects.requireNonNull(
        FormerFormat.class.getResourceAsStream("/formats/" + number + "/" + name), name);
  }

  /// A copy of its database, in the file of the data directory.
  Path copyTo(Path directory) throws IOException {
    Path file = directory.resolve("backprop.db");
    try (InputStream in = new GZIPInputStream(open("backprop.db.gz"))) {
      Files.copy(in, file);
    }
    return file;
  }

  @Override
  public String toString() {
    return "format " + number;
  }

  /// What has computed the checkpoints of its trainings.
  ///
  /// @param directory that has a copy of its database
  Engine engine(Path directory) throws SQLException {
    try (Connection file =
            DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("backprop.db"));
        Statement statement = file.createStatement();
        ResultSet row = statement.executeQuery("SELECT max(checkpoint_engine) FROM trainings")) {
      return JsonMapper.shared().readValue(row.getString(1), Engine.class);
    }
  }

  /// A copy of its database in PostgreSQL, with the schema that it had.
  ///
  /// @param directory for a while
  /// @return its URL, for the user `postgres`
  String copyToPostgresql(Path directory) throws IOException, SQLException {
    String url = Databases.emptyPostgresql();
    Flyway.configure()
        .dataSource(url, "postgres", null)
        .locations("classpath:db/migration/postgresql")
        .target(schema)
        .load()
        .migrate();
    try (Connection from = DriverManager.getConnection("jdbc:sqlite:" + copyTo(directory));
        Connection to = DriverManager.getConnection(url, "postgres", null)) {
      to.setAutoCommit(false);
      for (String table : TABLES) {
        if (isIn(table, from)) {
          copy(table, from, to);
        }
      }
      try (Statement statement = to.createStatement()) {
        statement.execute(
            "SELECT setval(pg_get_serial_sequence('datasets', 'number'), max(number)) FROM datasets");
      }
      to.commit();
    }
    return url;
  }

  private static boolean isIn(String table, Connection database) throws SQLException {
    try (ResultSet found = database.getMetaData().getTables(null, null, table, null)) {
      return found.next();
    }
  }

  private static void copy(String table, Connection from, Connection to) throws SQLException {
    try (Statement read = from.createStatement();
        ResultSet row = read.executeQuery("SELECT * FROM " + table);
        Statement change = to.createStatement()) {
      change.execute("DELETE FROM " + table);
      int columns = row.getMetaData().getColumnCount();
      StringBuilder names = new StringBuilder();
      for (int c = 1; c <= columns; c++) {
        names.append(c == 1 ? "" : ", ").append(row.getMetaData().getColumnName(c));
      }
      int[] types = types(table, names, columns, change);
      try (PreparedStatement insert =
          to.prepareStatement(
              "INSERT INTO %s (%s) %s VALUES (%s)"
                  .formatted(
                      table,
                      names,
                      table.equals("datasets") ? "OVERRIDING SYSTEM VALUE" : "",
                      String.join(", ", Collections.nCopies(columns, "?"))))) {
        while (row.next()) {
          for (int c = 1; c <= columns; c++) {
            insert.setObject(c, value(row, c, types[c - 1]), types[c - 1]);
          }
          insert.execute();
        }
      }
    }
  }

  private static int[] types(String table, CharSequence names, int columns, Statement statement)
      throws SQLException {
    try (ResultSet none = statement.executeQuery("SELECT " + names + " FROM " + table)) {
      int[] types = new int[columns];
      for (int c = 1; c <= columns; c++) {
        types[c - 1] = none.getMetaData().getColumnType(c);
      }
      return types;
    }
  }

  private static @Nullable Object value(ResultSet row, int column, int type) throws SQLException {
    if (row.getObject(column) == null) {
      return null;
    }
    return switch (type) {
      case Types.TIMESTAMP, Types.TIMESTAMP_WITH_TIMEZONE -> new Timestamp(row.getLong(column));
      case Types.BIT, Types.BOOLEAN -> row.getInt(column) == 1;
      case Types.BINARY -> row.getBytes(column);
      default -> row.getObject(column);
    };
  }
}
