package dev.backprop.platform.http;

import static dev.backprop.platform.problem.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.backprop.platform.problem.ProblemCode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PageTest {

  @Test
  void leadsThroughAListFromCursorToCursor() {
    List<String> all = IntStream.range(0, 7).mapToObj(i -> "größe/" + i).toList();
    List<String> seen = new ArrayList<>();
    List<Integer> sizes = new ArrayList<>();
    String cursor = null;
    do {
      String after = Page.after(cursor);
      int from = after == null ? 0 : all.indexOf(after) + 1;
      Page<String> page = Page.of(all.subList(from, all.size()), 3, Function.identity());
      seen.addAll(page.items());
      sizes.add(page.items().size());
      cursor = page.nextCursor();
    } while (cursor != null);

    assertThat(seen).isEqualTo(all);
    assertThat(sizes).containsExactly(3, 3, 1);
  }

  @Test
  void hasNoCursorWhereNothingFollows() {
    assertThat(Page.of(List.of(1, 2, 3), 3, String::valueOf).nextCursor()).isNull();
    assertThat(Page.of(List.<Integer>of(), 3, String::valueOf))
        .isEqualTo(new Page<>(List.of(), null));
    assertThat(Page.of(List.of(1, 2, 3, 4), 3, String::valueOf).nextCursor()).isNotNull();
  }

  @Test
  void looksAtOneItemMoreThanItShows() {
    List<Integer> looked = new ArrayList<>();
    Iterable<Integer> items =
        () -> IntStream.iterate(0, i -> i + 1).peek(looked::add).boxed().iterator();

    assertThat(Page.of(items, 3, String::valueOf).items()).containsExactly(0, 1, 2);
    assertThat(looked).hasSize(4);
  }

  @Test
  void endsBeforeItIsTooLong() {
    List<Integer> megabytes = List.of(300_000, 300_000, 300_000, 300_000, 2_000_000, 1);

    Page<Integer> page = Page.of(megabytes, 500, i -> "after-" + i, Integer::longValue);
    assertThat(page.items()).containsExactly(300_000, 300_000, 300_000);
    assertThat(Page.after(page.nextCursor())).isEqualTo("after-300000");
    assertThat(Page.fitting(List.of(2_000_000L, 1L), 500)).as("one at least").isEqualTo(1);
    assertThat(Page.fitting(List.of(1L, 1L, 1L), 2)).isEqualTo(2);
    assertThat(Page.of(List.of(1, 2), 2, String::valueOf, Integer::longValue).nextCursor())
        .isNull();
  }

  @Test
  void keepsItsCursorWhenItsItemsAreMapped() {
    Page<Integer> page = Page.of(List.of(1, 2, 3), 2, String::valueOf);

    assertThat(page.map(i -> i * 10)).isEqualTo(new Page<>(List.of(10, 20), page.nextCursor()));
  }

  @Test
  void limitsFromOneToFiveHundredAndToFiftyUnlessGiven() {
    assertThat(Page.limit(null)).isEqualTo(50);
    assertThat(Page.limit(1)).isEqualTo(1);
    assertThat(Page.limit(500)).isEqualTo(500);
    for (int limit : List.of(0, -1, 501, Integer.MIN_VALUE)) {
      assertProblem(ProblemCode.INVALID_PARAMETER, () -> Page.limit(limit));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "*", "a", "ä", "_w", "//79", "MTI=x"})
  void refusesACursorThatItNeverGave(String cursor) {
    assertProblem(ProblemCode.INVALID_CURSOR, () -> Page.after(cursor));
  }

  @Test
  void readsACursorOfNumbers() {
    String cursor = Page.of(List.of(9L, 7L, 5L), 2, String::valueOf).nextCursor();

    assertThat(Page.afterNumber(cursor)).isEqualTo(7);
    assertThat(Page.afterNumber(null)).isEqualTo(Long.MAX_VALUE);
    String other = Page.of(List.of("a", "b"), 1, key -> key).nextCursor();
    assertProblem(ProblemCode.INVALID_CURSOR, () -> Page.afterNumber(other));
  }
}
