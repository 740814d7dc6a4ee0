package dev.backprop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import tools.jackson.databind.JsonNode;

/// The page as a person sees it, in a browser.
@Tag("browser")
@EnabledIf("dev.backprop.Browser#isInstalled")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PageTest {

  private static final String SAMPLE = "src/main/resources/static/page/sample/penguins.csv";

  @TempDir private static Path directory;

  private RunningService service;
  private Browser browser;
  private String penguins = "";
  private String rings = "";
  private String wide = "";
  private String run = "";
  private String orphan = "";

  @BeforeAll
  void start() throws IOException {
    service =
        RunningService.start(List.of("--backprop.data-directory=" + directory.resolve("open")));
    browser = new Browser("http://localhost:" + service.port() + "/");
    penguins = upload("penguins", Files.readString(Path.of(SAMPLE)));
    rings = upload("rings", rings());
    run =
        service
            .succeeded(training("penguins", penguins, "species", "\"layerStatistics\": true"))
            .path("id")
            .asString();
    service.succeeded(training("rings", rings, "inside", "\"epochs\": 30"));
    service.succeeded(training("rings", rings, "inside", "\"epochs\": 20"));
    service.succeeded(training("sizes", rings, "x", "\"epochs\": 20"));
    wide = upload("a-name-that-is-as-long-as-names-of-tables-get-where-nobody-looks", wide());
    service.succeeded(training("many", wide, "kind", "\"epochs\": 2"));
    String gone = upload("gone", rings());
    orphan =
        service
            .succeeded(training("orphan", gone, "inside", "\"epochs\": 2"))
            .path("id")
            .asString();
    service.send("DELETE", "/api/v1/datasets/" + gone, "application/json", "");
  }

  @AfterAll
  void stop() {
    browser.close();
    service.close();
  }

  /// Nothing may stay that the next test would be blamed for.
  @AfterEach
  void hadNothingToComplainOf() {
    assertThat(browser.complaints()).isEmpty();
    browser.show(Browser.Size.WIDE, false);
  }

  private String upload(String name, String csv) {
    return ServiceCalls.body(service.send("POST", "/api/v1/datasets?name=" + name, "text/csv", csv))
        .path("id")
        .asString();
  }

  private static String training(String model, String dataset, String target, String how) {
    return """
        {"model": "%s", "preset": "fast", "data": {"dataset": "%s", "target": "%s"}, "training": {%s}}"""
        .formatted(model, dataset, target, how);
  }

  /// Points, and whether they lie in a circle, which some say wrong.
  private static String rings() {
    Random random = new Random(5);
    StringBuilder csv = new StringBuilder("x,y,inside\n");
    for (int i = 0; i < 600; i++) {
      double x = random.nextGaussian();
      double y = random.nextGaussian();
      boolean inside = (x * x + y * y < 1.2) != (random.nextInt(12) == 0);
      csv.append("%.3f,%.3f,%s%n".formatted(x, y, inside ? "yes" : "no"));
    }
    return csv.toString();
  }

  /// 200 columns with long names, 100 classes.
  private static String wide() {
    Random random = new Random(6);
    StringBuilder csv = new StringBuilder();
    for (int i = 0; i < 200; i++) {
      csv.append("the_reading_of_sensor_number_%03d_in_the_hall_of_turbines,".formatted(i));
    }
    csv.append("kind\n");
    for (int i = 0; i < 400; i++) {
      for (int j = 0; j < 200; j++) {
        csv.append("%.1f,".formatted(random.nextGaussian()));
      }
      csv.append("class number %d%n".formatted(i % 100));
    }
    return csv.toString();
  }

  private Map<String, String> views() {
    Map<String, String> views = new LinkedHashMap<>();
    views.put("start", "");
    views.put("table", "?dataset=" + rings);
    views.put("table-wide", "?dataset=" + wide);
    views.put("runs", "runs");
    views.put("runs-none", "runs?q=nothing+is+called+so");
    views.put("run", "runs/" + run);
    views.put("run-without-data", "runs/" + orphan);
    views.put("models", "models");
    views.put("model", "models/penguins");
    views.put("model-two-classes", "models/rings?check=" + rings);
    views.put("model-number", "models/sizes?check=" + rings);
    views.put("model-many-classes", "models/many");
    views.put("model-without-data", "models/orphan?tab=why");
    views.put("model-why", "models/rings?tab=why&column=x&and=y");
    views.put("model-ask", "models/penguins?tab=ask");
    views.put("model-drift", "models/penguins?tab=drift");
    views.put("model-versions", "models/rings?tab=versions");
    views.put("model-about", "models/penguins?tab=about");
    views.put("operations", "operations");
    return views;
  }

  private Stream<String> viewNames() {
    return views().keySet().stream();
  }

  /// All figures behind the charts are shown, too.
  @ParameterizedTest
  @MethodSource("viewNames")
  void everyViewIsLegibleAndFits(String name) {
    browser.open(Objects.requireNonNull(views().get(name)));
    browser.keepPicture(name);
    browser.run("document.querySelectorAll('details').forEach((each) => { each.open = true; })");
    assertThat(browser.inaccessible()).as("light").isEqualTo(List.of());
    browser.show(Browser.Size.WIDE, true);
    browser.keepPicture(name + "-dark");
    assertThat(browser.inaccessible()).as("dark").isEqualTo(List.of());
    for (Browser.Size size : new Browser.Size[] {Browser.Size.NARROW, Browser.Size.HUGE}) {
      browser.show(size, false);
      browser.keepPicture(name + (size == Browser.Size.NARROW ? "-narrow" : "-huge"));
      assertThat(browser.sideways()).as(size.toString()).isZero();
    }
    assertThat(browser.complaints()).as(browser.text()).isEmpty();
  }

  @Test
  void aFileBecomesAModel() {
    browser.open("");
    browser.find("input[type=file]").sendKeys(Path.of(SAMPLE).toAbsolutePath().toString());
    browser.until("location.hash.includes('dataset=')");
    browser.until("document.body.innerText.includes('bill_length_mm')");
    browser.fill("input[name=model]", "from-a-file");
    browser.until("document.querySelector('.forecast b')");
    browser.click("Train");
    browser.until("location.hash.startsWith('#/runs/')");
    browser.click("Open the model");
    browser.until("document.body.innerText.includes('Accuracy')");

    assertThat(browser.view()).startsWith("models/from-a-file");
    assertThat(service.get("/api/v1/models/from-a-file").statusCode()).isEqualTo(200);
  }

  @Test
  void theCurveGrowsAndGoesOnAfterAReload() {
    String id = longTraining();
    browser.open("runs/" + id);
    long before = epochs();
    browser.until("(" + EPOCHS + ") > " + before);
    browser.reload();
    long after = epochs();
    browser.until("(" + EPOCHS + ") > " + after);
    assertThat(browser.view()).isEqualTo("runs/" + id);

    browser.click("Cancel");
    browser.click("Yes");
    browser.until("document.querySelector('.state').innerText === 'cancelled'");
    assertThat(service.ended(id).path("state").asString()).isEqualTo("cancelled");
  }

  /// The latest epoch that the legend of the curve tells.
  private static final String EPOCHS =
      "Number(document.querySelector('.u-legend .u-value').textContent)";

  private long epochs() {
    return ((Number) browser.until(EPOCHS)).longValue();
  }

  private String longTraining() {
    return ServiceCalls.body(
            service.train(
                """
                {"model": "long", "preset": "plain", "data": {"dataset": "%s", "target": "inside"},
                 "training": {"epochs": 10000, "earlyStopping": null, "batchSize": 8}}"""
                    .formatted(rings)))
        .path("id")
        .asString();
  }

  @Test
  void runsAreFoundComparedAndCancelled() {
    String id = longTraining();
    browser.open("runs?q=long");
    browser.until("document.querySelectorAll('tbody tr').length > 0");
    browser.click("Cancel");
    browser.click("Yes");
    assertThat(service.ended(id).path("state").asString()).isEqualTo("cancelled");

    browser.open("runs");
    WebElement search = browser.find("input[type=search]");
    search.sendKeys("rings");
    browser.until("location.hash.includes('q=rings')");
    browser.reload();
    browser.until("document.querySelectorAll('tbody tr').length === 2");
    browser.run(
        "document.querySelectorAll('tbody input[type=checkbox]').forEach((each) => each.click());");
    browser.until("!document.querySelector('.actions button').disabled");
    browser.find(".actions button").click();
    browser.until("location.hash.includes('compare')");
    browser.until("document.body.innerText.includes('epochs')");
    browser.keepPicture("compared");
    assertThat(browser.inaccessible()).isEqualTo(List.of());
  }

  @Test
  void aRunThatHasEndedIsDeleted() {
    String id =
        service
            .succeeded(training("deleted", rings, "inside", "\"epochs\": 2"))
            .path("id")
            .asString();
    browser.open("runs?q=deleted");
    browser.until("document.querySelectorAll('tbody tr').length === 1");
    browser.click("Delete");
    browser.click("Yes");
    browser.until("document.body.innerText.includes('No run is like that')");
    assertThat(service.get("/api/v1/trainings/" + id).statusCode()).isEqualTo(404);

    browser.open("models/deleted?tab=about");
    browser.until("document.body.innerText.includes('" + id + "')");
  }

  @Test
  void aCellShowsItsRowsOfTheTableThatIsNamed() {
    browser.open("models/penguins");
    browser.find(".matrix td.right button").click();
    browser.until("document.body.innerText.includes('Name a data set')");
    browser.fill("input[name=dataset]", penguins + Keys.ENTER);
    String heading =
        (String)
            browser.until(
                "document.querySelector('#check h2')?.innerText.match(/^[0-9]+ rows of .*/)?.[0]");

    JsonNode found =
        ServiceCalls.body(
                service.post(
                    "/api/v1/models/penguins/evaluations?rows=errors&actual=Adelie&predicted=Adelie",
                    "{\"dataset\": \"" + penguins + "\"}"))
            .path("rows")
            .path("found");
    assertThat(heading).startsWith(found + " rows of Adelie, answered as Adelie");
    browser.click("Show all errors");
    browser.until("document.querySelector('#check h2').innerText.includes('rows are wrong')");
  }

  @Test
  void aTableComesBackWithPredictions() {
    browser.open("models/penguins?tab=ask");
    browser.find(".stay input[type=file]").sendKeys(Path.of(SAMPLE).toAbsolutePath().toString());
    browser.until("document.body.innerText.includes('Saved penguins-predicted.csv')");
  }

  @Test
  void theFormAnswersAsTheServiceDoes() {
    browser.open("models/penguins?tab=ask");
    browser.fill("[id='input-bill_length_mm']", "48.5");
    WebElement flipper = browser.find("[aria-label='flipper_length_mm, slider']");
    for (int i = 0; i < 12; i++) {
      flipper.sendKeys(Keys.ARROW_RIGHT);
    }
    String row =
        (String)
            browser.run(
                "return document.querySelector('pre').innerText.split(\"-d '\")[1].replace(/'$/, '')");
    JsonNode answer =
        ServiceCalls.body(service.post("/api/v1/models/penguins/predictions", row))
            .path("predictions")
            .path(0);
    assertThat(row).contains("48.5");

    String prediction = answer.path("prediction").asString();
    browser.until("document.querySelector('.said').innerText === '" + prediction + "'");
    for (Map.Entry<String, JsonNode> share : answer.path("probabilities").properties()) {
      browser.until(
          "[...document.querySelectorAll('.answer .bars tr')].some((row) => row.innerText.includes('%s') && Math.abs(parseFloat(row.querySelector('.value').innerText) - %s) < 0.06)"
              .formatted(share.getKey(), 100 * share.getValue().asDouble()));
    }
    String kept = browser.view();
    browser.reload();
    assertThat(browser.view()).isEqualTo(kept);
    browser.until("document.querySelector('.said').innerText === '" + prediction + "'");
  }

  @Test
  void theThresholdChangesTheMatrix() {
    browser.open("models/rings?check=" + rings);
    WebElement slider = browser.find(".checked .threshold input[type=range]");
    String cells =
        "[...document.querySelectorAll('.checked .threshold .matrix tbody td')].map((cell) => cell.innerText).join(' ')";
    String before = (String) browser.until(cells);
    for (int i = 0; i < 30; i++) {
      slider.sendKeys(Keys.ARROW_RIGHT);
    }
    String after = (String) browser.until("(" + cells + ") !== '" + before + "' && " + cells);
    List<Integer> counts = Stream.of(after.split(" ")).map(Integer::valueOf).toList();
    assertThat(counts.stream().mapToInt(Integer::intValue).sum()).isEqualTo(600);
  }

  @Test
  void byTheKeyboardAloneASampleBecomesAModel() {
    browser.open("");
    browser.tabTo("at.innerText?.startsWith('Penguins')");
    browser.press(Keys.ENTER);
    browser.until("location.hash.includes('dataset=') && document.querySelector('.forecast b')");
    browser.tabTo("at.name === 'model'");
    browser.selectAll();
    browser.press("by-keyboard");
    browser.until("!document.querySelector('.train .primary').disabled");
    browser.tabTo("at.innerText === 'Train'");
    browser.press(Keys.ENTER);
    browser.until("location.hash.startsWith('#/runs/')");
    browser.named("Open the model");
    browser.tabTo("at.innerText === 'Open the model'");
    browser.press(Keys.ENTER);
    browser.until("location.hash.startsWith('#/models/by-keyboard')");
    browser.tabTo("at.innerText === 'Ask'");
    browser.press(Keys.ENTER);
    browser.until("document.querySelector('.said')");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "versions",
        "0..-_",
        "a.json",
        "compare",
        "a23456789-123456789-123456789-123456789-123456789-123456789-123"
      })
  void everyLegalNameOpens(String name) {
    service.succeeded(
        """
        {"model": "%s", "data": {"inputs": [[0,0],[0,1],[1,0],[1,1]], "targets": [[0],[1],[1],[0]]}, "training": {"epochs": 5}}"""
            .formatted(name));
    browser.open("models/" + name);
    browser.until("document.querySelector('h1').innerText === '" + name + "'");
    browser.open("models/" + name + "?tab=ask");
    browser.until("document.querySelector('.outputs li')");
  }

  @Test
  void namesAndCellsAreShownAsText() {
    String hostile = "<img src=x onerror=alert(1)>";
    String dataset =
        upload(
            "hostile",
            "\"%s\",kind\n".formatted(hostile)
                + "1,<b>a</b>\n2,<i>b</i>\n3,<b>a</b>\n4,<i>b</i>\n".repeat(20));
    service.succeeded(training("hostile", dataset, "kind", "\"epochs\": 3"));
    List<String> seen = new ArrayList<>();
    for (String view :
        List.of(
            "?dataset=" + dataset, "models/hostile?check=" + dataset, "models/hostile?tab=ask")) {
      browser.open(view);
      browser.until("document.body.innerText.includes('<b>a</b>')");
      seen.add(
          browser
              .run("return String(document.querySelectorAll('main img, td b i').length)")
              .toString());
    }
    assertThat(seen).containsOnly("0");
  }

  @Test
  void aReportNeedsNothingElse() {
    String report =
        (String)
            browser.run(
                """
                const { reportOf } = await import('./page/model/about.js');
                const { ask } = await import('./page/http/api.js');
                return reportOf((await ask('models/penguins')).current);
                """);

    assertThat(report).startsWith("<!doctype html>").contains("<svg", "Adelie", "</html>");
    assertThat(report).doesNotContain("<script", "<link", "src=\"page", "url(");
  }

  @ParameterizedTest
  @EnumSource(dev.backprop.platform.caller.Role.class)
  void aKeySeesWhatItsRoleMay(dev.backprop.platform.caller.Role role) {
    try (RunningService closed =
            RunningService.start(
                List.of("--backprop.data-directory=" + directory.resolve("keys-" + role.json())));
        Browser other = new Browser("http://localhost:" + closed.port() + "/")) {
      String admin =
          ServiceCalls.body(closed.post("/api/v1/keys", "{\"role\": \"admin\"}"))
              .path("key")
              .asString();
      String key =
          ServiceCalls.body(
                  closed.post(
                      "/api/v1/keys",
                      "{\"role\": \"%s\"}".formatted(role.json()),
                      "Authorization",
                      "Bearer " + admin))
              .path("key")
              .asString();
      other.open("models");
      other.until("document.body.innerText.includes('asks for a key')");
      other.keepPicture("key");
      assertThat(other.inaccessible()).isEqualTo(List.of());
      assertThat(other.complaints()).allMatch(line -> line.contains("401"));

      other.find("input[name=key]").sendKeys("bp_wrong" + Keys.ENTER);
      other.until("document.querySelector('[role=alert]')");
      other.fill("input[name=key]", key + Keys.ENTER);
      other.until("document.querySelector('.who')");
      other.complaints();

      assertThat(other.find(".top nav").getText().lines())
          .containsExactlyElementsOf(
              switch (role) {
                case PREDICT -> List.of("Models", "API");
                case TRAIN -> List.of("Start", "Runs", "Models", "API");
                case ADMIN -> List.of("Start", "Runs", "Models", "Operations", "API");
              });
      for (String view : List.of("", "runs", "models", "operations")) {
        other.open(view);
        other.until("document.querySelector('.who')");
      }
      assertThat(other.complaints()).isEmpty();
      assertThat(other.run("return document.cookie + location.href").toString())
          .doesNotContain("bp_");

      other.click("forget key");
      other.until("document.body.innerText.includes('asks for a key')");
    }
  }
}
