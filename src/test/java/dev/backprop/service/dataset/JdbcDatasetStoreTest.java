package dev.backprop.service.dataset;

import static dev.backprop.platform.caller.Caller.ANYBODY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.backprop.SteppedClock;
import dev.backprop.engine.table.Column;
import dev.backprop.engine.table.Table;
import dev.backprop.engine.table.TableBuilder;
import dev.backprop.engine.table.TableCodec;
import dev.backprop.engine.table.Tables;
import dev.backprop.platform.json.StrictJson;
import dev.backprop.platform.limits.Budget;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import dev.backprop.platform.storage.Databases;
import dev.backprop.platform.storage.JdbcDatabase;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Data sets in a database, as several processes share it.
@ParameterizedClass
@EnumSource(JdbcDatabase.Kind.class)
class JdbcDatasetStoreTest extends DatasetStoreContract {

  private final JdbcDatabase database;
  private final SteppedClock clock = new SteppedClock(Instant.parse("2025-03-01T12:00:00Z"));

  JdbcDatasetStoreTest(JdbcDatabase.Kind kind) {
    database = Databases.empty(kind);
  }

  /// A process over a database.
  static Datasets datasets(JdbcDatabase database, InstantSource clock) {
    return new Datasets(
        store(database, clock), database, Datasets.budget(DatasetFixtures.MAX_BYTES));
  }

  private static JdbcDatasetStore store(JdbcDatabase database, InstantSource clock) {
    return new JdbcDatasetStore(
        database, Databases.blobs(database, clock), StrictJson.mapper(), clock);
  }

  @Override
  Datasets datasets() {
    return datasets(database, clock);
  }

  private static List<Object> cells(Table table) {
    return table.columns().stream()
        .flatMap(
            (Column column) ->
                java.util.stream.IntStream.range(0, column.rows())
                    .<Object>mapToObj(
                        row -> java.util.Objects.requireNonNullElse(column.json(row), "missing")))
        .toList();
  }

  @Test
  void othersSeeAndReadWhatIsAdded() {
    Dataset kept = add("one", 100);
    Datasets other = datasets();

    assertThat(other.find("one", ANYBODY).map(DatasetHead::createdAt))
        .contains(kept.head().createdAt());
    assertThat(other.bytesHeld()).isZero();
    try (Budget.Claim claim = other.reserve()) {
      assertThat(cells(other.firstRows("one", ANYBODY, 1, claim))).containsExactly(1L, "x");
    }
    Dataset held = other.hold("one", HOLDER);
    assertThat(cells(held.table())).isEqualTo(cells(kept.table()));
    assertThat(held.table().bytes()).isEqualTo(kept.table().bytes());
    assertThat(other.bytesHeld()).isEqualTo(100);
  }

  @Test
  void whatOthersHoldIsNotDeleted() {
    add("one", 100);
    Datasets other = datasets();
    other.hold("one", HOLDER);

    assertThatThrownBy(() -> datasets.delete("one", ANYBODY))
        .satisfies(
            thrown ->
                DatasetFixtures.assertProblem(
                    thrown, ProblemCode.IN_USE, "data set one is needed by " + HOLDER));
    other.release("one", HOLDER);
    datasets.delete("one", ANYBODY);

    assertThat(other.find("one", ANYBODY)).isEmpty();
    assertThatThrownBy(() -> other.hold("one", HOLDER)).isInstanceOf(ProblemException.class);
  }

  @Test
  void aHoldEndsWithItsProcess() {
    add("one", 100);
    Datasets other = datasets();
    other.hold("one", HOLDER);
    clock.step(Duration.ofSeconds(50));
    other.renewHolds();
    clock.step(Duration.ofSeconds(50));
    assertThatThrownBy(() -> datasets.delete("one", ANYBODY)).isInstanceOf(ProblemException.class);

    clock.step(Duration.ofSeconds(50));

    datasets.delete("one", ANYBODY);
    assertThat(datasets.find("one", ANYBODY)).isEmpty();
  }

  @Test
  void aHoldEndsWithItsProcessAlsoWhenTheClockIsSetBack() {
    add("one", 100);
    add("two", 100);
    Datasets dead = datasets();
    Datasets alive = datasets();
    dead.hold("one", HOLDER);
    alive.hold("two", HOLDER);

    clock.step(Duration.ofHours(1).negated());
    datasets().renewHolds();
    clock.step(Duration.ofSeconds(50));
    alive.renewHolds();
    clock.step(Duration.ofSeconds(50));

    datasets.delete("one", ANYBODY);
    assertThatThrownBy(() -> datasets.delete("two", ANYBODY)).isInstanceOf(ProblemException.class);
  }

