package dev.backprop.service.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backprop.BackpropApplication;
import dev.backprop.Requests;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.json.JsonMapper;

class ShutdownTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final JsonMapper json = JsonMapper.builder().build();

  @Test
  void cancelsWhatRunsAndWaitsClosesStreamsAndIsDoneInTime() throws Exception {
    ConfigurableApplicationContext service =
        SpringApplication.run(
            BackpropApplication.class, "--server.port=0", "--backprop.storage=memory");
    String port = service.getEnvironment().getRequiredProperty("local.server.port");
    URI trainings = URI.create("http://localhost:" + port + "/api/v1/trainings");
    Trainings kept = service.getBean(Trainings.class);
    try (HttpClient client = HttpClient.newHttpClient()) {
      String running = submit(client, trainings, Requests.endless("running"));
      String queued = submit(client, trainings, Requests.xor("queued"));
      HttpResponse<java.io.InputStream> stream =
          client.send(
              HttpRequest.newBuilder(URI.create(trainings + "/" + running + "/events")).build(),
              HttpResponse.BodyHandlers.ofInputStream());
      BufferedReader events =
          new BufferedReader(new InputStreamReader(stream.body(), StandardCharsets.UTF_8));
      assertThat(events.readLine()).startsWith(":");
      CompletableFuture<HttpResponse<String>> held =
          client.sendAsync(
              HttpRequest.newBuilder(URI.create(trainings + "/" + queued))
                  .header("Prefer", "wait=60")
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      TrainingJob runningJob = job(kept, running);
      assertThat(runningJob.await(0, 0, PATIENCE, () -> false).epochs()).isNotEmpty();

      Thread closing = Thread.ofVirtual().start(service::close);
      assertThat(closing.join(Duration.ofSeconds(20))).isTrue();

      for (String id : List.of(running, queued)) {
        TrainingJob job = job(kept, id);
        assertThat(job.state()).isEqualTo(JobState.CANCELLED);
        assertThat(json.writeValueAsString(TrainingResource.of(job.snapshot(false)).error()))
            .contains("\"service-stopping\"");
      }
      assertThat(events.lines()).noneMatch("event: end"::equals);
      assertThat(held.get(PATIENCE.toSeconds(), TimeUnit.SECONDS).body())
          .contains("service-stopping");
    }
  }

  private static TrainingJob job(Trainings trainings, String id) {
    try (Trainings.Watch watch = trainings.watch(id).orElseThrow()) {
      return watch.job();
    }
  }

  private String submit(HttpClient client, URI trainings, String body) throws Exception {
    HttpResponse<String> answer =
        client.send(
            HttpRequest.newBuilder(trainings)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    return json.readTree(answer.body()).path("id").asString();
  }
}
