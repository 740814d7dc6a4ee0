package dev.backprop.service.dataset;

import static dev.backprop.platform.caller.Caller.ANYBODY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backprop.engine.table.Column;
import dev.backprop.engine.table.ColumnType;
import dev.backprop.engine.table.Table;
import dev.backprop.engine.table.TableParts;
import dev.backprop.engine.table.Tables;
import dev.backprop.platform.caller.Caller;
import dev.backprop.platform.caller.Callers;
import dev.backprop.platform.http.Page;
import dev.backprop.platform.limits.Budget;
import dev.backprop.platform.notes.Notes;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What every store of data sets does, seen through [Datasets].
abstract class DatasetStoreContract {

  static final String HOLDER = "/api/v1/trainings/7";

  Datasets datasets;

  /// Another process over the same store, which is empty at first.
  abstract Datasets datasets();

  @BeforeEach
  void begin() {
    datasets = datasets();
  }

  final Dataset add(String id, long bytes) {
    return DatasetFixtures.add(datasets, id, bytes);
  }

  private static List<String> ids(Page<DatasetHead> page) {
    return page.items().stream().map(DatasetHead::id).toList();
  }

  @Test
  void keepsDataSetsById() {
    Dataset kept = add("one", 100);

    DatasetHead found = datasets.find("one", ANYBODY).orElseThrow();
    assertThat(found.name()).isEqualTo("name of one");
    assertThat(found.columns()).hasSameSizeAs(kept.head().columns());
    assertThat(found).usingRecursiveComparison().ignoringFields("columns").isEqualTo(kept.head());
    try (Budget.Claim claim = datasets.reserve()) {
      Table rows = datasets.firstRows("one", ANYBODY, 1, claim);
      assertThat(rows.columns().get(1).json(0)).isEqualTo("x");
    }
    assertThat(datasets.hold("one", "me").table().rows()).isEqualTo(2);
    assertThat(datasets.find("two", ANYBODY)).isEmpty();
    assertThat(datasets.count()).isEqualTo(1);
    assertThat(datasets.bytesHeld()).isEqualTo(100);
  }

  /// However long its warnings are, a list is led through page by page.
  @Test
  void listsFewerIfWarningsAreLong() {
    Table table = Tables.csv("a,b", "1,x", "2,");
    List<String> long100 = Collections.nCopies(100, "w".repeat(1000));
    for (int i = 0; i < 30; i++) {
      DatasetFixtures.add(
          datasets, new Dataset(DatasetFixtures.head("id" + i, table, long100), table), 1);
    }

    List<String> seen = new ArrayList<>();
    String cursor = null;
    do {
      Page<DatasetHead> page = datasets.list(ANYBODY, null, 500, cursor);
      assertThat(page.items().size()).isBetween(1, 10);
      seen.addAll(ids(page));
      cursor = page.nextCursor();
    } while (cursor != null);

    assertThat(seen).hasSize(30).doesNotHaveDuplicates().startsWith("id29").endsWith("id0");
  }

  @Test
  void keepsAnIdOnce() {
    add("one", 100);

    assertThatThrownBy(() -> add("one", 100)).hasMessage("data set one is kept already");
  }

  @Test
  void aDraftThatIsNotKeptLeavesNothing() {
    try (Budget.Claim claim = datasets.reserve()) {
      claim.holds(100);
      Dataset dataset = DatasetFixtures.dataset("one", Tables.csv("a,b", "1,x"), "");
      try (Datasets.Draft _ = datasets.draft(claim, dataset)) {
        assertThat(datasets.find("one", ANYBODY)).isEmpty();
      }
    }
    assertThat(datasets.find("one", ANYBODY)).isEmpty();
    assertThat(datasets.list(ANYBODY, null, 9, null).items()).isEmpty();
    assertThat(datasets.count()).isZero();
    assertThat(datasets.bytesHeld()).isZero();
  }

  @Test
  void listsTheNewestFirstPageByPage() {
    for (int i = 1; i <= 5; i++) {
      add("d" + i, 10);
    }
    Page<DatasetHead> first = datasets.list(ANYBODY, null, 2, null);
    Page<DatasetHead> second = datasets.list(ANYBODY, null, 2, first.nextCursor());
    datasets.delete("d3", ANYBODY);
    add("d6", 10);
    Page<DatasetHead> third = datasets.list(ANYBODY, null, 2, second.nextCursor());

    assertThat(ids(first)).containsExactly("d5", "d4");
    assertThat(ids(second)).containsExactly("d3", "d2");
    assertThat(ids(third)).containsExactly("d1");
    assertThat(third.nextCursor()).isNull();
    assertThat(ids(datasets.list(ANYBODY, null, 500, null)))
        .containsExactly("d6", "d5", "d4", "d2", "d1");
  }

