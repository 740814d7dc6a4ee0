package dev.backprop.service.model;

import static dev.backprop.platform.caller.Caller.ANYBODY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.backprop.engine.data.BareExamples;
import dev.backprop.engine.data.DenseRows;
import dev.backprop.engine.figures.Threshold;
import dev.backprop.engine.plan.Standing;
import dev.backprop.engine.plan.TrainingData;
import dev.backprop.engine.spec.NetworkSpec;
import dev.backprop.engine.spec.TrainingSpecs;
import dev.backprop.platform.artifact.Artifacts;
import dev.backprop.platform.artifact.ModelDocument;
import dev.backprop.platform.artifact.ModelDraft;
import dev.backprop.platform.artifact.ModelFixtures;
import dev.backprop.platform.artifact.ModelReference;
import dev.backprop.platform.artifact.Provenance;
import dev.backprop.platform.artifact.TargetView;
import dev.backprop.platform.notes.Notes;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import dev.backprop.platform.problem.Problems;
import dev.backprop.platform.storage.Databases;
import dev.backprop.platform.storage.JdbcBlobs;
import dev.backprop.platform.storage.JdbcDatabase;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Models in a database, as several processes share it.
@ParameterizedClass
@EnumSource(JdbcDatabase.Kind.class)
class JdbcModelsTest extends ModelsContract {

  private static final InstantSource CLOCK = InstantSource.fixed(ModelFixtures.START);
  private static final long BUDGET = 100_000;
  private static final ModelDraft DRAFT = ModelFixtures.bare();

  private final JdbcDatabase database;

  JdbcModelsTest(JdbcDatabase.Kind kind) {
    this.database = Databases.empty(kind);
  }

  @Override
  Models create(long maxBytes, InstantSource clock, int keepVersions) {
    return process(Databases.empty(database.kind()), maxBytes, clock, keepVersions);
  }

  /// A process over a database.
  static Models process(
      JdbcDatabase database, long maxBytes, InstantSource clock, int keepVersions) {
    return new Models(
        new JdbcModelStore(
            database, Databases.blobs(database, clock), Artifacts.JSON, Artifacts.CODEC),
        database,
        clock,
        maxBytes,
        keepVersions);
  }

  private Models process() {
    return process(database, BUDGET, CLOCK, 0);
  }

  private static ModelVersion add(Models models, String name, ModelDraft draft) {
    return add(models, models.reserve(1_000), name, draft, true);
  }

  private static float[] parameters(ModelVersion version) {
    return version.predictor().scorer().network().parameters().values();
  }

  private int rows(String table) {
    return database.read(
        jdbc -> jdbc.sql("SELECT count(*) FROM " + table).query(Integer.class).single());
  }

  @Test
  void aRestartForgetsNothing() {
    Models before = process();
    add(before, "a", DRAFT);
    add(before, "b", DRAFT);
    ModelVersion kept = add(before, "a", DRAFT);
    before.activate("a", 1);
    before.delete("b", ANYBODY);

    Models after = process();

    assertThat(after.find("a")).isEqualTo(before.find("a"));
    assertThat(after.find("a").flatMap(Model::current).map(VersionHead::version)).contains(1);
    assertThat(after.list(ANYBODY, new Listing(null, null, null, 10)))
        .isEqualTo(before.list(ANYBODY, new Listing(null, null, null, 10)));
    ModelVersion found = after.live("a", 2).orElseThrow();
    assertThat(found).isNotSameAs(kept);
    assertThat(found.head()).isEqualTo(kept.head());
    assertThat(parameters(found)).isEqualTo(parameters(kept));
    assertThat(found.draft().provenance()).isEqualTo(kept.draft().provenance());
    assertThat(found.draft().learned()).isEqualTo(kept.draft().learned());
    assertThat(add(after, "b", DRAFT).version()).isEqualTo(2);
  }

