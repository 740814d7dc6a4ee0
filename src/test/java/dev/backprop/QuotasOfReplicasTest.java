package dev.backprop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backprop.platform.storage.Databases;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// What a key may have holds for all processes together, however many requests they answer at once.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class QuotasOfReplicasTest {

  private static final int AT_ONCE = 8;
  private static final String CSV = "a,b\n1,2\n3,4\n";

  private RunningService first;
  private RunningService second;
  private KeyHolder admin;

  @BeforeAll
  void start() throws Exception {
    List<String> properties =
        List.of(
            "--spring.datasource.url=" + Databases.emptyPostgresql(),
            "--spring.datasource.username=postgres");
    first = RunningService.start(properties);
    second = RunningService.start(properties);
    admin = KeyHolder.firstAdmin(first);
  }

  @AfterAll
  void stop() {
    first.close();
    second.close();
  }

  /// Something that a holder asks for, many times at once, half of them of each process.
  private interface Asked {
    HttpResponse<String> by(KeyHolder holder, int number);
  }

  private List<HttpResponse<String>> atOnce(KeyHolder holder, Asked asked) throws Exception {
    CountDownLatch ready = new CountDownLatch(AT_ONCE);
    List<Future<HttpResponse<String>>> answers = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE)) {
      for (int i = 0; i < AT_ONCE; i++) {
        int number = i;
        KeyHolder at = holder.at(i % 2 == 0 ? first : second);
        Callable<HttpResponse<String>> task =
            () -> {
              ready.countDown();
              ready.await();
              return asked.by(at, number);
            };
        answers.add(threads.submit(task));
      }
    }
    List<HttpResponse<String>> all = new ArrayList<>();
    for (Future<HttpResponse<String>> answer : answers) {
      all.add(answer.get());
    }
    return all;
  }

  private static List<Integer> statuses(List<HttpResponse<String>> answers) {
    return answers.stream().map(HttpResponse::statusCode).sorted().toList();
  }

  @Test
  void uploadsTakeNoRoomTwice() throws Exception {
    long bytes =
        admin.shown("/api/v1/datasets/" + admin.uploaded("name=size", CSV)).path("bytes").asLong();
    KeyHolder holder = admin.make("\"train\", \"storedBytes\": " + (3 * bytes + bytes / 2));

    List<HttpResponse<String>> answers =
        atOnce(holder, (at, number) -> at.upload("name=number-" + number, CSV));

    assertThat(statuses(answers)).containsExactly(201, 201, 201, 507, 507, 507, 507, 507);
    assertThat(holder.shown("/api/v1/datasets").path("items")).hasSize(3);
  }

  @Test
  void trainingsAreCountedTogether() throws Exception {
    KeyHolder holder = admin.make("\"train\", \"concurrentTrainings\": 2");

    List<HttpResponse<String>> answers =
        atOnce(holder, (at, _) -> at.train(Requests.endless("counted")));

    assertThat(statuses(answers)).containsExactly(202, 202, 429, 429, 429, 429, 429, 429);
    for (HttpResponse<String> answer : answers) {
      if (answer.statusCode() == 202) {
        String id = ServiceCalls.body(answer).path("id").asString();
        assertThat(admin.cancel(id).statusCode()).isEqualTo(202);
        assertThat(ServiceCalls.body(admin.get("/api/v1/trainings/" + id)).path("owner").asString())
            .isEqualTo(holder.id());
      }
    }
  }

  @Test
  void importsTakeNoRoomTwice() throws Exception {
    KeyHolder maker = admin.make("\"train\"");
    maker.succeeded(Requests.xor("exported"));
    byte[] zip = maker.bytes("/api/v1/models/exported/versions/1/artifact");
    HttpResponse<String> once = maker.imports("imported", zip);
    assertThat(once.statusCode()).as(once.body()).isEqualTo(201);
    long bytes = ServiceCalls.body(once).path("bytes").asLong();
    KeyHolder holder = admin.make("\"train\", \"storedBytes\": " + (bytes + bytes / 2));

    List<HttpResponse<String>> answers =
        atOnce(holder, (at, number) -> at.imports("imported-" + number, zip));

    assertThat(statuses(answers)).containsExactly(201, 507, 507, 507, 507, 507, 507, 507);
  }

  /// Whichever comes first: a model that is deleted has no other's version.
  @Test
  void aModelIsNotDeletedWithAVersionThatComesMeanwhile() throws Exception {
    KeyHolder owner = admin.make("\"train\"");
    KeyHolder other = admin.make("\"train\"");
    owner.succeeded(Requests.xor("raced"));
    byte[] zip = owner.bytes("/api/v1/models/raced/versions/1/artifact");

    List<HttpResponse<String>> answers =
        atOnce(
            owner,
            (_, number) ->
                number < AT_ONCE / 2
                    ? owner.at(second).delete("/api/v1/models/raced")
                    : other.at(first).imports("raced", zip));

    assertThat(answers.subList(AT_ONCE / 2, AT_ONCE))
        .allSatisfy(answer -> assertThat(answer.statusCode()).isEqualTo(201));
    assertThat(answers.subList(0, AT_ONCE / 2))
        .allSatisfy(answer -> assertThat(answer.statusCode()).isIn(204, 403, 404));
    long ofOther =
        admin
            .shown("/api/v1/models/raced")
            .path("versions")
            .valueStream()
            .filter(version -> version.path("owner").asString().equals(other.id()))
            .count();
    assertThat(ofOther).isEqualTo(AT_ONCE / 2);
  }
}