  @Test
  void deletesTheOldestThatNobodyHolds() {
    for (String id : List.of("a", "b", "c", "d")) {
      add(id, 10);
    }
    datasets.keep("a", HOLDER);
    datasets.hold("c", "me");

    assertThat(datasets.deleteOlder(Instant.EPOCH, 9)).isEmpty();
    assertThat(datasets.deleteOlder(Instant.EPOCH.plusMillis(1), 1)).containsExactly("Data set b");
    assertThat(datasets.deleteOlder(Instant.EPOCH.plusMillis(1), 9)).containsExactly("Data set d");

    assertThat(ids(datasets.list(ANYBODY, null, 9, null))).containsExactly("c", "a");
    assertThat(datasets.count()).isEqualTo(2);
    datasets.end(HOLDER);
    assertThat(datasets.deleteOlder(Instant.EPOCH.plusMillis(1), 9)).containsExactly("Data set a");
  }

  @Test
  void keepsOtherNotesOfWhatTheCallerSees() {
    add("one", 10);
    datasets.note("one", ANYBODY, _ -> new Notes("said", List.of("a", "b")));
    DatasetFixtures.add(datasets, "owned", new Ownership("somebody", false));

    DatasetHead changed =
        datasets.note("one", ANYBODY, before -> new Notes(null, before.tags().reversed()));

    assertThat(changed.notes()).isEqualTo(new Notes(null, List.of("b", "a")));
    assertThat(datasets.find("one", ANYBODY)).contains(changed);
    assertThat(datasets.hold("one", "me").head().notes()).isEqualTo(changed.notes());
    assertThat(ids(datasets.list(ANYBODY, "a", 9, null))).containsExactly("one");
    assertThat(ids(datasets.list(ANYBODY, "A", 9, null))).isEmpty();
    assertThatThrownBy(() -> datasets.note("owned", Callers.of("other"), _ -> Notes.NONE))
        .isInstanceOf(ProblemException.class);
    assertThatThrownBy(() -> datasets.note("none", ANYBODY, _ -> Notes.NONE))
        .isInstanceOf(ProblemException.class);
  }

  @Test
  void refusesCursorsThatItDidNotGive() {
    assertThatThrownBy(() -> datasets.list(ANYBODY, null, 2, "bm9uZQ"))
        .isInstanceOfSatisfying(
            ProblemException.class,
            e -> assertThat(e.code()).isEqualTo(ProblemCode.INVALID_CURSOR));
  }

  @Test
  void refusesWhatNeverFits() {
    Budget.Claim claim = datasets.reserve();

    assertThatThrownBy(() -> claim.holds(DatasetFixtures.MAX_BYTES + 1))
        .satisfies(
            thrown ->
                DatasetFixtures.assertProblem(
                    thrown,
                    ProblemCode.TOO_LARGE,
                    "a table may hold at most 10000 bytes (backprop.dataset.max-bytes), this one needs at least 10001"));
  }