  /// A former version keeps no figures beside the document.
  @Test
  void readsHowGoodAVersionIsOffWhatAFormerVersionKept() {
    ModelDraft judged =
        ModelFixtures.train(
            new TrainingData.Bare(
                new BareExamples(
                    DenseRows.of(new double[][] {{1}, {2}, {3}, {4}}),
                    DenseRows.of(new double[][] {{1}, {2}, {3}, {4}}))),
            null,
            NetworkSpec.of(List.of(), null, null),
            TrainingSpecs.training().epochs(2).validationFraction(0.5).spec());
    Standing standing = add(process(), "a", judged).head().standing();
    assertThat(standing).extracting(Standing::headline).isNotNull();
    add(process(), "a", DRAFT);
    database.change(jdbc -> jdbc.sql("UPDATE model_versions SET standing = NULL").update());
    Models other = process();
    assertThat(other.find("a").orElseThrow().version(1).orElseThrow().standing()).isNull();
    Models one = process();

    one.completeStandings();

    assertThat(one.find("a").orElseThrow().version(1).orElseThrow().standing()).isEqualTo(standing);
    other.refresh();
    assertThat(other.find("a").orElseThrow().version(1).orElseThrow().standing())
        .isEqualTo(standing);
    assertThat(other.find("a").orElseThrow().version(2).orElseThrow().standing()).isNotNull();
  }

  @Test
  void liveCopiesOfOthersFollowTheThreshold() {
    Models one = process();
    Models other = process();
    add(one, "a", DRAFT);
    other.refresh();
    assertThat(other.live("a", 1).orElseThrow().predictor().certainty().threshold()).isNull();
    Threshold chosen = new Threshold(0.25, 1);

    one.decide("a", 1, chosen);
    other.refresh();

    assertThat(other.live("a", 1).orElseThrow().predictor().certainty().threshold())
        .isEqualTo(chosen);
    assertThat(process().live("a", 1).orElseThrow().predictor().certainty().threshold())
        .isEqualTo(chosen);
  }

  @Test
  void seesWhatOthersChange() {
    Models one = process();
    Models other = process();
    add(one, "a", DRAFT);
    add(one, "a", DRAFT);
    other.refresh();
    assertThat(other.find("a")).isEqualTo(one.find("a")).isPresent();

    one.activate("a", 1);
    add(one, "b", DRAFT);
    one.delete("a", 2, ANYBODY);
    other.refresh();

    assertThat(other.list(ANYBODY, new Listing(null, null, null, 10)))
        .isEqualTo(one.list(ANYBODY, new Listing(null, null, null, 10)));
    assertThat(other.live("a", 2)).isEmpty();
    assertThat(other.usage().versions()).isEqualTo(2);
    one.delete("a", ANYBODY);
    other.refresh();
    assertThat(other.find("a")).isEmpty();
    assertThat(other.list(ANYBODY, new Listing(null, null, null, 10)).items())
        .extracting(Model::name)
        .containsExactly("b");
  }

  @Test
  void findsAtOnceWhatOthersHaveJustMade() {
    Models one = process();
    Models other = process();
    add(one, "a", DRAFT);

    assertThat(other.find("a")).isPresent();
    add(one, "a", DRAFT);
    assertThat(other.live("a", 2)).isPresent();
    assertThat(other.find("none")).isEmpty();
  }

  @Test
  void tellsThatOthersHaveDeletedWhatIsNotLive() {
    Models one = process();
    add(one, "a", DRAFT);
    add(one, "a", DRAFT);
    Models other = process();
    one.delete("a", 2, ANYBODY);

    assertThat(other.live("a", 2)).isEmpty();
    assertThat(new ModelLookup(other).current("a", ANYBODY).version()).isEqualTo(1);
  }

