package dev.backprop.service.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backprop.engine.data.MissingTokens;
import dev.backprop.engine.data.Table;
import dev.backprop.engine.data.Tables;
import dev.backprop.platform.http.Page;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What every repository of data sets does.
abstract class DatasetsContract {

  static final long MAX_BYTES = 10_000;

  /// An empty repository of at most [#MAX_BYTES].
  abstract Datasets datasets();

  final Datasets datasets = datasets();

  final Dataset add(String id, long bytes) {
    Reservation reservation = datasets.reserve();
    reservation.holds(bytes);
    Dataset dataset = dataset(id, Tables.csv("a,b", "1,x", "2,"), "a warning");
    datasets.add(reservation, dataset);
    return dataset;
  }

  static Dataset dataset(String id, Table table, String warning) {
    return new Dataset(
        new DatasetHead(
            id,
            "name of " + id,
            table.rows(),
            table.bytes(),
            "00",
            ColumnDescription.of(table),
            List.of(warning),
            new MissingTokens(List.of("-999")),
            Instant.EPOCH),
        table);
  }

  static void assertProblem(Throwable thrown, ProblemCode code, String detail) {
    assertThat(thrown)
        .isInstanceOfSatisfying(
            ProblemException.class,
            e -> {
              assertThat(e.code()).isEqualTo(code);
              assertThat(e.detail()).isEqualTo(detail);
            });
  }

  private static List<String> ids(Page<DatasetHead> page) {
    return page.items().stream().map(DatasetHead::id).toList();
  }

  @Test
  void keepsDataSetsById() {
    Dataset kept = add("one", 100);

    DatasetHead found = datasets.find("one").orElseThrow();
    assertThat(found.name()).isEqualTo("name of one");
    assertThat(found.columns()).hasSameSizeAs(kept.head().columns());
    assertThat(found).usingRecursiveComparison().ignoringFields("columns").isEqualTo(kept.head());
    try (Reservation reservation = datasets.reserve()) {
      Table rows = datasets.firstRows("one", 1, reservation);
      assertThat(rows.columns().get(1).json(0)).isEqualTo("x");
    }
    assertThat(datasets.hold("one", "me").table().rows()).isEqualTo(2);
    assertThat(datasets.find("two")).isEmpty();
    assertThat(datasets.count()).isEqualTo(1);
    assertThat(datasets.bytesHeld()).isEqualTo(100);
    assertThat(datasets.maxBytes()).isEqualTo(MAX_BYTES);
  }

