package dev.backprop.platform.http;

import static dev.backprop.platform.problem.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.backprop.platform.problem.ProblemCode;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

class PreferTest {

  private final MockHttpServletResponse response = new MockHttpServletResponse();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "wait=0 | 0",
        "wait=10 | 10",
        "wait=60 | 60",
        "WAIT=10 | 10",
        "wait = 10 | 10",
        "wait=\"10\" | 10",
        "wait=10; foo=bar | 10",
        "respond-async, wait=10 | 10",
        "wait=10, wait=20 | 10",
      })
  void readsHowLongToWaitAndSaysSo(String header, int seconds) {
    assertThat(waitFor(header)).isEqualTo(Duration.ofSeconds(seconds));
    assertThat(response.getHeader("Preference-Applied")).isEqualTo("wait=" + seconds);
  }

  @ParameterizedTest
  @ValueSource(strings = {"respond-async", "waiting=3", "", ",", "return=minimal; wait=3"})
  void passesOverOtherPreferences(String header) {
    assertThat(waitFor(header)).isZero();
    assertThat(response.getHeader("Preference-Applied")).isNull();
  }

  @Test
  void looksAtEveryLineOfTheHeader() {
    assertThat(waitFor("respond-async", "wait=7")).isEqualTo(Duration.ofSeconds(7));
  }

  @Test
  void waitsForNothingWithoutTheHeader() {
    assertThat(waitFor()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"wait=61", "wait=-1", "wait=", "wait=x", "wait=1.5", "wait=99999999999999999999"})
  void refusesAWaitThatCannotBe(String header) {
    assertProblem(ProblemCode.INVALID_PARAMETER, () -> waitFor(header));
  }

  private Duration waitFor(String... headers) {
    MockHttpServletRequest request = new MockHttpServletRequest();
    for (String header : headers) {
      request.addHeader("Prefer", header);
    }
    return Prefer.wait(request, response);
  }
}