  @Test
  void tablesThatNobodyHoldsMakeRoom() {
    add("one", 6_000);
    Dataset two = add("two", 4_000);
    Budget.Claim claim = datasets.reserve();
    claim.holds(3_000);

    assertThat(datasets.bytesHeld()).isEqualTo(7_000);
    assertThat(datasets.hold("two", HOLDER).table()).isSameAs(two.table());
    assertThatThrownBy(() -> datasets.hold("one", HOLDER))
        .satisfies(
            thrown ->
                DatasetFixtures.assertProblem(
                    thrown,
                    ProblemCode.REPOSITORY_FULL,
                    "tables hold 7000 of at most 10000 bytes (backprop.dataset.max-bytes), 6000 more do not fit"));
    claim.close();
    assertThat(datasets.hold("one", HOLDER).table().rows()).isEqualTo(2);
    assertThat(datasets.bytesHeld()).isEqualTo(10_000);
    datasets.release("two", HOLDER);
    assertThatThrownBy(() -> add("three", 5_000)).isInstanceOf(ProblemException.class);
    datasets.release("one", HOLDER);
    datasets.release("one", HOLDER);
    add("three", 5_000);
    assertThat(datasets.bytesHeld()).isEqualTo(5_000);
  }

  @Test
  void whatDoesNotFitIsNotHeld() {
    add("one", 6_000);
    Budget.Claim claim = datasets.reserve();
    claim.holds(5_000);
    assertThatThrownBy(() -> datasets.hold("one", HOLDER)).isInstanceOf(ProblemException.class);

    datasets.delete("one", ANYBODY);

    assertThat(datasets.count()).isZero();
  }

  @Test
  void takesAHoldOnceForEachHolder() {
    add("one", 6_000);
    datasets.hold("one", HOLDER);
    datasets.hold("one", HOLDER);
    datasets.release("one", HOLDER);

    add("two", 6_000);

    assertThat(datasets.bytesHeld()).isEqualTo(6_000);
    datasets.delete("one", ANYBODY);
  }

  @Test
  void theFirstRowsTakeRoomUntilTheyAreDoneWith() {
    TableBuilder builder = Tables.builder();
    for (int row = 0; row < 60; row++) {
      builder.string(builder.column("text"), "category " + row);
      builder.endRow();
    }
    Table table = builder.build();
    DatasetFixtures.add(
        datasets, DatasetFixtures.dataset("one", table, ""), DatasetFixtures.MAX_BYTES);
    Datasets other = datasets();

    try (Budget.Claim claim = other.reserve()) {
      assertThat(other.firstRows("one", ANYBODY, 1, claim).rows()).isEqualTo(1);
      assertThat(other.bytesHeld())
          .isEqualTo(claim.bytes())
          .isBetween(DatasetFixtures.MAX_BYTES / 2 + 1, DatasetFixtures.MAX_BYTES);
      try (Budget.Claim second = other.reserve()) {
        assertThatThrownBy(() -> other.firstRows("one", ANYBODY, 1, second))
            .isInstanceOfSatisfying(
                ProblemException.class,
                problem -> assertThat(problem.code()).isEqualTo(ProblemCode.REPOSITORY_FULL));
      }
    }
    assertThat(other.bytesHeld()).isZero();
  }

  @Test
  void keepsTextsThatDatabasesDoNot() {
    TableBuilder builder = Tables.builder();
    String text = "half \ud83d, zero \u0000, ü";
    builder.string(builder.column(text), text);
    builder.endRow();
    Dataset kept = DatasetFixtures.dataset("one", builder.build(), text);
    DatasetFixtures.add(datasets, kept, 0);

    DatasetHead found = datasets().find("one", ANYBODY).orElseThrow();

    assertThat(found.warnings()).containsExactly(text.replace('\ud83d', '\ufffd'));
    assertThat(found.columns()).usingRecursiveComparison().isEqualTo(kept.head().columns());
    assertThat(found.columns().getFirst().name()).isEqualTo(text);
  }

  @Test
  void whatCannotBeReadIsTheServicesFaultAndCanBeDeleted() {
    add("one", 100);
    add("two", 100);
    database.change(
        jdbc -> jdbc.sql("UPDATE datasets SET descriptions = '{' WHERE id = 'one'").update());
    database.change(
        jdbc ->
            jdbc.sql(
                    """
                    UPDATE blob_chunks SET content = :none
                    WHERE blob = (SELECT cells FROM datasets WHERE id = 'two')""")
                .param("none", new byte[] {1, 2, 3})
                .update());
    Datasets other = datasets();

    assertThatThrownBy(() -> other.find("one", ANYBODY))
        .satisfies(
            thrown ->
                DatasetFixtures.assertProblem(
                    thrown,
                    ProblemCode.STORAGE_CORRUPT,
                    "data set one is stored, but cannot be read; the log tells more"));
    assertThatThrownBy(() -> other.hold("two", HOLDER))
        .satisfies(
            thrown ->
                DatasetFixtures.assertProblem(
                    thrown,
                    ProblemCode.STORAGE_CORRUPT,
                    "data set two is stored, but cannot be read; the log tells more"));
    assertThat(other.bytesHeld()).isZero();
    other.delete("one", ANYBODY);
    other.delete("two", ANYBODY);
    assertThat(other.list(ANYBODY, null, 10, null).items()).isEmpty();
  }