  @Test
  void bringsBackWhatHadToMakeRoom() {
    Models models = process(database, 25_000, CLOCK, 0);
    List<ModelVersion> added = new ArrayList<>();
    for (String name : List.of("a", "b", "c", "d")) {
      added.add(add(models, models.reserve(10_000), name, DRAFT, true));
    }
    assertThat(models.usage().bytes()).isEqualTo(20_000);

    for (ModelVersion version : added) {
      ModelVersion back = models.live(version.name(), 1).orElseThrow();
      assertThat(parameters(back)).isEqualTo(parameters(version));
      assertThat(models.usage().bytes()).isEqualTo(20_000);
    }
    ModelVersion last = models.live("d", 1).orElseThrow();
    assertThat(models.live("d", 1)).containsSame(last);
  }

  /// It was added when there was more.
  @Test
  void whatNeedsMoreThanThereIsForAllIsNotBroughtBack() {
    add(process(), "a", DRAFT);
    Models smaller = process(database, 999, CLOCK, 0);

    assertProblem(
        () -> smaller.live("a", 1),
        ProblemCode.REPOSITORY_FULL,
        "a version 1 needs 1,000 bytes to answer, live models may take 999 bytes together");
    assertThat(smaller.usage().bytes()).isZero();
    assertThat(process(database, 1_000, CLOCK, 0).live("a", 1)).isPresent();
  }

  /// Looks through another process's eyes whenever a part of the weights is about to be written.
  @Test
  void nobodySeesAVersionThatIsNotWhole() {
    Models other = process();
    ModelDraft large =
        Artifacts.bare(
            1_200,
            new double[][] {{0}, {1}, {1}, {0}},
            "{\"layers\": [{\"type\": \"dense\", \"units\": 1000}]}");
    List<Boolean> seen = new ArrayList<>();
    Models models =
        process(
            database,
            100_000_000,
            () -> {
              other.refresh();
              seen.add(other.find("a").isPresent() || rows("model_versions") > 0);
              return ModelFixtures.START;
            },
            0);
    seen.clear();

    ModelVersion added = add(models, "a", large);

    assertThat(seen).hasSize(3).containsOnly(false); // the version's own time, and two chunks
    Models late = process(database, 100_000_000, CLOCK, 0);
    assertThat(parameters(late.live("a", 1).orElseThrow())).isEqualTo(parameters(added));
  }

  @Test
  void addingAgainAfterALostAnswerAddsNothing() {
    Models models = process();
    Models.Reservation room = models.reserve(1_000);
    List<VersionHead> added = new ArrayList<>();
    try (Models.Addition once = models.write(room, new Models.Made("a", null, Notes.NONE), DRAFT);
        Models.Addition again = models.write(room, new Models.Made("a", null, Notes.NONE), DRAFT)) {
      added.add(once.add(true).head());
      added.add(again.add(true).head());
    }
    Databases.clean(Databases.blobs(database, CLOCK));

    assertThat(added.get(1)).isEqualTo(added.get(0));
    assertThat(rows("model_versions")).isEqualTo(1);
    assertThat(rows("blobs")).isEqualTo(1);
    assertThat(parameters(process().live("a", 1).orElseThrow()))
        .isEqualTo(DRAFT.predictor().scorer().network().parameters().values());
  }

  @Test
  void aDocumentSaysWhichVersionItIs() {
    Models models = process();
    add(models, "a", DRAFT);
    ModelVersion second = add(models, "a", DRAFT);

    String document =
        database.read(
            jdbc ->
                jdbc.sql("SELECT document FROM model_versions ORDER BY version DESC LIMIT 1")
                    .query(String.class)
                    .single());
    assertThat(document)
        .isEqualTo(
            new String(
                Artifacts.CODEC.document(DRAFT, second.head().origin()), StandardCharsets.UTF_8))
        .contains("\"version\":2");
  }

