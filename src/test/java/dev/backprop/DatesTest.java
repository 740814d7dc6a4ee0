package dev.backprop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/// Columns of dates, from the upload to the answer.
class DatesTest extends ServiceTest {

  private static final LocalDate FIRST = LocalDate.of(2021, 1, 1);
  private static final int DAYS = 1200;

  /// Sales that are higher on weekends and in winter.
  private static String sales(Function<LocalDate, String> written) {
    Random random = new Random(4);
    StringBuilder csv = new StringBuilder("day,shop,sales\n");
    for (int i = 0; i < DAYS; i++) {
      LocalDate day = FIRST.plusDays(i);
      csv.append(written.apply(day))
          .append(i % 2 == 0 ? ",north," : ",south,")
          .append("%.3f".formatted(sold(day) + random.nextGaussian()))
          .append('\n');
    }
    return csv.toString();
  }

  private static double sold(LocalDate day) {
    return 100
        + (day.getDayOfWeek().getValue() > 5 ? 40 : 0)
        + 30 * Math.cos(2 * Math.PI * day.getDayOfYear() / 366);
  }

  private static String points(LocalDate day) {
    return "%02d.%02d.%d".formatted(day.getDayOfMonth(), day.getMonthValue(), day.getYear());
  }

  private JsonNode uploaded(String csv) {
    HttpResponse<String> answer = send("POST", "/api/v1/datasets?name=dates", "text/csv", csv);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    return body(answer);
  }

  private JsonNode trained(String model, String csv, String more) {
    return succeeded(
        """
        {"model": "%s", "data": {"dataset": "%s", "target": "sales"},
         "training": {"epochs": 60, "seed": 1}%s}"""
            .formatted(model, uploaded(csv).path("id").asString(), more));
  }

