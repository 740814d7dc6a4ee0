package dev.backprop.service.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backprop.engine.table.MissingTokens;
import dev.backprop.engine.table.Table;
import dev.backprop.engine.table.Tables;
import dev.backprop.platform.limits.Budget;
import dev.backprop.platform.notes.Notes;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import java.time.Instant;
import java.util.List;

/// Small data sets, and how they get into a repository.
final class DatasetFixtures {

  static final long MAX_BYTES = 10_000;

  private DatasetFixtures() {}

  static Dataset dataset(String id, Table table, String warning) {
    return new Dataset(head(id, table, List.of(warning)), table);
  }

  static DatasetHead head(String id, Table table, List<String> warnings) {
    return head("name of " + id, id, table, warnings);
  }

  static DatasetHead named(String name, String id, Table table) {
    return head(name, id, table, List.of());
  }

  private static DatasetHead head(String name, String id, Table table, List<String> warnings) {
    return head(id, name, table, warnings, Ownership.NOBODY);
  }

  private static DatasetHead head(
      String id, String name, Table table, List<String> warnings, Ownership ownership) {
    return new DatasetHead(
        id,
        name,
        table.rows(),
        table.bytes(),
        "00",
        ColumnDescription.of(table),
        warnings,
        new MissingTokens(List.of("-999")),
        Instant.EPOCH,
        ownership,
        Notes.NONE);
  }

  /// One of two rows that somebody has made.
  static void add(Datasets datasets, String id, Ownership ownership) {
    add(datasets, owned(id, ownership), 10);
  }

  private static Dataset owned(String id, Ownership ownership) {
    Table table = Tables.csv("a,b", "1,x", "2,");
    return new Dataset(head(id, "same", table, List.of(), ownership), table);
  }

  /// One of two rows.
  static Dataset add(Datasets datasets, String id, long bytes) {
    Dataset dataset = dataset(id, Tables.csv("a,b", "1,x", "2,"), "a warning");
    add(datasets, dataset, bytes);
    return dataset;
  }

  static void add(Datasets datasets, Dataset dataset, long bytes) {
    try (Budget.Claim claim = datasets.reserve()) {
      claim.holds(bytes);
      try (Datasets.Draft draft = datasets.draft(claim, dataset)) {
        draft.keep();
      }
    }
  }

  static void addFor(Datasets datasets, String id, long bytes, String holder) {
    addFor(datasets, dataset(id, Tables.csv("a,b", "1,x", "2,"), ""), bytes, holder);
  }

  static void addFor(Datasets datasets, String id, Ownership ownership, String holder) {
    addFor(datasets, owned(id, ownership), 10, holder);
  }

  private static void addFor(Datasets datasets, Dataset dataset, long bytes, String holder) {
    try (Budget.Claim claim = datasets.reserve()) {
      claim.holds(bytes);
      try (Datasets.Draft draft = datasets.draft(claim, dataset)) {
        draft.keepFor(holder);
      }
    }
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
}