  /// A unit of work that fails leaves nothing behind, and one that is kept shows what it has made.
  @Test
  void aVersionIsThereWithItsUnitOfWorkOrNotAtAll() {
    Models models = process();
    Models.Reservation room = models.reserve(1_000);
    try (Models.Addition addition =
        models.write(room, new Models.Made("a", null, Notes.NONE), DRAFT)) {
      assertThatThrownBy(
              () ->
                  database.perform(
                      () -> {
                        addition.add(true);
                        throw new IllegalStateException("planted");
                      }))
          .hasMessage("planted");
    }
    assertThat(models.find("a")).isEmpty();
    assertThat(rows("model_versions")).isZero();

    try (Models.Addition addition =
        models.write(room, new Models.Made("a", null, Notes.NONE), DRAFT)) {
      int version =
          database.perform(
              () -> {
                int number = addition.add(true).version();
                assertThat(models.usage().models()).isZero();
                return number;
              });
      assertThat(version).isEqualTo(1);
    }
    assertThat(models.usage().models()).isEqualTo(1);
    assertThat(models.live("a", 1)).isPresent();
    Databases.clean(Databases.blobs(database, CLOCK));
    assertThat(rows("blobs")).isEqualTo(1);
  }

  @Test
  void numbersWhatSeveralProcessesAddAtOnce() throws Exception {
    List<Models> processes = List.of(process(), process(), process());
    try (ExecutorService pool = Executors.newFixedThreadPool(processes.size())) {
      List<Future<List<Integer>>> added = new ArrayList<>();
      for (Models models : processes) {
        added.add(
            pool.submit(
                () ->
                    IntStream.range(0, 4)
                        .map(_ -> add(models, "a", DRAFT).version())
                        .boxed()
                        .toList()));
      }
      List<Integer> all = new ArrayList<>();
      for (Future<List<Integer>> numbers : added) {
        assertThat(numbers.get()).isSorted();
        all.addAll(numbers.get());
      }
      assertThat(all)
          .containsExactlyInAnyOrderElementsOf(IntStream.rangeClosed(1, 12).boxed().toList());
    }
    processes.forEach(Models::refresh);
    assertThat(processes.get(1).find("a")).isEqualTo(processes.get(0).find("a"));
    assertThat(processes.get(2).find("a")).isEqualTo(processes.get(0).find("a"));
  }

  @Test
  void swapsUnderLoadWithoutAFailedOrMixedAnswer() throws Exception {
    Models one = process();
    Models other = process(database, 3_000, CLOCK, 0);
    add(one, "a", ModelFixtures.bare(1));
    other.refresh();
    ModelLookup lookup = new ModelLookup(other);
    AtomicBoolean done = new AtomicBoolean();
    try (ExecutorService pool = Executors.newFixedThreadPool(2)) {
      List<Future<Integer>> readers =
          IntStream.range(0, 2).mapToObj(_ -> pool.submit(() -> readUntil(done, lookup))).toList();
      for (int seed = 2; seed <= 6; seed++) {
        add(one, "a", ModelFixtures.bare(seed));
        other.refresh();
        assertThat(lookup.current("a", ANYBODY).version()).isEqualTo(seed);
      }
      done.set(true);
      for (Future<Integer> reader : readers) {
        assertThat(reader.get()).isPositive();
      }
    }
  }

  /// Of the version that has the number n, the parameters are those of the seed n.
  private static int readUntil(AtomicBoolean done, ModelLookup lookup) {
    List<float[]> expected =
        IntStream.rangeClosed(1, 6)
            .mapToObj(
                seed ->
                    ModelFixtures.bare(seed).predictor().scorer().network().parameters().values())
            .toList();
    int answers = 0;
    int last = 0;
    while (!done.get() || answers == 0) {
      ModelVersion version = lookup.current("a", ANYBODY);
      assertThat(version.version()).isGreaterThanOrEqualTo(last);
      last = version.version();
      assertThat(parameters(version)).isEqualTo(expected.get(last - 1));
      answers++;
    }
    return answers;
  }

