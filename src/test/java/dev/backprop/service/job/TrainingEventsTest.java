package dev.backprop.service.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backprop.Requests;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class TrainingEventsTest extends JobServiceTest {

  @Test
  void replaysAFinishedTrainingAndEnds() throws Exception {
    JsonNode training = trained(Requests.xor("xor-replay"));
    int epochs = training.path("history").size();

    try (Events events = events(training.path("id").asString())) {
      List<Event> all = events.toTheEnd();
      assertThat(all).hasSize(epochs + 1);
      assertThat(all.subList(0, epochs)).extracting(Event::name).containsOnly("epoch");
      assertThat(all.subList(0, epochs))
          .extracting(Event::id)
          .containsExactlyElementsOf(numbers(1, epochs));
      assertThat(all.subList(0, epochs))
          .extracting(Event::data)
          .containsExactlyElementsOf(training.path("history").valueStream().toList());
      Event end = all.getLast();
      assertThat(end.name()).isEqualTo("end");
      assertThat(end.id()).isEqualTo("end");
      assertThat(end.data().path("state").asString()).isEqualTo("succeeded");
      assertThat(end.data().has("history")).isFalse();
    }
  }

  @Test
  void goesOnWhereTheClientLeftOff() throws Exception {
    JsonNode training = trained(Requests.xor("xor-resume"));
    int epochs = training.path("history").size();

    try (Events events = events(training.path("id").asString(), "Last-Event-ID", "200")) {
      assertThat(events.toTheEnd())
          .extracting(Event::id)
          .startsWith("201")
          .hasSize(epochs - 200 + 1)
          .endsWith("end");
    }
    try (Events events =
        events(training.path("id").asString(), "Last-Event-ID", Integer.toString(epochs))) {
      assertThat(events.toTheEnd()).extracting(Event::id).containsExactly("end");
    }
  }

  @Test
  void tellsEveryClientOfTheFoldsOfACrossValidation() throws Exception {
    JsonNode training =
        trained(
            """
            {"model": "folds-told", "data": {%s},
             "training": {"epochs": 5, "earlyStopping": null, "crossValidation": {"folds": 3}}}"""
                .formatted(Requests.bareRows(30)));
    JsonNode folds = training.path("result").path("crossValidation").path("folds");
    assertThat(folds).hasSize(3);
    for (String seen : List.of("0", "5")) {
      try (Events events = events(training.path("id").asString(), "Last-Event-ID", seen)) {
        List<Event> all = events.toTheEnd();
        assertThat(all.subList(0, 3)).extracting(Event::name).containsOnly("fold");
        assertThat(all.subList(0, 3)).extracting(Event::id).containsOnly("");
        assertThat(all.subList(0, 3))
            .extracting(Event::data)
            .containsExactlyInAnyOrderElementsOf(folds.valueStream().toList());
        assertThat(all).hasSize(seen.equals("0") ? 3 + 5 + 1 : 3 + 1);
      }
    }
  }

  @Test
  void hasNothingToAddForAClientThatHasSeenTheEnd() {
    String id = trained(Requests.xor("xor-204")).path("id").asString();

    assertThat(get(path(id), "Last-Event-ID", "end").statusCode()).isEqualTo(204);
  }

  @Test
  void refusesAnIdThatItNeverGave() {
    String id = trained(Requests.xor("xor-400")).path("id").asString();

    for (String bad : List.of("-1", "x", "1.5", "301", "99999999999")) {
      assertProblem(get(path(id), "Last-Event-ID", bad), 400, "invalid-parameter");
    }
    assertProblem(get("/api/v1/trainings/nowhere/events"), 404, "not-found");
  }

  @Test
  void followsARunningTrainingWithoutGapsOrDuplicatesAcrossReconnects() throws Exception {
    String id = begin(Requests.endless("follow"));
    List<String> seen = new ArrayList<>();
    try (Events events = events(id)) {
      seen.add(events.next().id());
      seen.add(events.next().id());
    }
    awaitEpoch(id, 4);
    try (Events events = events(id, "Last-Event-ID", seen.getLast())) {
      seen.add(events.next().id());
      seen.add(events.next().id());
      post("/api/v1/trainings/" + id + "/cancel", "");
      for (Event event : events.toTheEnd()) {
        seen.add(event.id());
      }
    }

    JsonNode training = ended(id);
    List<String> expected = numbers(1, training.path("history").size());
    expected.add("end");
    assertThat(seen).isEqualTo(expected);
  }

  @Test
  void saysThatItLivesWhileThereIsNoNews() throws Exception {
    String running = begin(Requests.endless("busy"));
    String queued = begin(Requests.xor("silent"));
    try (Events events = events(queued)) {
      // The first comment opens the stream; the others come with time.
      assertThat(events.line()).startsWith(":");
      assertThat(events.line()).isEmpty();
      assertThat(events.line()).startsWith(":");
      assertThat(events.line()).isEmpty();
    }
    post("/api/v1/trainings/" + running + "/cancel", "");
  }

  @Test
  void opensNoMoreStreamsThanItMayAndFreesThoseOfVanishedClients() throws Exception {
    String id = begin(Requests.endless("crowd"));
    try (Events _ = events(id);
        Events _ = events(id);
        Events _ = events(id)) {
      HttpResponse<String> refused = get(path(id));
      assertProblem(refused, 503, "busy");
      assertThat(refused.headers().firstValue("Retry-After")).isPresent();
    }
    // A client that has gone is noticed at the next epoch or comment that is sent to it.
    HttpResponse<InputStream> again = open(id);
    while (again.statusCode() == 503) {
      awaitEpoch(id, epochs(id) + 1);
      again.body().close();
      again = open(id);
    }
    assertThat(again.statusCode()).isEqualTo(200);
    again.body().close();
  }

  @Test
  void keepsTextsThatAreNotAscii() throws Exception {
    JsonNode training =
        trained(
            """
            {"model": "umlaut", "preset": "plain", "data": {"target": "y",
              "rows": [{"x": 1, "y": "Grün"}, {"x": 2, "y": "Weiß"}, {"x": 1, "y": "Grün"}, {"x": 2, "y": "Weiß"}]}}""");
    try (Events events = events(training.path("id").asString(), "Last-Event-ID", "100")) {
      assertThat(events.toTheEnd().getLast().data().path("target").path("classes").toString())
          .isEqualTo("[\"Grün\",\"Weiß\"]");
    }
  }

  private static String path(String id) {
    return "/api/v1/trainings/" + id + "/events";
  }

  private static List<String> numbers(int from, int to) {
    return new ArrayList<>(IntStream.rangeClosed(from, to).mapToObj(Integer::toString).toList());
  }

  private HttpResponse<InputStream> open(String id, String... headers) throws Exception {
    return client()
        .send(request(path(id), headers).GET().build(), HttpResponse.BodyHandlers.ofInputStream());
  }

  private Events events(String id, String... headers) throws Exception {
    HttpResponse<InputStream> answer = open(id, headers);
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Type").orElse(""))
        .startsWith("text/event-stream");
    return new Events(answer.body());
  }

  private record Event(String name, String id, JsonNode data) {}

  /// The event stream as a browser reads it; closing it vanishes.
  private static final class Events implements AutoCloseable {

    private final BufferedReader lines;

    Events(InputStream in) {
      lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
    }

    String line() throws IOException {
      return lines.readLine();
    }

    /// The next event, past comments; null at the end of the stream.
    @Nullable Event nextOrEnd() throws IOException {
      String name = "";
      String id = "";
      StringBuilder data = new StringBuilder();
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.isEmpty()) {
          if (!data.isEmpty()) {
            return new Event(name, id, JSON.readTree(data.toString()));
          }
        } else if (line.startsWith("event: ")) {
          name = line.substring(7);
        } else if (line.startsWith("id: ")) {
          id = line.substring(4);
        } else if (line.startsWith("data: ")) {
          data.append(line.substring(6));
        } else {
          assertThat(line).startsWith(":");
        }
      }
      return null;
    }

    Event next() throws IOException {
      Event event = nextOrEnd();
      if (event == null) {
        throw new AssertionError("the stream has ended");
      }
      return event;
    }

    List<Event> toTheEnd() throws IOException {
      List<Event> events = new ArrayList<>();
      for (Event event = nextOrEnd(); event != null; event = nextOrEnd()) {
        events.add(event);
      }
      return events;
    }

    @Override
    public void close() throws IOException {
      lines.close();
    }
  }
}
