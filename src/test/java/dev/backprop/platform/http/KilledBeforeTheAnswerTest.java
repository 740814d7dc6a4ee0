package dev.backprop.platform.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backprop.Requests;
import dev.backprop.ServiceTest;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import tools.jackson.databind.JsonNode;

/// A process was killed when it had accepted a request and not yet answered it. What do clients get
/// who send the request again? The database does not hear how any request has ended.
class KilledBeforeTheAnswerTest extends ServiceTest {

  private static final String KEY = "Idempotency-Key";
  private static final String CSV = "a,b\n1,x\n2,y\n";

  @TestConfiguration(proxyBeanMethods = false)
  static class Kills {

    @Bean
    static BeanPostProcessor beforeTheAnswer() {
      return new BeanPostProcessor() {
        @Override
        public Object postProcessAfterInitialization(Object bean, String name) {
          return bean instanceof IdempotencyStore keys ? new Unended(keys) : bean;
        }
      };
    }
  }

  private record Unended(IdempotencyStore keys) implements IdempotencyStore {

    @Override
    public @Nullable Remembered begin(String key) {
      return keys.begin(key);
    }

    @Override
    public void accept(String key, Remembered answer) {
      keys.accept(key, answer);
    }

    @Override
    public void end(String key, @Nullable Remembered accepted) {}
  }

  private static void assertReplayed(HttpResponse<String> again, HttpResponse<String> first) {
    assertThat(again.statusCode()).as(again.body()).isEqualTo(first.statusCode());
    assertThat(first.headers().firstValue("Idempotency-Replayed")).isEmpty();
    assertThat(again.headers().firstValue("Idempotency-Replayed")).hasValue("true");
    for (String header : new String[] {"Location", "Content-Type"}) {
      assertThat(again.headers().firstValue(header))
          .isPresent()
          .isEqualTo(first.headers().firstValue(header));
    }
  }

  private long listed(String path, String name) {
    return body(get(path + "?limit=500"))
        .path("items")
        .valueStream()
        .filter(item -> item.path("name").asString().equals(name))
        .count();
  }

  private HttpResponse<String> upload(String name, String type, String content) {
    return send("POST", "/api/v1/datasets?name=" + name, type, content, KEY, name);
  }

  @Test
  void anUploadIsTheFirstDataSet() {
    HttpResponse<String> first = upload("once", "text/csv", CSV);
    HttpResponse<String> again = upload("once", "text/csv", CSV);

    assertThat(first.statusCode()).isEqualTo(201);
    assertReplayed(again, first);
    assertThat(again.body()).isEqualTo(first.body());
    assertThat(listed("/api/v1/datasets", "once")).isEqualTo(1);
    assertProblem(upload("once", "text/csv", CSV + "3,z\n"), 422, "idempotency-key-reused");
  }

  /// Its reader stops before the end of the body.
  @Test
  void aFormIsTheFirstDataSet() {
    String form =
        """
        --part\r
        Content-Disposition: form-data; name="file"; filename="a.csv"\r
        \r
        %s\r
        --part--\r
        """
                .formatted(CSV)
            + " ".repeat(100_000);
    HttpResponse<String> first = upload("form", "multipart/form-data; boundary=part", form);
    HttpResponse<String> again = upload("form", "multipart/form-data; boundary=part", form);

    assertThat(first.statusCode()).as(first.body()).isEqualTo(201);
    assertReplayed(again, first);
    assertThat(again.body()).isEqualTo(first.body());
    assertThat(listed("/api/v1/datasets", "form")).isEqualTo(1);
  }

  @Test
  void aTrainingIsTheFirstTraining() {
    String request = Requests.xor("once");
    HttpResponse<String> first = train(request, KEY, "training", "Prefer", "wait=60");
    HttpResponse<String> again = train(request, KEY, "training");

    assertThat(first.statusCode()).isEqualTo(202);
    assertReplayed(again, first);
    JsonNode accepted = body(again);
    assertThat(accepted.path("id").asString()).isEqualTo(body(first).path("id").asString());
    assertThat(accepted.path("state").asString()).isEqualTo("queued");
    assertThat(accepted.path("spec")).isEqualTo(body(first).path("spec"));
    assertThat(body(get("/api/v1/trainings?model=once")).path("items")).hasSize(1);
  }

  @Test
  void aModelIsTheFirstVersion() {
    trained(Requests.xor("original"));
    byte[] artifact = bytes("/api/v1/models/original/versions/1/artifact");
    HttpRequest upload =
        request("/api/v1/models/copy/versions", KEY, "model")
            .header("Content-Type", "application/zip")
            .POST(HttpRequest.BodyPublishers.ofByteArray(artifact))
            .build();
    HttpResponse<String> first = send(upload);
    HttpResponse<String> again = send(upload);

    assertThat(first.statusCode()).as(first.body()).isEqualTo(201);
    assertReplayed(again, first);
    assertThat(again.body()).isEqualTo(first.body());
    assertThat(body(get("/api/v1/models/copy")).path("versions")).hasSize(1);
  }
}
