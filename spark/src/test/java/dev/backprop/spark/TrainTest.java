package dev.backprop.spark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backprop.engine.linalg.JavaKernels;
import dev.backprop.engine.scoring.Evaluation;
import dev.backprop.platform.artifact.ArtifactCodec;
import dev.backprop.platform.artifact.ModelDraft;
import dev.backprop.platform.artifact.Provenance;
import dev.backprop.platform.json.StrictJson;
import dev.backprop.spark.training.TrainOptions;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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
    rows = MadeRows.csv(directory, 3_000);
  }

  private static final String SPEC =
      """
      {"network": {"layers": [{"type": "dense", "units": 16}]},
       "training": {"epochs": 3, "optimizer": {"type": "adam", "learningRate": 0.01}}}""";

  /// @return the events
  private static List<JsonNode> train(String out, String spec, String target, String... more)
      throws Exception {
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
        .orElseThrow();
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
    assertThat(told.rows()).isBetween(500, 700);
    assertThat(model.learned().history()).hasSize(3);
    assertThat(model.learned().insights()).isNotNull();
    Provenance.Spread spread = Objects.requireNonNull(model.provenance().spread());
    assertThat(spread.shards()).isEqualTo(4);
    assertThat(spread.rounds()).isEqualTo(12);
    assertThat(spread.outer()).isEqualTo("mean");
    assertThat(model.provenance().rows().training() + told.rows()).isBetween(2_999, 3_000);
    double[] cells =
        model.cells(
            java.util.Map.of("x", "1", "z", "2", "city", "Jena", "day", "2026-02-01", "w", "1"));
    assertThat(cells).hasSize(6);
  }
}