  @Test
  void aTableOfANewerFormatIsLeftToNewerProcesses() throws IOException {
    add("one", 100);
    ByteArrayOutputStream newer = new ByteArrayOutputStream();
    try (DeflaterOutputStream out = new DeflaterOutputStream(newer)) {
      out.write("BPT9".getBytes(StandardCharsets.US_ASCII));
    }
    database.change(
        jdbc ->
            jdbc.sql("UPDATE blob_chunks SET content = :newer, checksum = NULL")
                .param("newer", newer.toByteArray())
                .update());
    Datasets other = datasets();

    assertThatThrownBy(() -> other.hold("one", HOLDER))
        .satisfies(
            thrown ->
                DatasetFixtures.assertProblem(
                    thrown,
                    ProblemCode.NEWER_FORMAT,
                    "data set one has format 9, this process reads formats up to "
                        + TableCodec.FORMAT
                        + "; a newer one may answer"));
    assertThat(other.bytesHeld()).isZero();
    assertThat(other.find("one", ANYBODY)).isPresent();
  }

  @Test
  void oneThatCannotBeReadStandsInNoOthersWayInLists() {
    add("one", 100);
    add("two", 100);
    database.change(
        jdbc -> jdbc.sql("UPDATE datasets SET warnings = '{' WHERE id = 'one'").update());
    Datasets other = datasets();

    assertThat(other.list(ANYBODY, null, 10, null).items())
        .extracting(DatasetHead::id, DatasetHead::warnings)
        .containsExactly(
            tuple("two", List.of("a warning")),
            tuple(
                "one", List.of("data set one is stored, but cannot be read; the log tells more")));
    assertThatThrownBy(() -> other.find("one", ANYBODY))
        .isInstanceOfSatisfying(
            ProblemException.class,
            problem -> assertThat(problem.code()).isEqualTo(ProblemCode.STORAGE_CORRUPT));
    other.delete("one", ANYBODY);
  }

  @Test
  void aHoldThatOutlivesItsProcessEndsWhenItIsEnded() {
    add("one", 100);
    assertThat(database.<Boolean>write(jdbc -> JdbcDatasetHolds.take(jdbc, "one", HOLDER)))
        .isTrue();
    assertThat(database.<Boolean>write(jdbc -> JdbcDatasetHolds.take(jdbc, "one", HOLDER)))
        .isTrue();
    assertThat(database.<Boolean>write(jdbc -> JdbcDatasetHolds.take(jdbc, "two", HOLDER)))
        .isFalse();
    datasets().hold("one", HOLDER);
    store(database, clock).endHoldsOfOthers();
    clock.step(Duration.ofDays(1000));
    assertThatThrownBy(() -> datasets.delete("one", ANYBODY))
        .satisfies(
            thrown ->
                DatasetFixtures.assertProblem(
                    thrown, ProblemCode.IN_USE, "data set one is needed by " + HOLDER));

    datasets().hold("one", HOLDER);
    database.change(jdbc -> JdbcDatasetHolds.end(jdbc, HOLDER));

    datasets.delete("one", ANYBODY);
  }

  /// A former version knows of no owners.
  @Test
  void aDataSetGoesWithItsOwnerAlsoIfAFormerVersionHasEndedItsHolds() {
    Dataset dataset = DatasetFixtures.dataset("one", Tables.csv("a,b", "1,x"), "");
    try (Budget.Claim claim = datasets.reserve();
        Datasets.Draft draft = datasets.draft(claim, dataset)) {
      draft.keepFor(HOLDER);
    }
    datasets().renewHolds();
    assertThat(datasets().hold("one", HOLDER).table().rows()).isEqualTo(1);

    database.change(
        jdbc ->
            jdbc.sql("DELETE FROM dataset_holds WHERE holder = :holder")
                .param("holder", HOLDER)
                .update());
    datasets().renewHolds();

    assertThat(
            database.<Integer>read(
                jdbc -> jdbc.sql("SELECT count(*) FROM datasets").query(Integer.class).single()))
        .isZero();
  }

  @Test
  void whatFailsTogetherWithItLeavesADataSetOut() {
    Dataset dataset = DatasetFixtures.dataset("one", Tables.csv("a,b", "1,x"), "");
    try (Budget.Claim claim = datasets.reserve();
        Datasets.Draft draft = datasets.draft(claim, dataset)) {
      assertThatThrownBy(
              () ->
                  database.perform(
                      () -> {
                        draft.keep();
                        throw new IllegalStateException("planted");
                      }))
          .hasMessage("planted");
    }
    assertThat(datasets.find("one", ANYBODY)).isEmpty();
    assertThat(datasets.count()).isZero();
    assertThat(datasets.bytesHeld()).isZero();

    try (Budget.Claim claim = datasets.reserve();
        Datasets.Draft draft = datasets.draft(claim, dataset)) {
      database.perform(
          () -> {
            draft.keep();
            assertThat(datasets.keep("one", HOLDER)).isTrue();
          });
    }
    assertThatThrownBy(() -> datasets.delete("one", ANYBODY)).hasMessageContaining(HOLDER);
  }
}