  @Test
  void aClaimGivesBackWhatItNoLongerNeeds() {
    Budget.Claim claim = datasets.reserve();
    claim.holds(5_000);
    claim.holds(2_000);
    assertThat(datasets.bytesHeld()).isEqualTo(2_000);

    claim.close();
    claim.close();
    assertThat(datasets.bytesHeld()).isZero();
    assertThat(claim.bytes()).isZero();
    assertThatThrownBy(() -> claim.holds(1)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void deletingGivesTheMemoryBack() {
    add("one", 100);
    datasets.delete("one", ANYBODY);

    assertThat(datasets.find("one", ANYBODY)).isEmpty();
    assertThat(datasets.count()).isZero();
    assertThat(datasets.bytesHeld()).isZero();
    assertThatThrownBy(() -> datasets.delete("one", ANYBODY))
        .satisfies(
            thrown ->
                DatasetFixtures.assertProblem(
                    thrown, ProblemCode.NOT_FOUND, "there is no data set one"));
  }

  @Test
  void whatIsHeldIsNotDeleted() {
    add("one", 100);
    assertThat(datasets.hold("one", "/api/v1/trainings/7").id()).isEqualTo("one");
    datasets.hold("one", "/api/v1/trainings/8");

    assertThatThrownBy(() -> datasets.delete("one", ANYBODY))
        .satisfies(
            thrown ->
                DatasetFixtures.assertProblem(
                    thrown, ProblemCode.IN_USE, "data set one is needed by /api/v1/trainings/7"));
    datasets.release("one", "/api/v1/trainings/7");
    assertThatThrownBy(() -> datasets.delete("one", ANYBODY))
        .hasMessageContaining("is needed by /api/v1/trainings/8");
    datasets.hold("one", "/api/v1/trainings/8");
    datasets.release("one", "/api/v1/trainings/8");
    datasets.release("one", "/api/v1/trainings/8");
    datasets.delete("one", ANYBODY);
    datasets.release("one", "/api/v1/trainings/8");
    assertThatThrownBy(() -> datasets.hold("one", "late"))
        .satisfies(
            thrown ->
                DatasetFixtures.assertProblem(
                    thrown, ProblemCode.NOT_FOUND, "there is no data set one"));
  }

  @Test
  void findsDataSetsByTheirName() {
    Table table = Tables.csv("a", "1");
    for (int i = 0; i < 7; i++) {
      DatasetFixtures.add(
          datasets, new Dataset(DatasetFixtures.head("of-" + i, table, List.of()), table), 1);
    }
    String id = "01A22bbd-e446-7000-a4df-6276e3800523";
    DatasetFixtures.addFor(datasets, "alone", 10, HOLDER);

    assertThat(datasets.idOf("name of of-3", ANYBODY)).contains("of-3");
    assertThat(datasets.idOf("name of", ANYBODY)).isEmpty();
    assertThat(datasets.idOf("of-3", ANYBODY)).isEmpty();
    assertThat(datasets.idOf("name of alone", ANYBODY)).isEmpty();
    assertThat(datasets.idOf(id, ANYBODY)).isEmpty();
    add(id, 1);
    assertThat(datasets.idOf(id, ANYBODY)).contains(id);
    assertThat(datasets().idOf("name of of-3", ANYBODY)).contains("of-3");
  }

  @Test
  void saysTheNewestFiveDataSetsOfOneName() {
    Table table = Tables.csv("a", "1");
    for (int i = 0; i < 7; i++) {
      DatasetFixtures.add(
          datasets, new Dataset(DatasetFixtures.named("same", "s" + i, table), table), 1);
    }
    datasets.delete("s5", ANYBODY);
    List<String> newest = List.of("s6", "s4", "s3", "s2", "s1");

    assertThatThrownBy(() -> datasets.idOf("same", ANYBODY))
        .satisfies(
            thrown ->
                DatasetFixtures.assertProblem(
                    thrown,
                    ProblemCode.AMBIGUOUS_NAME,
                    "several data sets are named 'same'; name one by its id, the newest first: "
                        + String.join(", ", newest)))
        .isInstanceOfSatisfying(
            ProblemException.class, e -> assertThat(e.problem(null).ids()).isEqualTo(newest));
    for (String gone : List.of("s6", "s4", "s3", "s2", "s1")) {
      datasets.delete(gone, ANYBODY);
    }
    assertThat(datasets.idOf("same", ANYBODY)).contains("s0");
  }

  @Test
  void showsADataSetToItsOwnerAndAdminsUnlessItIsShared() {
    Caller one = Callers.of("one");
    Caller other = Callers.of("other");
    for (int i = 0; i < 3; i++) {
      DatasetFixtures.add(datasets, "ones-" + i, new Ownership("one", false));
      DatasetFixtures.add(datasets, "shared-" + i, new Ownership("one", true));
      add("nobodys-" + i, 10);
    }

    assertThat(datasets.find("ones-0", one).map(DatasetHead::ownership))
        .contains(new Ownership("one", false));
    assertThat(datasets().find("shared-0", other).map(DatasetHead::ownership))
        .contains(new Ownership("one", true));
    assertThat(datasets.find("ones-0", other)).isEmpty();
    assertThat(datasets.find("ones-0", ANYBODY)).isPresent();
    assertThatThrownBy(() -> datasets.firstRows("ones-0", other, 1, datasets.reserve()))
        .hasMessageContaining("there is no data set ones-0");
    Page<DatasetHead> first = datasets.list(other, null, 4, null);
    assertThat(ids(first)).containsExactly("nobodys-2", "shared-2", "nobodys-1", "shared-1");
    assertThat(ids(datasets.list(other, null, 4, first.nextCursor())))
        .containsExactly("nobodys-0", "shared-0");
    assertThat(datasets.list(one, null, 500, null).items()).hasSize(9);
    assertThat(datasets.list(ANYBODY, null, 500, null).items()).hasSize(9);
  }

  @Test
  void findsANameAmongWhatTheCallerSees() {
    DatasetFixtures.add(datasets, "a", new Ownership("one", false));
    DatasetFixtures.add(datasets, "b", new Ownership("other", false));

    assertThat(datasets.idOf("same", Callers.of("one"))).contains("a");
    assertThat(datasets.idOf("same", Callers.of("other"))).contains("b");
    assertThat(datasets.idOf("same", Callers.of("third"))).isEmpty();
    assertThatThrownBy(() -> datasets.idOf("same", ANYBODY)).hasMessageContaining("b, a");
  }

  @Test
  void isDeletedByItsOwnerAndAdmins() {
    for (String id : List.of("a", "b", "c")) {
      DatasetFixtures.add(datasets, id, new Ownership("one", true));
    }
    add("nobodys", 10);

    for (String id : List.of("a", "nobodys")) {
      assertThatThrownBy(() -> datasets.delete(id, Callers.of("other")))
          .isInstanceOfSatisfying(
              ProblemException.class, e -> assertThat(e.code()).isEqualTo(ProblemCode.FORBIDDEN));
    }
    datasets.delete("a", Callers.of("one"));
    datasets.delete("b", ANYBODY);
    assertThat(ids(datasets.list(ANYBODY, null, 9, null))).containsExactly("nobodys", "c");
  }

  @Test
  void whoDoesNotSeeAllModelsIsNotToldWhichNeedsTheDataSet() {
    DatasetFixtures.add(datasets, "a", new Ownership("limited", true));
    try (Datasets.Reading _ = datasets.open("a", "prediction 1 of secret version 1")) {
      assertThatThrownBy(() -> datasets.delete("a", Callers.limitedTo("x-")))
          .satisfies(
              thrown ->
                  DatasetFixtures.assertProblem(
                      thrown,
                      ProblemCode.IN_USE,
                      "data set a is needed by a training, a prediction or an evaluation"));
    }
    datasets.delete("a", Callers.limitedTo("x-"));
  }

  @Test
  void countsTheBytesOfAnOwner() {
    DatasetFixtures.add(datasets, "a", new Ownership("one", false));
    DatasetFixtures.add(datasets, "b", new Ownership("other", false));
    add("nobodys", 10);
    long bytes = datasets.find("a", ANYBODY).orElseThrow().bytes();
    assertThat(datasets.bytesOf("one")).isEqualTo(bytes).isPositive();

    DatasetFixtures.addFor(datasets, "alone", Ownership.of("one"), HOLDER);

    assertThat(datasets.bytesOf("one")).isEqualTo(2 * bytes);
    assertThat(datasets().bytesOf("one")).isEqualTo(2 * bytes);
    datasets.end(HOLDER);
    datasets.delete("a", ANYBODY);
    assertThat(datasets.bytesOf("one")).isZero();
    assertThat(datasets.bytesOf("other")).isEqualTo(bytes);
  }

  @Test
  void readsADataSetPartByPartAndHoldsItMeanwhile() throws IOException {
    int rows = TableParts.ROWS + 70;
    Table table =
        Tables.csv(
            IntStream.rangeClosed(0, rows)
                .mapToObj(
                    i ->
                        i == 0
                            ? "number,day,text"
                            : "%s,2026-01-%02d,%s"
                                .formatted(
                                    i % 97 == 5 ? "off" : i,
                                    1 + i % 28,
                                    i % 9 == 0 ? "" : "t" + i % 8))
                .toArray(String[]::new));
    DatasetFixtures.add(
        datasets, new Dataset(DatasetFixtures.head("big", table, List.of()), table), 1);

    List<Integer> sizes = new ArrayList<>();
    List<Long> told = new ArrayList<>();
    try (Datasets.Reading reading = datasets.open("big", "a reader");
        TableParts parts = reading.parts(told::add)) {
      assertThat(reading.head().rows()).isEqualTo(rows);
      assertThatThrownBy(() -> datasets.delete("big", ANYBODY))
          .hasMessageContaining("data set big is needed by a reader");
      int first = 0;
      for (Table part = parts.next(); part != null; part = parts.next()) {
        sizes.add(part.rows());
        assertSame(table, first, part);
        first += part.rows();
      }
    }
    assertThat(sizes).containsExactly(TableParts.ROWS, 70);
    assertThat(told).allMatch(bytes -> bytes < table.bytes());
    datasets.delete("big", ANYBODY);
    assertThatThrownBy(() -> datasets.open("big", "a reader"))
        .hasMessageContaining("there is no data set big");
  }

  private static void assertSame(Table table, int first, Table part) {
    for (int c = 0; c < table.columns().size(); c++) {
      Column all = table.columns().get(c);
      Column some = part.columns().get(c);
      assertThat(some.name()).isEqualTo(all.name());
      assertThat(some.type()).isEqualTo(all.type());
      int missing = 0;
      for (int row = 0; row < part.rows(); row++) {
        assertThat(some.json(row)).isEqualTo(all.json(first + row));
        missing += all.json(first + row) == null ? 1 : 0;
      }
      assertThat(some.missing()).isEqualTo(missing);
    }
    // The few texts among the numbers are texts again if the column becomes one of categories.
    Column all = table.retyped("number", ColumnType.CATEGORICAL).required("number");
    Column some = part.retyped("number", ColumnType.CATEGORICAL).required("number");
    for (int row = 0; row < part.rows(); row++) {
      assertThat(some.json(row)).isEqualTo(all.json(first + row));
    }
  }

  @Test
  void aDatasetOfAHolderIsThatHoldersAlone() {
    add("two", 100);
    DatasetFixtures.addFor(datasets, "one", 100, HOLDER);
    Datasets other = datasets();

    assertThat(datasets.bytesHeld()).isEqualTo(200);
    assertThat(datasets.find("one", ANYBODY)).isEmpty();
    assertThat(ids(datasets.list(ANYBODY, null, 9, null))).containsExactly("two");
    assertThat(datasets.count()).isEqualTo(1);
    assertThat(other.count()).isEqualTo(1);
    assertThat(other.hold("one", HOLDER).table().rows()).isEqualTo(2);
    for (ThrowingCallable asked :
        List.<ThrowingCallable>of(
            () -> datasets.delete("one", ANYBODY),
            () -> datasets.hold("one", "somebody else"),
            () -> datasets.firstRows("one", ANYBODY, 1, datasets.reserve()))) {
      assertThatThrownBy(asked)
          .satisfies(
              thrown ->
                  DatasetFixtures.assertProblem(
                      thrown, ProblemCode.NOT_FOUND, "there is no data set one"));
    }
    assertThat(datasets.keep("one", "somebody else")).isFalse();

    datasets.hold("one", HOLDER);
    datasets.end(HOLDER);

    assertThat(datasets.bytesHeld()).isEqualTo(100);
    assertThatThrownBy(() -> other.hold("one", HOLDER))
        .hasMessageContaining("there is no data set one");
    assertThat(datasets.keep("one", HOLDER)).isFalse();
    assertThat(ids(datasets.list(ANYBODY, null, 9, null))).containsExactly("two");
  }

  @Test
  void whatIsKeptForAHolderStaysUntilThatHoldersEnd() {
    add("one", 100);
    assertThat(datasets.keep("one", HOLDER)).isTrue();
    assertThat(datasets.keep("one", HOLDER)).isTrue();
    assertThat(datasets.keep("two", HOLDER)).isFalse();
    datasets.hold("one", HOLDER);
    datasets.release("one", HOLDER);

    assertThatThrownBy(() -> datasets.delete("one", ANYBODY))
        .satisfies(
            thrown ->
                DatasetFixtures.assertProblem(
                    thrown, ProblemCode.IN_USE, "data set one is needed by " + HOLDER));
    datasets.hold("one", HOLDER);
    datasets.end(HOLDER);
    datasets.delete("one", ANYBODY);
    assertThat(datasets.bytesHeld()).isZero();
  }
}
