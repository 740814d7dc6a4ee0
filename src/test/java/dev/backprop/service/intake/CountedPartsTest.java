package dev.backprop.service.intake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backprop.engine.table.ByteBudget;
import dev.backprop.platform.json.StrictJson;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

/// Bodies whose lists, names or texts never end are refused long before the memory is full.
class CountedPartsTest {

  private static final JsonMapper JSON = StrictJson.mapper();
  private static final int PARSERS_BUFFER = 8_000;

  /// What stands in a body again and again, after a beginning.
  private static final class Endless extends InputStream {

    private final byte[] text;
    private long at;

    Endless(String text) {
      this.text = text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public int read() {
      return text[(int) (at++ % text.length)];
    }

    @Override
    public int read(byte[] into, int offset, int length) {
      for (int i = 0; i < length; i++) {
        into[offset + i] = (byte) read();
      }
      return length;
    }
  }

  private static InputStream endless(String begin, String again) {
    return new SequenceInputStream(
        new ByteArrayInputStream(begin.getBytes(StandardCharsets.UTF_8)), new Endless(again));
  }

  private static ProblemException refusal(InputStream body, ByteBudget budget) {
    try {
      new TrainingRequestReader(JSON).read(body, () -> budget);
    } catch (ProblemException e) {
      return e;
    }
    throw new AssertionError("the body was read to an end that it does not have");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"data\":{\"missing\":[ | \"ab\", | /data/missing",
        "{\"data\":{\"target\":[ | \"y\", | /data/target",
        "{\"data\":{\"columns\":{\"a\":{\"type\": | ` ` | /data/columns",
        "{\"network\":{\"layers\":[ | {\"type\":\"dense\",\"units\":1}, | /network",
        "{\"network\":{\"layers\":[ | \"layer-norm\", | /network",
        "{\"network\":{\"loss\":{\"type\":\"quantile\",\"taus\":[ | 0.5, | /network",
        "{\"network\":{\"loss\":{\"taus\":[ | 0.5, | /network",
        "{\"training\":{\"epochs\": | ` ` | /training",
      })
  void boundsEveryPart(String begin, String again, String pointer) {
    ProblemException refused = refusal(endless(begin, again), ByteBudget.unbounded());

    assertThat(refused.code()).as(refused.detail()).isEqualTo(ProblemCode.TOO_LARGE);
    assertThat(refused.errors()).singleElement().extracting("pointer").isEqualTo(pointer);
    assertThat(refused.detail())
        .startsWith(pointer + ": may have at most 4194304 bytes, has at least 4");
  }

  @Test
  void countsWhatPartsBecome() {
    AtomicLong largest = new AtomicLong();
    ByteBudget budget =
        bytes -> {
          largest.accumulateAndGet(bytes, Math::max);
          if (bytes > 1_000_000) {
            throw new ProblemException(ProblemCode.REPOSITORY_FULL, "no more than 1000000");
          }
        };

    ProblemException refused = refusal(endless("{\"data\":{\"missing\":[", "\"ab\","), budget);

    assertThat(refused.code()).isEqualTo(ProblemCode.REPOSITORY_FULL);
    assertThat(largest.get()).isBetween(1_000_000L, 1_000_000L + 2 * 32 * PARSERS_BUFFER);
  }

  /// A class weight is a name and a number: a map that has no end is refused like a list.
  @Test
  void boundsMapsToo() {
    StringBuilder weights = new StringBuilder("{\"training\":{\"classWeights\":{");
    for (int i = 0; i < 500_000; i++) {
      weights.append("\"c").append(i).append("\":1,");
    }

    ProblemException refused =
        refusal(endless(weights.toString(), "\"x\":1,"), ByteBudget.unbounded());

    assertThat(refused.detail()).startsWith("/training: may have at most 4194304 bytes");
  }

  @Test
  void boundsTextsAndNames() {
    ProblemException text = refusal(endless("{\"model\":\"", "a"), ByteBudget.unbounded());
    ProblemException name = refusal(endless("{\"", "a"), ByteBudget.unbounded());
    ProblemException number =
        refusal(endless("{\"data\":{\"inputs\":[[", "1"), ByteBudget.unbounded());

    assertThat(text.detail()).contains("texts of at most 1048576 characters, has one of at least");
    assertThat(name.detail()).contains("names of at most 50000 characters, has one of at least");
    assertThat(number.detail()).contains("at most 1048576 characters, has one of at least");
    for (ProblemException refused : new ProblemException[] {text, name, number}) {
      assertThat(refused.code()).isEqualTo(ProblemCode.MALFORMED_JSON);
    }
  }
}
