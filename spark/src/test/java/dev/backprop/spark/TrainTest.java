package dev.backprop.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.backprop.engine.linalg.JavaKernels;
import dev.backprop.engine.scoring.Evaluation;
import dev.backprop.platform.artifact.ArtifactCodec;
import dev.backprop.platform.artifact.ModelDraft;
import dev.backprop.platform.artifact.Provenance;
import dev.backprop.platform.json.StrictJson;
import dev.backprop.spark.training.TrainOptions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class TrainTest {

  @TempDir static Path directory;
  private static Path rows;

  @BeforeAll
  static void makeRows() throws Exception {
    rows = MadeRows.csv(directory, 2_000);
  }

  private static final String SPEC =
      """
      {"network": {"layers": [{"type": "dense", "units": 16}]},
       "training": {"epochs": 3, "optimizer": {"type": "adam", "learningRate": 0.01}}}""";

  private static List<String> arguments(String out, String spec, String target, String... more)
      throws IOException {
    Path specFile = Files.writeString(directory.resolve(out + ".json"), spec);
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--data",
                rows.toString(),
                "--format",
                "csv",
                "--target",
                target,
                "--model",
                "made",
                "--spec",
                specFile.toString(),
                "--shards",
                "4",
                "--out",
                directory.resolve(out).toString()));
    arguments.addAll(Arrays.asList(more));
    return arguments;
  }

  /// @return the events
  private static List<JsonNode> train(String out, String spec, String target, String... more)
      throws Exception {
    return train(arguments(out, spec, target, more));
  }

  private static List<JsonNode> train(List<String> arguments) {
    ByteArrayOutputStream lines = new ByteArrayOutputStream();
    int status =
        Train.run(
            Sessions.local(),
            TrainOptions.of(arguments.toArray(String[]::new)),
            new PrintStream(lines, true, StandardCharsets.UTF_8));
    List<JsonNode> events =
        lines
            .toString(StandardCharsets.UTF_8)
            .lines()
            .map(line -> StrictJson.mapper().readTree(line))
            .toList();
    boolean failed = events.getLast().get("event").asString().equals("failed");
    assertThat(status).isEqualTo(failed ? 1 : 0);
    return events;
  }

  private static ModelDraft model(String out) throws Exception {
    return new ArtifactCodec(StrictJson.mapper(), new JavaKernels()).read(directory.resolve(out));
  }

  private static String failure(List<JsonNode> events) {
    JsonNode last = events.getLast();
    assertThat(last.get("event").asString()).isEqualTo("failed");
    return last.get("code").asString() + " " + last.get("detail").asString();
  }

  private static JsonNode event(List<JsonNode> events, String name) {
    return events.stream()
        .filter(event -> event.get("event").asString().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no '%s' in %s".formatted(name, events)));
  }

  @Test
  void classesAreLearned() throws Exception {
    List<JsonNode> events = train("classes.zip", SPEC, "kind", "--allow-small");
    assertThat(events.stream().map(event -> event.get("event").asString()).distinct())
        .containsExactly("encoded", "round", "trained", "written");
    ModelDraft model = model("classes.zip");
    Evaluation.Classification told =
        (Evaluation.Classification)
            Objects.requireNonNull(model.learned().evaluations().get("validation"));
    assertThat(told.accuracy()).isGreaterThan(0.6);
    assertThat(told.rows()).isBetween(320, 480);
    assertThat(model.learned().history()).hasSize(3);
    assertThat(model.learned().insights()).isNotNull();
    Provenance.Spread spread = Objects.requireNonNull(model.provenance().spread());
    assertThat(spread.shards()).isEqualTo(4);
    assertThat(spread.rounds()).isEqualTo(12);
    assertThat(spread.outer()).isEqualTo("mean");
    assertThat(model.provenance().rows().training() + told.rows()).isEqualTo(2_000);
    double[] cells =
        model.cells(Map.of("x", "1", "z", "2", "city", "Jena", "day", "2026-02-01", "w", "1"));
    assertThat(cells).hasSize(6);
  }

  @Test
  void numbersAreLearned() throws Exception {
    train("numbers.zip", SPEC.replace("\"epochs\": 3", "\"epochs\": 8"), "y", "--allow-small");
    Evaluation.Regression told =
        (Evaluation.Regression)
            Objects.requireNonNull(model("numbers.zip").learned().evaluations().get("validation"));
    assertThat(told.rmse()).isLessThan(told.baseline().rmse() / 2);
  }

  private static final String NUMBERS =
      """
      {"network": {"layers": [{"type": "dense", "units": 16}, {"type": "batch-norm"}, {"type": "dropout", "rate": 0.1}]},
       "encoding": {"numbers": {"type": "piecewise-linear", "bins": 8}, "columns": {"z": "quantile-normal", "city": {"type": "embedding", "units": 3}}},
       "training": {"epochs": 2, "selection": "mae", "batchSize": 64, "seed": 5},
       "data": {"columns": {"kind": {"type": "ignore"}}, "weight": "w"}}""";

  private static final String[] SMALL = {"--allow-small", "--outer", "nesterov", "--round", "0.5"};

  private static String sha256(List<JsonNode> events) {
    return event(events, "trained").get("sha256").asString();
  }

  /// The same parameters on one thread, on two, on two executors that are processes of their own,
  /// and after the driver was killed.
  @Test
  void clustersComeToTheSameBits() throws Exception {
    List<JsonNode> one = train("one.zip", NUMBERS, "y", SMALL);
    assertThat(event(one, "encoded").get("outer").asString()).isEqualTo("nesterov");
    for (String master : List.of("local[2]", "local-cluster[2,1,1024]")) {
      try (TrainProcess other =
          TrainProcess.start(
              master, directory.resolve("log"), arguments("other.zip", NUMBERS, "y", SMALL))) {
        assertThat(sha256(other.end())).as(master).isEqualTo(sha256(one));
        assertThat(other.exitCode()).isZero();
      }
    }
    ModelDraft model = model("one.zip");
    Evaluation.Regression told =
        (Evaluation.Regression)
            Objects.requireNonNull(model.learned().evaluations().get("validation"));
    assertThat(told.rows()).isBetween(320, 480);
    Provenance.Spread spread = Objects.requireNonNull(model.provenance().spread());
    assertThat(spread.outer()).isEqualTo("nesterov");
    assertThat(spread.moments()).isEqualTo("averaged");
    assertThat(model.learned().history().getLast().selected()).isNotNull();
  }

  @Test
  void aKilledDriverGoesOnToTheSameBits() throws Exception {
    String longer = SPEC.replace("\"epochs\": 3", "\"epochs\": 8");
    Path checkpoint = directory.resolve("checkpoint");
    List<String> arguments =
        arguments(
            "killed.zip",
            longer,
            "kind",
            "--allow-small",
            "--checkpoint",
            checkpoint.toUri().toString());
    try (TrainProcess first =
        TrainProcess.start("local[1]", directory.resolve("first.log"), arguments)) {
      first.await("round", 3);
      first.kill();
    }
    assertThat(directory.resolve("killed.zip")).doesNotExist();
    assertThat(failure(train(arguments))).startsWith("conflict --checkpoint: ");
    List<JsonNode> whole = train("whole.zip", longer, "kind", "--allow-small");
    arguments.add("--resume");
    try (Service service = new Service()) {
      arguments.addAll(List.of("--service", service.url()));
      List<JsonNode> resumed = train(arguments);
      assertThat(event(resumed, "resumed").get("round").asInt()).isGreaterThanOrEqualTo(2);
      assertThat(sha256(resumed)).isEqualTo(sha256(whole));
      // A driver that is lost after it has sent the model sends the same again.
      assertThat(train(arguments).stream().map(event -> event.get("event").asString()))
          .containsExactly("written", "imported");
      assertThat(service.bodies).hasSize(3);
      assertThat(service.bodies.get(0))
          .isEqualTo(service.bodies.get(1))
          .isEqualTo(service.bodies.get(2));
      assertThat(service.bodies.get(0))
          .isEqualTo(Files.readAllBytes(directory.resolve("killed.zip")));
      assertThat(service.keys)
          .hasSize(3)
          .containsOnly(model("killed.zip").provenance().trainingId());
      assertThat(Objects.requireNonNull(model("killed.zip").provenance().spread()).application())
          .hasSize(2);
    }
    List<String> others = new ArrayList<>(arguments("o.zip", SPEC, "kind", "--allow-small"));
    Files.delete(checkpoint.resolve("model.zip"));
    others.addAll(List.of("--checkpoint", checkpoint.toUri().toString(), "--resume"));
    assertThat(failure(train(others))).startsWith("conflict --checkpoint: is another training's");
  }

  /// A service that is busy at first.
  private static final class Service implements AutoCloseable {

    private final HttpServer server;
    final List<byte[]> bodies = new ArrayList<>();
    final List<String> keys = new ArrayList<>();

    Service() throws IOException {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.createContext(
          "/api/v1/models/made/versions",
          exchange -> {
            bodies.add(exchange.getRequestBody().readAllBytes());
            keys.add(exchange.getRequestHeaders().getFirst("Idempotency-Key"));
            exchange.sendResponseHeaders(bodies.size() == 1 ? 503 : 201, -1);
            exchange.close();
          });
      server.start();
    }

    String url() {
      return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    @Override
    public void close() {
      server.stop(0);
    }
  }

  @Test
  void whatCannotBeIsToldAndLeavesNothing() throws Exception {
    assertThat(failure(train("no.zip", SPEC, "kind")))
        .startsWith("invalid-parameter --shards: must leave at least 50000 rows")
        .contains("one machine");
    assertThat(failure(train("no.zip", SPEC, "kinds", "--allow-small")))
        .startsWith(
            "invalid-data --target: must be a column of the data, 'kinds' is none; there is 'kind'");
    assertThat(
            failure(
                train(
                    "no.zip",
                    "{\"data\": {\"columns\": {\"city\": {\"type\": \"numeric\"}}}}",
                    "kind",
                    "--allow-small")))
        .startsWith("invalid-data column 'city' must be a finite number to be numeric");
    assertThat(
            failure(
                train(
                    "no.zip",
                    SPEC.replace(
                        "\"adam\", \"learningRate\": 0.01", "\"sgd\", \"learningRate\": 1e30"),
                    "y",
                    "--allow-small")))
        .startsWith("diverged the training diverged in epoch 1");
    assertThat(directory.resolve("no.zip")).doesNotExist();
  }

  @Test
  void whatDoesNotGoWithShardsIsRefusedByName() throws Exception {
    Map<String, String> refused =
        Map.of(
            "{\"preset\": \"default\"}", "/preset",
            "{\"ensemble\": {\"members\": []}}", "/ensemble",
            "{\"training\": {\"bagging\": {\"folds\": 3}}}", "/training/bagging",
            "{\"training\": {\"crossValidation\": {\"folds\": 3}}}", "/training/crossValidation",
            "{\"training\": {\"maxSeconds\": 3}}", "/training/maxSeconds",
            "{\"training\": {\"optimizer\": \"lbfgs\"}}", "/training/optimizer",
            "{\"training\": {\"schedule\": \"reduce-on-plateau\"}}", "/training/schedule",
            "{\"training\": {\"seed\": 1}}", "/training/seed",
            "{\"data\": {\"split\": {\"group\": \"city\"}}}", "/data/split",
            "{\"warmStart\": {\"model\": \"m\"}}", "/warmStart");
    for (Map.Entry<String, String> entry : refused.entrySet()) {
      String told = failure(train("refused.zip", entry.getKey(), "kind", "--seed", "3"));
      assertThat(told).startsWith("invalid-spec --spec: " + entry.getValue() + ": ");
    }
    assertThat(failure(train("refused.zip", "{\"netwrk\": {}}", "kind")))
        .startsWith("unknown-field --spec: ");
  }

  @Test
  void optionsAreStrict() {
    assertThatThrownBy(() -> TrainOptions.of("--shard", "8"))
        .hasMessageContaining("unknown-parameter: --shard: is no option; did you mean --shards?");
    assertThatThrownBy(() -> TrainOptions.of("--data", "a", "--data", "b"))
        .hasMessageContaining("repeated-parameter");
    String[] all = {"--data", "a", "--target", "t", "--model", "m", "--out", "o"};
    assertThat(TrainOptions.of(all).shards()).isEqualTo(8);
    for (List<String> more :
        List.of(
            List.of("--shards", "0"),
            List.of("--round", "2"),
            List.of("--round", "0.3"),
            List.of("--outer", "best"),
            List.of("--seed", "-1"),
            List.of("--kernels", "cuda"))) {
      List<String> given = new ArrayList<>(List.of(all));
      given.addAll(more);
      assertThatThrownBy(() -> TrainOptions.of(given.toArray(String[]::new)))
          .hasMessageContaining("invalid-parameter: " + more.getFirst());
    }
    assertThatThrownBy(() -> TrainOptions.of("--resume", "--data", "a"))
        .hasMessageContaining("missing-parameter: --checkpoint");
  }
}