  @Test
  void tellsThatAVersionHasLostItsWeights() {
    Models models = process();
    ModelVersion added = add(models, "a", DRAFT);
    database.change(jdbc -> jdbc.sql("DELETE FROM blob_chunks").update());

    assertCorrupt(() -> process().live("a", added.version()));
  }

  private static void assertProblem(ThrowingCallable call, ProblemCode code, String detail) {
    assertThat(Problems.assertProblem(code, call).detail()).contains(detail);
  }

  private static void assertCorrupt(ThrowingCallable call) {
    assertProblem(call, ProblemCode.STORAGE_CORRUPT, "a version 1 is stored, but cannot be read");
  }

  private void spoil(String change) {
    database.change(jdbc -> jdbc.sql("UPDATE model_versions SET " + change).update());
  }

  @Test
  void whatCannotBeReadIsTheServicesFault() {
    add(process(), "a", DRAFT);
    spoil("document = '{\"format\":1}'");
    assertCorrupt(() -> process().live("a", 1));
    assertCorrupt(() -> process().card("a", 1, true));

    spoil("document = 'nonsense'");
    assertCorrupt(() -> process().live("a", 1));
    assertThat(process().delete("a", 1, ANYBODY)).isTrue();

    add(process(), "a", DRAFT);
    database.change(
        jdbc ->
            jdbc.sql("UPDATE blob_chunks SET content = :none")
                .param("none", new byte[100])
                .update());
    assertProblem(
        () -> process().live("a", 2), ProblemCode.STORAGE_CORRUPT, "a version 2 is stored");
    assertThat(process().card("a", 2, true)).isPresent();
  }

  /// So that it is no more than another reading of the same text.
  @Test
  void aDocumentThatIsNotWhatWasWrittenIsTold() {
    add(process(), "a", DRAFT);
    spoil("document = replace(document, '\"bestEpoch\":', '\"bestEpoch\": ')");

    assertCorrupt(() -> process().live("a", 1));
    assertCorrupt(() -> process().card("a", 1, true));
  }

  @Test
  void aBitOfTheWeightsThatFlippedIsTold() {
    add(process(), "a", DRAFT);
    byte[] weights =
        database.read(
            jdbc ->
                jdbc.sql("SELECT content FROM blob_chunks")
                    .query((row, _) -> row.getBytes(1))
                    .single());
    weights[weights.length - 4] ^= 1; // the last bit of a parameter
    database.change(
        jdbc ->
            jdbc.sql("UPDATE blob_chunks SET content = :weights")
                .param("weights", weights)
                .update());

    assertCorrupt(() -> process().live("a", 1));
  }

  @Test
  void aVersionOfANewerFormatIsLeftToNewerProcesses() {
    add(process(), "a", DRAFT);
    spoil("document = '{\"format\":99,\"unheard\":[1]}', document_checksum = NULL");

    for (ThrowingCallable call :
        List.<ThrowingCallable>of(
            () -> process().live("a", 1), () -> process().card("a", 1, true))) {
      assertProblem(
          call,
          ProblemCode.NEWER_FORMAT,
          "a version 1 has format 99, this process reads formats up to "
              + ModelDocument.Format.CURRENT);
      assertThatThrownBy(call)
          .isInstanceOfSatisfying(
              ProblemException.class, problem -> assertThat(problem.retryAfter()).isNotNull());
    }
    assertThat(process().find("a")).isPresent();
  }

  @Test
  void whatCouldNotBeReadAgainIsNotKept() {
    Provenance known = DRAFT.provenance();
    ModelDraft unreadable =
        DRAFT.with(
            new Provenance(
                known.engine(),
                known.seed(),
                known.dataSha256(),
                known.rows(),
                known.warmStart(),
                "x".repeat(65),
                known.startedAt(),
                known.finishedAt(),
                known.microsecondsPerRow(),
                known.imported()));
    Models models = process();

    assertProblem(
        () -> add(models, "a", unreadable),
        ProblemCode.INTERNAL_ERROR,
        "/provenance/trainingId: must be 1 to 64 visible ASCII characters, had 65");

    assertThat(models.find("a")).isEmpty();
    assertThat(rows("model_versions")).isZero();
    assertThat(rows("blobs")).isZero();
  }

