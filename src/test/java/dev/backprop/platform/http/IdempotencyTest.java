package dev.backprop.platform.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backprop.Requests;
import dev.backprop.ServiceTest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

class IdempotencyTest extends ServiceTest {

  private static final String KEY = "Idempotency-Key";
  private static final String CSV = "a,b\n1,x\n2,y\n";

  @Test
  void answersTheSameUploadWithTheSameDataSet() {
    HttpResponse<String> first = upload("once", CSV, "upload-1");
    HttpResponse<String> second = upload("once", CSV, "upload-1");

    assertThat(first.statusCode()).as(first.body()).isEqualTo(201);
    assertThat(first.headers().firstValue("Idempotency-Replayed")).isEmpty();
    assertThat(second.statusCode()).isEqualTo(201);
    assertThat(second.headers().firstValue("Idempotency-Replayed")).hasValue("true");
    assertThat(second.body()).isEqualTo(first.body());
    for (String header : List.of("Location", "Content-Type")) {
      assertThat(second.headers().firstValue(header))
          .as(header)
          .isPresent()
          .isEqualTo(first.headers().firstValue(header));
    }
    assertThat(
            body(get("/api/v1/datasets?limit=500"))
                .path("items")
                .valueStream()
                .filter(item -> item.path("name").asString().equals("once")))
        .hasSize(1);
  }

  @Test
  void refusesTheKeyForAnyOtherRequest() {
    assertThat(upload("reused", CSV, "upload-2").statusCode()).isEqualTo(201);

    assertProblem(upload("reused", CSV + "3,z\n", "upload-2"), 422, "idempotency-key-reused");
    assertProblem(upload("renamed", CSV, "upload-2"), 422, "idempotency-key-reused");
    assertProblem(
        post("/api/v1/trainings", Requests.xor("reused"), KEY, "upload-2"),
        422,
        "idempotency-key-reused");
    assertThat(upload("reused", CSV, "upload-3").headers().firstValue("Idempotency-Replayed"))
        .isEmpty();
  }

  @Test
  void remembersNoRequestThatWasAnswered() {
    assertProblem(upload("refused", "a,b\n1\n", "upload-4"), 400, "malformed-data");

    HttpResponse<String> second = upload("refused", CSV, "upload-4");

    assertThat(second.statusCode()).as(second.body()).isEqualTo(201);
    assertThat(second.headers().firstValue("Idempotency-Replayed")).isEmpty();
  }

  @Test
  void remembersNoTrainingThatWasOnlyValidated() {
    String request = Requests.xor("validated");
    assertThat(post("/api/v1/trainings?validateOnly=true", request, KEY, "v").statusCode())
        .isEqualTo(200);

    assertThat(post("/api/v1/trainings", request, KEY, "v").statusCode()).isEqualTo(202);
  }

  @Test
  void refusesATwinWhileTheFirstIsStillSent() throws Exception {
    try (RawConnection one = new RawConnection(port(), PATIENCE);
        RawConnection other = new RawConnection(port(), PATIENCE);
        ExecutorService readers = Executors.newVirtualThreadPerTaskExecutor()) {
      ExecutorCompletionService<Answered> answers = new ExecutorCompletionService<>(readers);
      for (RawConnection connection : List.of(one, other)) {
        connection.send(
            """
            POST /api/v1/datasets?name=twin HTTP/1.1\r
            Host: localhost\r
            Content-Type: text/csv\r
            Idempotency-Key: twin\r
            Content-Length: 12\r
            \r
            a,b
            """);
        answers.submit(() -> new Answered(connection, connection.answer()));
      }
      // Neither is whole, so that one of them can only wait: the one that has the key.
      Answered twin = answers.take().get();
      assertThat(twin.answer().status()).as(twin.answer().body()).isEqualTo(409);
      assertThat(twin.answer().body()).contains("\"idempotency-key-in-use\"");

      (twin.connection() == one ? other : one).send("1,x\n2,y\n");
      assertThat(answers.take().get().answer().status()).isEqualTo(201);
    }
    assertThat(upload("twin", CSV, "twin").headers().firstValue("Idempotency-Replayed"))
        .hasValue("true");
  }

  @Test
  void refusesAKeyThatCannotBe() {
    assertProblem(upload("key", CSV, "x".repeat(256)), 400, "invalid-parameter");
    assertProblem(upload("key", CSV, "two words"), 400, "invalid-parameter");
    assertThat(upload("key", CSV, "x".repeat(255)).statusCode()).isEqualTo(201);
  }

  private HttpResponse<String> upload(String name, String csv, String key) {
    return send("POST", "/api/v1/datasets?name=" + name, "text/csv", csv, KEY, key);
  }

  private record Answered(RawConnection connection, RawConnection.Answer answer) {}
}