  private static String predictions(String model) {
    return "/api/v1/models/" + model + "/predictions";
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  /// The answers to a date that comes as a query, as CSV and as JSON.
  private List<HttpResponse<String>> askedByEveryWay(String model, String day) {
    return List.of(
        get(predictions(model) + "?shop=north&day=" + encoded(day)),
        send("POST", predictions(model), "text/csv", "shop,day\nnorth," + day + "\n"),
        post(predictions(model), "{\"rows\": [{\"shop\": \"north\", \"day\": \"" + day + "\"}]}"));
  }

  private double answer(String model, String day) {
    List<Double> answers = new ArrayList<>();
    for (HttpResponse<String> answer : askedByEveryWay(model, day)) {
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
      JsonNode body = body(answer);
      JsonNode row = body.has("predictions") ? body.path("predictions").path(0) : body;
      assertThat(row.path("warnings").isEmpty()).as(answer.body()).isTrue();
      answers.add(row.path("prediction").asDouble());
    }
    for (double answer : answers) {
      assertThat(answer).isCloseTo(answers.getFirst(), within(1e-2));
    }
    return answers.getFirst();
  }

  @Test
  void aNetworkLearnsOfWeekendsAndSeasons() {
    trained("dates-sales", sales(DatesTest::points), "");

    JsonNode card = body(get("/api/v1/models/dates-sales/versions/1"));
    assertThat(card.at("/metrics/validation/r2").asDouble()).isGreaterThan(0.9);
    JsonNode day = card.at("/input/features/0");
    assertThat(day.path("type").asString()).isEqualTo("date");
    assertThat(day.path("format").asString()).isEqualTo("dd.MM.yyyy");
    assertThat(day.path("min").asString()).endsWith(".2021");
    LocalDate saturday = LocalDate.of(2023, 2, 4);
    assertThat(answer("dates-sales", "04.02.2023")).isCloseTo(sold(saturday), within(12.0));
    assertThat(answer("dates-sales", "2023-02-04")).isEqualTo(answer("dates-sales", "4.2.2023"));
    HttpResponse<String> late = get(predictions("dates-sales") + "?shop=north&day=2031-05-01");
    assertThat(late.body()).contains("day: 01.05.2031 is outside the training range ");
  }

  @ParameterizedTest
  @CsvSource({"04/02/2023", "soon", "2023-02-30", "2023-02-04T10:00Z", "20230204"})
  void aCellThatIsNoDateIsRefused(String cell) {
    if (get("/api/v1/models/dates-refused").statusCode() == 404) {
      trained("dates-refused", sales(DatesTest::points), "");
    }
    for (HttpResponse<String> answer : askedByEveryWay("dates-refused", cell)) {
      assertProblem(answer, 422, "invalid-data");
      assertThat(answer.body()).contains("must be a date such as 31.01.2026, was '" + cell + "'");
    }
    assertProblem(
        post(
            predictions("dates-refused"), "{\"rows\": [{\"shop\": \"north\", \"day\": 20230204}]}"),
        422,
        "invalid-data",
        "/rows/0/day");
  }

  @Test
  void anArtefactAndAWarmStartReadDatesAsTheModelDid() {
    String csv = sales(day -> day + "T12:00:00+02:00");
    trained("dates-copied", csv, ", \"encoding\": {\"numbers\": \"piecewise-linear\"}");
    byte[] artifact = bytes("/api/v1/models/dates-copied/versions/1/artifact");
    HttpResponse<String> copied =
        send(
            request("/api/v1/models/dates-copy/versions")
                .header("Content-Type", "application/zip")
                .POST(BodyPublishers.ofByteArray(artifact))
                .build());
    assertThat(copied.statusCode()).as(copied.body()).isEqualTo(201);
    String day = "2023-02-04T10:00:00Z";
    assertThat(answer("dates-copy", day)).isEqualTo(answer("dates-copied", day));
    assertThat(body(get("/api/v1/models/dates-copy/versions/1")).at("/input/features/0"))
        .isEqualTo(body(get("/api/v1/models/dates-copied/versions/1")).at("/input/features/0"));
    assertThat(
            body(get("/api/v1/models/dates-copy/versions/1"))
                .at("/input/features/0/zone")
                .asString())
        .isEqualTo("+02:00");

    trained("dates-copied", csv, ", \"warmStart\": {\"model\": \"dates-copied\"}");

    HttpResponse<String> evaluated =
        send("POST", "/api/v1/models/dates-copied/evaluations", "text/csv", csv);
    assertThat(body(evaluated).at("/metrics/r2").asDouble())
        .as(evaluated.body())
        .isGreaterThan(0.9);
  }

  @Test
  void aDataSetShowsItsDates() {
    JsonNode dataset = uploaded("sold,y\n2024-01-31,1\n,2\n2023-12-01,3\n");
    JsonNode column =
        body(get("/api/v1/datasets/" + dataset.path("id").asString())).at("/columns/0");

    assertThat(column.path("type").asString()).isEqualTo("date");
    assertThat(column.path("min").asString()).isEqualTo("2023-12-01");
    assertThat(column.path("max").asString()).isEqualTo("2024-01-31");
    assertThat(column.path("missing").asInt()).isOne();
    assertThat(get("/api/v1/datasets/" + dataset.path("id").asString() + "/rows").body())
        .contains("2024-01-31");
  }

  private HttpResponse<String> planned(String data) {
    return post(
        "/api/v1/trainings?validateOnly=true",
        "{\"model\": \"m\", \"data\": {%s}}".formatted(data));
  }

  @Test
  void atypeOfDateIsRefusedForACellThatIsNone() {
    HttpResponse<String> refused =
        planned(
            """
            "target": "y", "columns": {"sold": {"type": "date"}},
            "rows": [{"sold": "2024-01-31", "y": 1}, {"sold": "never", "y": 2}]""");

    assertProblem(refused, 422, "invalid-data", "/data/columns/sold/type");
    assertThat(refused.body())
        .contains("row 1", "must be a date such as 2026-01-31 to be one of dates, was 'never'");
    assertProblem(
        planned(
            """
            "target": "y", "columns": {"y": {"type": "date"}},
            "rows": [{"x": 1, "y": "2024-01-31"}, {"x": 2, "y": "2024-01-30"}]"""),
        422,
        "invalid-data",
        "/data/columns/y/type");
  }

  @Test
  void datesAsTargetAreClassesAsTheyWere() {
    HttpResponse<String> plan =
        planned(
            """
            "target": "y", "rows": [
            {"x": 1, "y": "2024-01-31"}, {"x": 2, "y": "2024-01-30"}, {"x": 3, "y": "2024-01-31"}]""");

    assertThat(plan.statusCode()).as(plan.body()).isEqualTo(200);
    assertThat(plan.body()).contains("\"2024-01-30\",\"2024-01-31\"");
  }
}