  @Test
  void aModelThatCannotBeReadStandsInNobodysWay() {
    long before = Databases.corruptions(database.kind());
    Models one = process();
    Models other = process();
    add(one, "a", DRAFT);
    other.refresh();
    assertThat(other.live("a", 1)).isPresent();
    add(one, "a", DRAFT);
    add(one, "b", DRAFT);
    spoil("document = 'nonsense', target = 'nonsense' WHERE model = 'a' AND version = 2");
    add(one, "c", DRAFT);

    other.refresh();
    other.refresh();

    assertThat(other.list(ANYBODY, new Listing(null, null, null, 10)).items())
        .extracting(Model::name, Model::currentVersion)
        .containsExactly(tuple("c", 1), tuple("b", 1), tuple("a", 2));
    assertThat(other.list(ANYBODY, new Listing(null, null, null, 10)).items())
        .extracting(Model::target)
        .containsExactly(TargetView.of(DRAFT), TargetView.of(DRAFT), null);
    // Once the target, once the version. The log has one line an hour about all such things.
    assertThat(Databases.corruptions(database.kind()) - before).isEqualTo(2);
    assertThat(other.activate("a", 1).flatMap(Model::current).map(VersionHead::version))
        .contains(1);
    assertThat(other.find("a").map(Model::target)).contains(TargetView.of(DRAFT));
    assertThat(other.live("a", 1)).isPresent();
  }

  @Test
  void aCardNeedsNoRoomForItsVersion() {
    List<ModelDraft> drafts =
        List.of(
            DRAFT,
            Artifacts.columns(
                """
                {"target": ["two"], "columns": {"three": {"type": "ignore"}}}""",
                """
                {"layers": [{"type": "dense", "units": 4}, "batch-norm"], "embeddings": {"city": {"units": 2}}}""",
                "{\"epochs\": 2}"));
    Models models = process(database, 1_000_000, CLOCK, 0);
    Models small = process(database, 1, CLOCK, 0);
    for (ModelDraft draft : drafts) {
      ModelVersion added = add(models, "a", draft);
      String card = Artifacts.JSON.writeValueAsString(ModelCard.of(added.head(), added, true));
      assertThat(models.card("a", added.version(), true))
          .map(Artifacts.JSON::writeValueAsString)
          .contains(card);

      small.refresh();

      assertProblem(
          () -> small.live("a", added.version()), ProblemCode.REPOSITORY_FULL, "1,000 bytes");
      assertThat(small.card("a", added.version(), true))
          .map(Artifacts.JSON::writeValueAsString)
          .contains(card);
    }
    assertThat(small.activate("a", 1).map(Model::currentVersion)).contains(1);
    assertThat(small.card("a", 3, true)).isEmpty();
  }

  @Test
  void whatIsSetAsideMakesLiveVersionsWaitForTheirTurn() {
    Models models = process(database, 100_000, CLOCK, 0);
    add(models, models.reserve(40_000), "a", DRAFT, true);
    add(models, models.reserve(40_000), "b", DRAFT, true);
    Models.Reservation half = models.reserve(50_000);
    assertThat(models.usage().bytes()).isEqualTo(90_000);

    assertProblem(() -> models.reserve(1), ProblemCode.REPOSITORY_FULL, "50,000");
    assertThat(models.live("a", 1)).isPresent();
    assertThat(models.live("b", 1)).isPresent();
    assertThat(models.usage().bytes()).isEqualTo(90_000);
    half.release();
    half.release();
    assertThat(models.usage().bytes()).isEqualTo(40_000);

    Models.Reservation most = models.reserve(70_000);
    assertProblem(() -> models.live("a", 1), ProblemCode.BUSY, "70,000");
    add(models, most, "c", DRAFT, true);
    assertThat(models.usage().bytes()).isEqualTo(70_000);
    assertThat(models.live("a", 1)).isPresent();
  }

