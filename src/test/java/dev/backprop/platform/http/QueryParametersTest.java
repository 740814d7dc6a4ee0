package dev.backprop.platform.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QueryParametersTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "a=1; a:1",
        "b=2&a=1; b:2,a:1",
        "a; a:",
        "a=; a:",
        "a=b=c; a:b=c",
        "&&a=1&&b=2&; a:1,b:2",
        "a=1.5&b=-2e3&c=x y; a:1.5,b:-2e3,c:x y",
        "a=?&b=/:@; a:?,b:/:@",
        "&; ''"
      })
  void splitsAQueryWithoutEscapes(String query, String expected) {
    Map<String, String[]> parameters = Objects.requireNonNull(QueryParameters.split(query));

    assertThat(
            parameters.entrySet().stream()
                .map(one -> one.getKey() + ":" + String.join("|", List.of(one.getValue())))
                .collect(Collectors.joining(",")))
        .isEqualTo(expected);
  }

  @Test
  void thereAreNoneWithoutAQuery() {
    assertThat(QueryParameters.split(null)).isEmpty();
    assertThat(QueryParameters.split("")).isEmpty();
  }

  /// Among them all that is refused.
  @ParameterizedTest
  @ValueSource(strings = {"a=%20", "a=1+2", "%61=1", "=1", "a=1&=2", "a=1&b=2&a=3", "a=%zz"})
  void leavesTheRestToTheContainer(String query) {
    @Nullable Map<String, String[]> parameters = QueryParameters.split(query);
    assertThat(parameters).isNull();
  }
}
