package dev.backprop.service.model;

import static dev.backprop.platform.caller.Caller.ANYBODY;
import static dev.backprop.platform.problem.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backprop.engine.figures.Threshold;
import dev.backprop.platform.artifact.ModelDraft;
import dev.backprop.platform.artifact.ModelFixtures;
import dev.backprop.platform.artifact.ModelReference;
import dev.backprop.platform.caller.Caller;
import dev.backprop.platform.caller.Callers;
import dev.backprop.platform.http.Page;
import dev.backprop.platform.notes.Notes;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.service.model.Models.Reservation;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What every repository of models does.
abstract class ModelsContract {

  private static final long BUDGET = 100_000;
  private static final ModelDraft DRAFT = ModelFixtures.bare();

  private Models models;

  /// An empty repository.
  ///
  /// @param keepVersions 0 for all
  abstract Models create(long maxBytes, InstantSource clock, int keepVersions);

  @BeforeEach
  void createRepository() {
    models = create(BUDGET, InstantSource.fixed(ModelFixtures.START), 0);
  }

  /// Adds a version in a unit of work of its own.
  static ModelVersion add(
      Models models, Reservation room, String name, ModelDraft draft, boolean activate) {
    try (Models.Addition addition =
        models.write(room, new Models.Made(name, null, Notes.NONE), draft)) {
      return addition.add(activate);
    }
  }

  private ModelVersion add(String name) {
    return add(name, true);
  }

  private ModelVersion add(String name, boolean activate) {
    return add(models, models.reserve(1_000), name, DRAFT, activate);
  }

  private Model find(String name) {
    return models.find(name).orElseThrow();
  }

  private static List<Integer> numbers(Model model) {
    return model.versions().stream().map(VersionHead::version).toList();
  }

  private static @Nullable Integer current(Model model) {
    return model.currentVersion();
  }

  private ModelVersion live(String name, int version) {
    return models.live(name, version).orElseThrow();
  }

  @Test
  void countsVersionsFromOneByName() {
    assertThat(add("a").version()).isEqualTo(1);
    assertThat(add("b").version()).isEqualTo(1);
    assertThat(add("a").version()).isEqualTo(2);

    assertThat(numbers(find("a"))).containsExactly(1, 2);
    assertThat(find("a").createdAt()).isEqualTo(ModelFixtures.START);
  }

  @Test
  void makesTheNewestVersionCurrent() {
    add("a");
    ModelVersion second = add("a");

    assertThat(find("a").current()).contains(second.head());
    assertThat(live("a", 2).head()).isEqualTo(second.head());
  }

  @Test
  void leavesTheCurrentVersionAloneUnlessTheNewOneIsActivated() {
    ModelVersion first = add("a");
    add("a", false);

    assertThat(find("a").current()).contains(first.head());
  }

  @Test
  void hasNoCurrentVersionUntilOneIsActivated() {
    add("a", false);
    assertThat(find("a").current()).isEmpty();

    assertThat(models.activate("a", 1).flatMap(Model::current)).contains(find("a").latest());
    assertThat(current(find("a"))).isEqualTo(1);
  }

  @Test
  void activatesOlderVersionsAgain() {
    add("a");
    add("a");

    models.activate("a", 1);

    assertThat(current(find("a"))).isEqualTo(1);
    assertThat(models.activate("a", 3)).isEmpty();
    assertThat(models.activate("b", 1)).isEmpty();
    assertThat(current(find("a"))).isEqualTo(1);
  }

  @Test
  void deletesTheOldestVersionsThatNobodyNeeds() {
    for (int i = 0; i < 5; i++) {
      add("a");
    }
    add("b", false);
    add("b", false);
    models.activate("a", 2);
    models.whileNeeded(() -> Set.of(new ModelReference("a", 3)));

    assertThat(models.deleteOlder(ModelFixtures.START, 9)).isEmpty();
    Instant later = ModelFixtures.START.plusMillis(1);
    assertThat(models.deleteOlder(later, 1)).hasSize(1);
    assertThat(models.deleteOlder(later, 9)).hasSize(3);

    assertThat(numbers(find("a"))).containsExactly(2, 3);
    assertThat(current(find("a"))).isEqualTo(2);
    assertThat(numbers(find("b"))).containsExactly(2);
    assertThat(models.deleteOlder(later, 9)).isEmpty();
    assertThat(live("a", 2)).isNotNull();
  }