  @Test
  void whatIsExpectedLeavesLiveVersionsAloneUntilItIsThere() {
    Models models = process(database, 100_000, CLOCK, 0);
    add(models, models.reserve(40_000), "a", DRAFT, true);
    add(models, models.reserve(40_000), "b", DRAFT, true);

    Models.Reservation most = models.expect(90_000);
    Models.Reservation other = models.expect(90_000);

    assertThat(models.usage().bytes()).isEqualTo(80_000);
    models.reserve(50_000).release();
    assertThat(models.live("a", 1)).isPresent();
    assertThat(models.live("b", 1)).isPresent();
    add(models, most, "c", DRAFT, true);
    assertThat(models.usage().bytes()).isEqualTo(90_000);
    other.release();
    assertThat(models.usage().bytes()).isEqualTo(90_000);
    assertThat(models.live("c", 1)).isPresent();
    assertThat(models.live("a", 1)).isPresent();
    assertThat(models.usage().bytes()).isEqualTo(40_000);
    assertProblem(
        () -> models.expect(100_001), ProblemCode.REPOSITORY_FULL, "may take 100,000 bytes");
  }

  @Test
  void whatIsKnownOfVersionsIsBounded() {
    ModelDraft classes =
        Artifacts.columns(
            "{\"target\": [\"city\"], \"columns\": {}}", "{\"layers\": []}", "{\"epochs\": 2}");
    Models models = process(database, 8 * 2_500, CLOCK, 0);
    add(models, "a", DRAFT);
    add(models, "a", DRAFT);
    Models.Reservation room = models.reserve(1_000);
    assertProblem(
        () -> add(models, room, "b", classes, true),
        ProblemCode.REPOSITORY_FULL,
        "what is known of 3 versions would take");
    add(models, room, "a", DRAFT, true);
    add(models, "a", DRAFT);

    assertProblem(() -> models.reserve(1), ProblemCode.REPOSITORY_FULL, "may take 2,500");
    assertProblem(
        () -> process(database, 8 * 2_500, CLOCK, 0).reserve(1),
        ProblemCode.REPOSITORY_FULL,
        "5 versions");
    models.delete("a", 1, ANYBODY);
    models.reserve(1).release();
  }

  @Test
  void aPinnedVersionIsThereAlthoughItIsDeleted() {
    JdbcBlobs blobs = Databases.blobs(database, CLOCK);
    JdbcPinnedVersions pinned = new JdbcPinnedVersions(blobs, Artifacts.CODEC);
    Models models = process();
    ModelVersion added = add(models, "a", DRAFT);
    ModelReference reference = added.head().reference();
    JdbcPinnedVersions.Pin pin =
        database.write(jdbc -> JdbcPinnedVersions.pin(jdbc, reference)).orElseThrow();
    models.delete("a", ANYBODY);
    Databases.clean(blobs);

    ModelVersion loaded = pinned.load(reference, pin);
    assertThat(loaded.head().reference()).isEqualTo(reference);
    assertThat(parameters(loaded)).isEqualTo(parameters(added));
    assertThat(loaded.createdAt()).isEqualTo(added.createdAt());
    Optional<JdbcPinnedVersions.Pin> again =
        database.write(jdbc -> JdbcPinnedVersions.pin(jdbc, reference));
    assertThat(again).isEmpty();

    database.change(jdbc -> JdbcPinnedVersions.unpin(jdbc, pin.weights()));
    Databases.clean(blobs);
    assertThat(rows("blobs")).isZero();
  }
}
