package dev.backprop.platform.http;

import static dev.backprop.platform.problem.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.backprop.platform.limits.Budget;
import dev.backprop.platform.problem.ProblemCode;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.http.MediaType;
import org.springframework.http.server.ServletServerHttpResponse;
import org.springframework.mock.web.MockHttpServletResponse;
import tools.jackson.databind.json.JsonMapper;

class CountedJsonTest {

  private final Budget inFlight = Budget.inFlight(1_000_000);
  private final CountedJson json = new CountedJson(JsonMapper.builder().build(), inFlight);
  private final List<Long> heldWhileSending = new ArrayList<>();

  /// One whose client takes what it is sent while somebody looks at what is held.
  private final class Response extends ServletServerHttpResponse {

    Response(MockHttpServletResponse response) {
      super(response);
    }

    @Override
    public OutputStream getBody() throws IOException {
      heldWhileSending.add(inFlight.held());
      return super.getBody();
    }
  }

  private MockHttpServletResponse write(int status, int texts) throws IOException {
    MockHttpServletResponse response = new MockHttpServletResponse();
    response.setStatus(status);
    @Nullable Object answer = Collections.nCopies(texts, "x".repeat(98));
    json.write(answer, MediaType.APPLICATION_JSON, new Response(response));
    return response;
  }

  @Test
  void countsAnAnswerUntilItIsSent() throws IOException {
    MockHttpServletResponse answer = write(200, 1000);

    assertThat(answer.getContentAsByteArray()).hasSize(101_001);
    assertThat(answer.getContentLength()).isEqualTo(101_001);
    assertThat(heldWhileSending.getFirst()).isBetween(101_001L, 500_000L);
    assertThat(inFlight.held()).isZero();
  }

  @Test
  void refusesWhatDoesNotFitBeforeAByteIsSent() {
    assertProblem(ProblemCode.BUSY, () -> write(200, 100_000));

    assertThat(heldWhileSending).isEmpty();
    assertThat(inFlight.held()).isZero();
  }

  @Test
  void tellsWhatWasAcceptedHoweverMuchIsInFlight() throws IOException {
    assertThat(write(202, 100_000).getContentAsByteArray()).hasSize(10_100_001);

    assertThat(heldWhileSending.getFirst()).isGreaterThan(10_000_000);
    assertThat(inFlight.held()).isZero();
  }

  @Test
  void doesNotCountAShortAnswer() throws IOException {
    write(200, 10);

    assertThat(heldWhileSending.getFirst()).isZero();
  }
}