  @Test
  void keepsOtherNotesOfAVersion() {
    add("a");
    add("a");
    live("a", 1);

    Optional<VersionHead> changed =
        models.note("a", 1, before -> new Notes("said", List.of(before.tags().size() + " before")));

    Notes now = new Notes("said", List.of("0 before"));
    assertThat(changed.map(VersionHead::notes)).contains(now);
    assertThat(find("a").version(1)).isEqualTo(changed);
    assertThat(find("a").version(2).map(VersionHead::notes)).contains(Notes.NONE);
    assertThat(models.card("a", 1, false).map(ModelCard::description)).contains("said");
    assertThat(find("a").page(new Listing(null, "0 before", null, 9)).items())
        .extracting(VersionHead::version)
        .containsExactly(1);
    assertThat(models.list(ANYBODY, new Listing(null, "0 before", null, 9)).items()).isEmpty();
    models.activate("a", 1);
    assertThat(models.list(ANYBODY, new Listing(null, "0 before", null, 9)).items()).hasSize(1);
    assertThat(models.note("a", 3, _ -> now)).isEmpty();
    assertThat(models.note("b", 1, _ -> now)).isEmpty();
  }

  @Test
  void liveCopiesDecideByTheThresholdThatWasChosenLast() {
    add("a");
    add("a");
    ModelVersion before = live("a", 1);
    Threshold chosen = new Threshold(0.25, 0);

    assertThat(models.decide("a", 1, chosen).map(VersionHead::threshold)).contains(chosen);

    assertThat(before.predictor().certainty().threshold()).isNull();
    ModelVersion after = live("a", 1);
    assertThat(after.predictor().certainty().threshold()).isEqualTo(chosen);
    assertThat(after.workspaces()).isSameAs(before.workspaces());
    assertThat(EntityTag.of(after, "x=1")).isNotEqualTo(EntityTag.of(before, "x=1"));
    assertThat(live("a", 2).predictor().certainty().threshold()).isNull();
    assertThat(models.decide("a", 3, chosen)).isEmpty();
    assertThat(models.decide("b", 1, chosen)).isEmpty();
  }

  @Test
  void makesTheHighestRemainingVersionCurrentWhenTheCurrentOneIsDeleted() {
    add("a");
    add("a");
    add("a");
    models.activate("a", 1);

    assertThat(models.delete("a", 1, ANYBODY)).isTrue();

    assertThat(current(find("a"))).isEqualTo(3);
    assertThat(numbers(find("a"))).containsExactly(2, 3);
  }

  @Test
  void keepsTheCurrentVersionWhenAnotherIsDeleted() {
    add("a");
    add("a");

    models.delete("a", 1, ANYBODY);

    assertThat(current(find("a"))).isEqualTo(2);
    assertThat(models.delete("a", 1, ANYBODY)).isFalse();
    assertThat(models.delete("b", 1, ANYBODY)).isFalse();
  }

  @Test
  void forgetsAModelWithItsLastVersion() {
    add("a");

    models.delete("a", 1, ANYBODY);

    assertThat(models.find("a")).isEmpty();
    assertThat(models.list(ANYBODY, new Listing(null, null, null, 10)).items()).isEmpty();
  }

  @Test
  void neverUsesAVersionAgain() {
    add("a");
    add("a");
    models.delete("a", 2, ANYBODY);
    assertThat(add("a").version()).isEqualTo(3);

    assertThat(models.delete("a", ANYBODY)).isTrue();
    assertThat(models.delete("a", ANYBODY)).isFalse();

    assertThat(add("a").version()).isEqualTo(4);
    assertThat(numbers(find("a"))).containsExactly(4);
  }

  private void addOf(String owner, String name) {
    try (Models.Addition addition =
        models.write(models.reserve(1_000), new Models.Made(name, owner, Notes.NONE), DRAFT)) {
      addition.add(true);
    }
  }

  @Test
  void aVersionIsDeletedByItsOwnerAndAdmins() {
    addOf("one", "a");
    addOf("other", "a");
    add("a");
    assertThat(find("a").versions())
        .extracting(VersionHead::owner)
        .containsExactly("one", "other", null);

    for (int version : List.of(2, 3)) {
      assertProblem(ProblemCode.FORBIDDEN, () -> models.delete("a", version, Callers.of("one")));
    }
    assertProblem(ProblemCode.FORBIDDEN, () -> models.delete("a", Callers.of("one")));
    assertThat(numbers(find("a"))).containsExactly(1, 2, 3);
    assertThat(models.delete("a", 3, ANYBODY)).isTrue();
    assertThat(models.delete("a", 1, Callers.of("one"))).isTrue();
    assertThat(models.delete("a", Callers.of("other"))).isTrue();
    assertThat(models.find("a")).isEmpty();
    assertThat(models.delete("a", Callers.of("one"))).isFalse();
  }

  @Test
  void countsTheBytesOfAnOwner() {
    addOf("one", "a");
    addOf("one", "b");
    addOf("other", "a");
    add("a");

    assertThat(models.bytesOf("one")).isEqualTo(2_000);
    models.delete("b", ANYBODY);
    assertThat(models.bytesOf("one")).isEqualTo(1_000);
    assertThat(models.bytesOf("nobody")).isZero();
  }

