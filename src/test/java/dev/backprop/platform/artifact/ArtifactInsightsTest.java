package dev.backprop.platform.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.backprop.engine.plan.Insights;
import dev.backprop.platform.problem.Problem;
import dev.backprop.platform.problem.ProblemException;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What a document says that the model knows of its columns fits the columns, or is refused.
class ArtifactInsightsTest {

  private static final JsonMapper JSON = JsonMapper.shared();

  /// Its features are x, tiny, city, mixed, flag, three and so on.
  private static final ModelDraft CLASSES =
      Artifacts.columns(
          "{\"target\": [\"two\"], \"columns\": {}}", "{\"layers\": []}", "{\"epochs\": 2}");

  private static final ModelDraft BARE = ModelFixtures.bare();

  /// With the importance that a training has which takes its time.
  private static ObjectNode document(ModelDraft draft) {
    ObjectNode document = (ObjectNode) JSON.readTree(Artifacts.document(draft));
    if (!(document.at("/insights/importance") instanceof ObjectNode importance)) {
      return document; // no rows are held out
    }
    importance.put("shuffles", 2);
    ArrayNode columns = importance.putArray("columns");
    for (int c = 0; c < document.at("/insights/typicalRow").size(); c++) {
      columns.addObject().put("mean", -0.25 * c).put("std", 0.125);
    }
    return document;
  }

  private static ObjectNode changed(ModelDraft draft, String pointer, String value) {
    ObjectNode document = document(draft);
    JsonPointer at = JsonPointer.compile(pointer);
    JsonNode parent = document.at(at.head());
    JsonNode node = JSON.readTree(value);
    if (parent instanceof ArrayNode array) {
      int index = at.last().getMatchingIndex();
      if (index < array.size()) {
        array.set(index, node);
      } else {
        array.add(node);
      }
    } else {
      ((ObjectNode) parent).set(at.last().getMatchingProperty(), node);
    }
    return document;
  }

  private static Artifact read(ObjectNode document) throws Exception {
    return Artifacts.CODEC.read(JSON.writeValueAsBytes(document));
  }

  @Test
  void isReadBack() throws Exception {
    Insights insights = Objects.requireNonNull(read(document(CLASSES)).insights());
    Insights written = Objects.requireNonNull(CLASSES.learned().insights());
    assertThat(insights.typicalRow()).isEqualTo(written.typicalRow()).doesNotContain(Double.NaN);
    assertThat(insights.reference()).isEqualTo(written.reference());
    Insights.Measured importance = Objects.requireNonNull(insights.importance());
    assertThat(importance.metric()).isEqualTo("accuracy");
    assertThat(importance.part()).isEqualTo("validation");
    assertThat(importance.columns().rows()).isEqualTo(18);
    assertThat(importance.columns().columns().get(2).mean()).isEqualTo(-0.5);
    Insights bare =
        Objects.requireNonNull(Artifacts.CODEC.read(Artifacts.document(BARE)).insights());
    assertThat(bare.typicalRow()).containsExactly(0.0, 0.0);
    assertThat(bare.reference()).isNull();
  }

  @Test
  void documentsOfFormerFormatsHaveNone() throws Exception {
    ObjectNode document = document(CLASSES);
    document.put("format", 3);
    checkRefused(document, "invalid-artifact", "/insights", "does not go with this type");
    document.remove("insights");
    assertThat(read(document).insights()).isNull();
  }

  private static void checkRefused(
      ObjectNode document, String code, String pointer, String detail) {
    Throwable refusal = catchThrowable(() -> read(document));
    assertThat(refusal).isInstanceOf(ProblemException.class);
    Problem problem = ((ProblemException) refusal).problem(null);
    assertThat(problem.code()).isEqualTo(code);
    assertThat(problem.errors())
        .singleElement()
        .satisfies(
            field -> {
              assertThat(field.pointer()).endsWith(pointer);
              assertThat(field.detail()).contains(detail);
            });
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "/insights/typicalRow/99 | 1 | invalid-artifact | /insights/typicalRow | must be 13, were 14",
        "/insights/typicalRow/0 | \"NaN\" | wrong-type | /insights/typicalRow/0 | must be a number",
        "/insights/typicalRow/2 | 9 | invalid-artifact | /insights/typicalRow/2 | must be an index of the 9 categories, was 9.0",
        "/insights/typicalRow/2 | -1 | invalid-artifact | /insights/typicalRow/2 | must be an index of the 9 categories, was -1.0",
        "/insights/typicalRow/2 | 0.5 | invalid-artifact | /insights/typicalRow/2 | must be an index of the 9 categories, was 0.5",
        "/insights/reference | null | invalid-artifact | /insights/reference | is required for this type",
        "/insights/reference/columns | [] | invalid-artifact | /insights/reference/columns | must be 13, were 0",
        "/insights/reference/columns/0/edges | null | invalid-artifact | /columns/0/edges | is required",
        "/insights/reference/columns/0/values | [] | invalid-artifact | /columns/0/values | does not go with this type",
        "/insights/reference/columns/0/edges | [1,2,2] | invalid-artifact | /columns/0/edges/2 | must be above the one before, 2.0, was 2.0",
        "/insights/reference/columns/0/edges | [1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21] | invalid-artifact | /columns/0/edges | must be at most 20, were 21",
        "/insights/reference/columns/0/counts | [1] | invalid-artifact | /columns/0/counts | must be 22, were 1",
        "/insights/reference/columns/0/counts/3 | -1 | invalid-artifact | /columns/0/counts/3 | must be at least 0, was -1",
        "/insights/reference/columns/0/counts/3 | 3000000000 | invalid-spec | /columns/0/counts/3 | must be",
        "/insights/reference/columns/2/values/1 | 99 | invalid-artifact | /columns/2/values/1 | must be another index of the 9 categories, was 99",
        "/insights/reference/columns/2/values | [0,0] | invalid-artifact | /columns/2/values/1 | must be another index of the 9 categories, was 0",
        "/insights/reference/columns/2/values | [0,1,2,3,4,5,6,7,8,0] | invalid-artifact | /columns/2/values | must be at most 9, were 10",
        "/insights/reference/answers | [] | invalid-artifact | /insights/reference/answers | must be 1, were 0",
        "/insights/importance/metric | \"luck\" | invalid-artifact | /insights/importance/metric | must be accuracy, was luck",
        "/insights/importance/part | \"mine\" | invalid-artifact | /insights/importance/part | was mine",
        "/insights/importance/rows | 0 | invalid-artifact | /insights/importance/rows | must be at least 1, was 0",
        "/insights/importance/shuffles | 6 | invalid-artifact | /insights/importance/shuffles | must be from 0 to 5, were 6",
        "/insights/importance/shuffles | 0 | invalid-artifact | /insights/importance/columns | must be 0, were 13",
        "/insights/importance/columns/1/std | -1 | invalid-artifact | /columns/1/std | must be at least 0, was -1.0",
        "/insights/importance/columns/1/mean | 1e999 | wrong-type | /columns/1/mean | must be a number",
        "/insights/importance/columns/1/more | 1 | unknown-field | /columns/1/more | is not known"
      })
  void whatDoesNotFitIsRefused(
      String at, String value, String code, String pointer, String detail) {
    checkRefused(changed(CLASSES, at, value), code, pointer, detail);
  }

  @Test
  void bareNumbersHaveNoReference() {
    checkRefused(
        changed(BARE, "/insights/reference", "{\"columns\":[],\"answers\":[]}"),
        "invalid-artifact",
        "/insights/reference",
        "does not go with this type");
  }
}
