package dev.backprop.engine.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backprop.platform.json.StrictJson;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The intervals of records that are no types of a kind are those that the records check. (Those of
/// the kinds stand in the document of options, whose test tries them.)
class IntervalTest {

  private static final Pattern INTERVAL = Pattern.compile("([\\[(])(\\S+), (\\S+)([\\])])");

  @ParameterizedTest
  @ValueSource(
      classes = {
        TrainingSpec.class,
        NetworkSpec.class,
        OutputSpec.class,
        EmbeddingSpec.class,
        RegularizationSpec.class,
        LearningRateFactorsSpec.class,
        CrossValidationSpec.class,
        BaggingSpec.class
      })
  void anEndIsTakenOrRefusedAsItSays(Class<?> record) {
    List<RecordComponent> bounded =
        Arrays.stream(record.getRecordComponents())
            .filter(component -> component.isAnnotationPresent(Interval.class))
            .toList();
    assertThat(bounded).isNotEmpty();
    for (RecordComponent component : bounded) {
      Matcher ends = INTERVAL.matcher(component.getAnnotation(Interval.class).value());
      assertThat(ends.matches()).as(component.getName()).isTrue();
      MatchResult said = ends.toMatchResult();
      boolean whole = List.of(int.class, Integer.class, long.class).contains(component.getType());
      BigDecimal step = new BigDecimal(whole ? "1" : "1e-7");
      check(record, component.getName(), said.group(2), said.group(1).equals("["), step.negate());
      check(record, component.getName(), said.group(3), said.group(4).equals("]"), step);
    }
  }

  /// @param outwards a small step that leaves the interval
  private static void check(
      Class<?> record, String name, String end, boolean included, BigDecimal outwards) {
    if (end.equals("∞")) {
      return;
    }
    BigDecimal bound = new BigDecimal(end);
    String inside = (included ? bound : bound.subtract(outwards)).toPlainString();
    String outside = (included ? bound.add(outwards) : bound).toPlainString();
    assertThatCode(() -> read(record, name, inside)).as(name).doesNotThrowAnyException();
    assertThatThrownBy(() -> read(record, name, outside))
        .as("%s of %s, %s", name, record.getSimpleName(), outside)
        .hasMessageContaining("/" + name + ": must be");
  }

  private static Object read(Class<?> record, String name, String value) {
    return StrictJson.mapper().readValue("{\"%s\": %s}".formatted(name, value), record);
  }
}