  /// However long its warnings are, a list is led through page by page.
  @Test
  void listsFewerWhereWarningsAreLong() {
    Table table = Tables.csv("a,b", "1,x", "2,");
    List<String> long100 = Collections.nCopies(100, "w".repeat(1000));
    for (int i = 0; i < 30; i++) {
      Reservation reservation = datasets.reserve();
      reservation.holds(1);
      DatasetHead head = dataset("id" + i, table, "").head();
      datasets.add(
          reservation,
          new Dataset(
              new DatasetHead(
                  head.id(),
                  head.name(),
                  head.rows(),
                  head.bytes(),
                  head.sha256(),
                  head.columns(),
                  long100,
                  head.missing(),
                  head.createdAt()),
              table));
    }

    List<String> seen = new ArrayList<>();
    String cursor = null;
    do {
      Page<DatasetHead> page = datasets.list(500, cursor);
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
  void whatFailsTogetherWithItLeavesADataSetOut() {
    Dataset dataset = dataset("one", Tables.csv("a,b", "1,x"), "");
    try (Reservation reservation = datasets.reserve()) {
      assertThatThrownBy(
              () ->
                  datasets.add(
                      reservation,
                      dataset,
                      () -> {
                        throw new IllegalStateException("planted");
                      }))
          .hasMessage("planted");
    }
    assertThat(datasets.find("one")).isEmpty();
    assertThat(datasets.list(9, null).items()).isEmpty();
    assertThat(datasets.count()).isZero();
    assertThat(datasets.bytesHeld()).isZero();

    List<Boolean> seen = new ArrayList<>();
    datasets.add(datasets.reserve(), dataset, () -> seen.add(datasets.find("one").isPresent()));

    assertThat(seen).containsExactly(false);
    assertThat(datasets.find("one")).isPresent();
  }

  @Test
  void listsTheNewestFirstPageByPage() {
    for (int i = 1; i <= 5; i++) {
      add("d" + i, 10);
    }
    Page<DatasetHead> first = datasets.list(2, null);
    Page<DatasetHead> second = datasets.list(2, first.nextCursor());
    datasets.delete("d3");
    add("d6", 10);
    Page<DatasetHead> third = datasets.list(2, second.nextCursor());

    assertThat(ids(first)).containsExactly("d5", "d4");
    assertThat(ids(second)).containsExactly("d3", "d2");
    assertThat(ids(third)).containsExactly("d1");
    assertThat(third.nextCursor()).isNull();
    assertThat(ids(datasets.list(500, null))).containsExactly("d6", "d5", "d4", "d2", "d1");
  }

  @Test
  void refusesCursorsThatItDidNotGive() {
    assertThatThrownBy(() -> datasets.list(2, "bm9uZQ"))
        .isInstanceOfSatisfying(
            ProblemException.class,
            e -> assertThat(e.code()).isEqualTo(ProblemCode.INVALID_CURSOR));
  }

  @Test
  void refusesWhatNeverFits() {
    Reservation reservation = datasets.reserve();

    assertThatThrownBy(() -> reservation.holds(MAX_BYTES + 1))
        .satisfies(
            thrown ->
                assertProblem(
                    thrown,
                    ProblemCode.TOO_LARGE,
                    "a table may hold at most 10000 bytes (backprop.dataset.max-bytes), this one needs at least 10001"));
  }

  @Test
  void aReservationGivesBackWhatItNoLongerNeeds() {
    Reservation reservation = datasets.reserve();
    reservation.holds(5_000);
    reservation.holds(2_000);
    assertThat(datasets.bytesHeld()).isEqualTo(2_000);

    reservation.close();
    reservation.close();
    assertThat(datasets.bytesHeld()).isZero();
    assertThat(reservation.bytes()).isZero();
    assertThatThrownBy(() -> reservation.holds(1)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void deletingGivesTheMemoryBack() {
    add("one", 100);
    datasets.delete("one");

    assertThat(datasets.find("one")).isEmpty();
    assertThat(datasets.count()).isZero();
    assertThat(datasets.bytesHeld()).isZero();
    assertThatThrownBy(() -> datasets.delete("one"))
        .satisfies(
            thrown -> assertProblem(thrown, ProblemCode.NOT_FOUND, "there is no data set one"));
  }

  @Test
  void whatIsHeldIsNotDeleted() {
    add("one", 100);
    assertThat(datasets.hold("one", "/api/v1/trainings/7").id()).isEqualTo("one");
    datasets.hold("one", "/api/v1/trainings/8");

    assertThatThrownBy(() -> datasets.delete("one"))
        .satisfies(
            thrown ->
                assertProblem(
                    thrown, ProblemCode.IN_USE, "data set one is needed by /api/v1/trainings/7"));
    datasets.release("one", "/api/v1/trainings/7");
    assertThatThrownBy(() -> datasets.delete("one"))
        .hasMessageContaining("is needed by /api/v1/trainings/8");
    datasets.hold("one", "/api/v1/trainings/8");
    datasets.release("one", "/api/v1/trainings/8");
    datasets.release("one", "/api/v1/trainings/8");
    datasets.delete("one");
    datasets.release("one", "/api/v1/trainings/8");
    assertThatThrownBy(() -> datasets.hold("one", "late"))
        .satisfies(
            thrown -> assertProblem(thrown, ProblemCode.NOT_FOUND, "there is no data set one"));
  }
}