  @Test
  void listsWhatTheCallerSeesInFullPages() {
    for (String name : List.of("x-1", "y-1", "x-2", "y-2", "z", "x-3")) {
      add(name);
    }
    Caller limited = Callers.limitedTo("x-", "z");

    Page<Model> first = models.list(limited, new Listing(null, null, null, 3));
    assertThat(first.items()).extracting(Model::name).containsExactly("x-3", "z", "x-2");
    Page<Model> second = models.list(limited, new Listing(null, null, first.nextCursor(), 3));
    assertThat(second.items()).extracting(Model::name).containsExactly("x-1");
    assertThat(second.nextCursor()).isNull();
  }

  @Test
  void readersKeepWhatTheyFound() {
    add("a");
    Model before = find("a");
    ModelVersion held = live("a", 1);

    models.delete("a", ANYBODY);

    assertThat(numbers(before)).containsExactly(1);
    assertThat(models.live("a", 1)).isEmpty();
    assertThat(held.predictor()).isSameAs(DRAFT.predictor());
  }

  @Test
  void keepsTheNewestVersionsAndTheCurrentOne() {
    models = create(BUDGET, InstantSource.fixed(ModelFixtures.START), 2);
    add("a");
    add("a", false);
    add("a", false);
    add("a", false);
    assertThat(numbers(find("a"))).containsExactly(1, 3, 4);
    assertThat(current(find("a"))).isEqualTo(1);

    add("a");

    assertThat(numbers(find("a"))).containsExactly(4, 5);
    assertThat(models.live("a", 3)).isEmpty();
    assertThat(models.usage().versions()).isEqualTo(2);
  }

  @Test
  void refusesWhatNeverFits() {
    assertThat(assertProblem(ProblemCode.REPOSITORY_FULL, () -> models.reserve(BUDGET + 1)))
        .hasMessageContaining("100,000");
  }

  @Test
  void setsAsideWhatIsReserved() {
    Reservation first = models.reserve(60_000);

    assertThat(assertProblem(ProblemCode.REPOSITORY_FULL, () -> models.reserve(60_000)))
        .hasMessageContaining("100,000");
    first.release();
    first.release();
    Reservation second = models.reserve(60_000);
    add(models, second, "a", DRAFT, true);
    second.release();
    assertThat(models.usage().bytes()).isBetween(60_000L, 61_000L);
    models.reserve(30_000);
  }

  @Test
  void listsNewestFirstPageByPage() {
    List.of("a", "b", "c", "d", "e").forEach(this::add);
    add("a");

    Page<Model> first = models.list(ANYBODY, new Listing(null, null, null, 2));
    models.delete("d", ANYBODY);
    models.delete("c", ANYBODY);
    add("f");
    Page<Model> second = models.list(ANYBODY, new Listing(null, null, first.nextCursor(), 2));

    assertThat(first.items()).extracting(Model::name).containsExactly("e", "d");
    assertThat(second.items()).extracting(Model::name).containsExactly("b", "a");
    assertThat(second.nextCursor()).isNull();
  }

  @Test
  void refusesACursorThatIsNone() {
    assertProblem(
        ProblemCode.INVALID_CURSOR, () -> models.list(ANYBODY, new Listing(null, null, "x", 2)));
  }

  @Test
  void takesAReservationOnce() {
    Reservation room = models.reserve(1_000);
    add(models, room, "a", DRAFT, true);

    assertThatThrownBy(() -> add(models, room, "a", DRAFT, true))
        .isInstanceOf(IllegalStateException.class);
    long held = models.usage().bytes();
    room.release();
    assertThat(models.usage().bytes()).isEqualTo(held);
    assertThat(models.live("a", 1)).isPresent();

    Reservation released = models.reserve(1_000);
    released.release();
    assertThatThrownBy(() -> add(models, released, "a", DRAFT, true))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void tellsWhatItHolds() {
    add("a");
    add("a");
    add("b");
    models.delete("a", 1, ANYBODY);

    Models.Usage usage = models.usage();

    assertThat(usage.models()).isEqualTo(2);
    assertThat(usage.versions()).isEqualTo(2);
    assertThat(usage.maxBytes()).isEqualTo(BUDGET);
  }

  @Test
  void numbersVersionsThatSucceedAtOnce() throws Exception {
    int threads = 8;
    CountDownLatch ready = new CountDownLatch(threads);
    Set<Integer> seen = new HashSet<>();
    try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
      List<Future<Integer>> versions =
          IntStream.range(0, threads)
              .mapToObj(
                  _ ->
                      pool.submit(
                          () -> {
                            ready.countDown();
                            ready.await();
                            return add("a").version();
                          }))
              .toList();
      for (Future<Integer> version : versions) {
        seen.add(version.get());
      }
    }

    assertThat(seen).containsExactlyInAnyOrder(1, 2, 3, 4, 5, 6, 7, 8);
    assertThat(current(find("a"))).isEqualTo(8);
  }
}
