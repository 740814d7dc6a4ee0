package dev.backprop.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backprop.storage.Databases;
import dev.backprop.storage.JdbcBlobs;
import dev.backprop.storage.JdbcDatabase;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Models in a database, as several processes share it.
abstract class StoredModelsContract extends ModelsContract {

  private static final InstantSource CLOCK = InstantSource.fixed(ModelFixtures.START);
  private static final long BUDGET = 100_000;
  private static final ModelDraft DRAFT = ModelFixtures.bare();

  private final JdbcDatabase database = database();

  /// An empty one.
  abstract JdbcDatabase database();

  @Override
  final StoredModels create(long maxBytes, InstantSource clock, int keepVersions) {
    database();
    return process(maxBytes, clock, keepVersions);
  }

  private StoredModels process(long maxBytes, InstantSource clock, int keepVersions) {
    return new StoredModels(
        new JdbcModelStore(
            database, Databases.blobs(database, clock), Artifacts.JSON, keepVersions),
        Artifacts.CODEC,
        maxBytes,
        clock);
  }

  private StoredModels process() {
    return process(BUDGET, CLOCK, 0);
  }

  private static ModelVersion add(Models models, String name, ModelDraft draft) {
    return models.add(models.reserve(1_000), name, draft, true);
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
    StoredModels before = process();
    add(before, "a", DRAFT);
    add(before, "b", DRAFT);
    ModelVersion kept = add(before, "a", DRAFT);
    before.activate("a", 1);
    before.delete("b");

    StoredModels after = process();

    assertThat(after.find("a")).isEqualTo(before.find("a"));
    assertThat(after.find("a").flatMap(Model::current).map(VersionHead::version)).contains(1);
    assertThat(after.list(null, 10)).isEqualTo(before.list(null, 10));
    ModelVersion found = after.live("a", 2).orElseThrow();
    assertThat(found).isNotSameAs(kept);
    assertThat(found.head()).isEqualTo(kept.head());
    assertThat(parameters(found)).isEqualTo(parameters(kept));
    assertThat(found.draft().provenance()).isEqualTo(kept.draft().provenance());
    assertThat(found.draft().history()).isEqualTo(kept.draft().history());
    assertThat(add(after, "b", DRAFT).version()).isEqualTo(2);
  }

  @Test
  void seesWhatOthersChange() {
    StoredModels one = process();
    StoredModels other = process();
    add(one, "a", DRAFT);
    add(one, "a", DRAFT);
    other.refresh();
    assertThat(other.find("a")).isEqualTo(one.find("a")).isPresent();

    one.activate("a", 1);
    add(one, "b", DRAFT);
    one.delete("a", 2);
    other.refresh();

    assertThat(other.list(null, 10)).isEqualTo(one.list(null, 10));
    assertThat(other.live("a", 2)).isEmpty();
    assertThat(other.usage().versions()).isEqualTo(2);
    one.delete("a");
    other.refresh();
    assertThat(other.find("a")).isEmpty();
    assertThat(other.list(null, 10).items()).extracting(Model::name).containsExactly("b");
  }

  @Test
  void findsAtOnceWhatOthersHaveJustMade() {
    StoredModels one = process();
    StoredModels other = process();
    add(one, "a", DRAFT);

    assertThat(other.find("a")).isPresent();
    add(one, "a", DRAFT);
    assertThat(other.live("a", 2)).isPresent();
    assertThat(other.find("none")).isEmpty();
  }

  @Test
  void tellsThatOthersHaveDeletedWhatIsNotLive() {
    StoredModels one = process();
    add(one, "a", DRAFT);
    add(one, "a", DRAFT);
    StoredModels other = process();
    one.delete("a", 2);

    assertThat(other.live("a", 2)).isEmpty();
    assertThat(new ModelLookup(other).current("a").version()).isEqualTo(1);
  }

  @Test
  void bringsBackWhatHadToMakeRoom() {
    StoredModels models = process(25_000, CLOCK, 0);
    List<ModelVersion> added = new ArrayList<>();
    for (String name : List.of("a", "b", "c", "d")) {
      added.add(models.add(models.reserve(10_000), name, DRAFT, true));
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

  @Test
  void nobodySeesAVersionThatIsNotWhole() throws IOException {
    JdbcBlobs blobs = Databases.blobs(database, CLOCK);
    StoredModels models = process();
    try (JdbcBlobs.Writer writer = blobs.writer()) {
      Artifacts.CODEC.weights(DRAFT.predictor().scorer().network()).writeTo(writer);
      writer.finish();

      assertThat(process().list(null, 10).items()).isEmpty();
      assertThat(models.find("a")).isEmpty();
    }
    assertThat(rows("model_versions")).isZero();
  }

  @Test
  void addingAgainAfterALostAnswerAddsNothing() throws IOException {
    JdbcModelStore store =
        new JdbcModelStore(database, Databases.blobs(database, CLOCK), Artifacts.JSON, 0);
    ModelVersion draft = new ModelVersion(VersionHead.of("a", 1, CLOCK.instant(), 9, DRAFT), DRAFT);
    String document =
        new String(Artifacts.CODEC.document(draft), java.nio.charset.StandardCharsets.UTF_8);
    List<VersionHead> added = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      try (JdbcBlobs.Writer weights = store.writer()) {
        Artifacts.CODEC.weights(DRAFT.predictor().scorer().network()).writeTo(weights);
        weights.finish();
        added.add(store.add("call", draft.head(), document, weights, true));
      }
    }
    Databases.clean(Databases.blobs(database, CLOCK));

    assertThat(added.get(1)).isEqualTo(added.get(0));
    assertThat(rows("model_versions")).isEqualTo(1);
    assertThat(rows("blobs")).isEqualTo(1);
    assertThat(parameters(process().live("a", 1).orElseThrow())).isEqualTo(parameters(draft));
  }

  @Test
  void numbersWhatSeveralProcessesAddAtOnce() throws Exception {
    List<StoredModels> processes = List.of(process(), process(), process());
    try (ExecutorService pool = Executors.newFixedThreadPool(processes.size())) {
      List<Future<List<Integer>>> added = new ArrayList<>();
      for (StoredModels models : processes) {
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
    processes.forEach(StoredModels::refresh);
    assertThat(processes.get(1).find("a")).isEqualTo(processes.get(0).find("a"));
    assertThat(processes.get(2).find("a")).isEqualTo(processes.get(0).find("a"));
  }

  @Test
  void swapsUnderLoadWithoutAFailedOrMixedAnswer() throws Exception {
    StoredModels one = process();
    StoredModels other = process(3_000, CLOCK, 0);
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
        assertThat(lookup.current("a").version()).isEqualTo(seed);
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
      ModelVersion version = lookup.current("a");
      assertThat(version.version()).isGreaterThanOrEqualTo(last);
      last = version.version();
      assertThat(parameters(version)).isEqualTo(expected.get(last - 1));
      answers++;
    }
    return answers;
  }

  @Test
  void tellsThatAVersionHasLostItsWeights() {
    StoredModels models = process();
    ModelVersion added = add(models, "a", DRAFT);
    database.change(jdbc -> jdbc.sql("DELETE FROM blob_chunks").update());

    assertThatThrownBy(() -> process().live("a", added.version()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("a version 1");
  }
}
