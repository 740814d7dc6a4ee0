package dev.backprop.service.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backprop.Requests;
import dev.backprop.ServiceTest;
import dev.backprop.platform.storage.Sha256;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/// Models that are carried away and brought back over HTTP.
class ArtifactTest extends ServiceTest {

  private static final String MODELS = "/api/v1/models";
  private static final String ROW =
      "island=Dream&bill_length_mm=48.7&bill_depth_mm=18.4&flipper_length_mm=197&body_mass_g=3800&sex=female&year=2008";

  private JsonNode penguins(String model) {
    return trained(
        """
        {"model": "%s", "data": {"target": "species", %s},
         "network": {"layers": [{"type": "dense", "units": 300}, "layer-norm"], "embeddings": {"island": {}}},
         "training": {"epochs": 3, "testFraction": 0.1}}"""
            .formatted(model, Requests.penguinRows()));
  }

  private void xor(String model) {
    trained(
        "{\"model\": \"%s\", \"data\": %s, \"training\": {\"epochs\": 2}}"
            .formatted(model, Requests.XOR_DATA));
  }

  private HttpResponse<byte[]> download(String path, String... headers) {
    return send(request(path, headers).GET().build(), HttpResponse.BodyHandlers.ofByteArray());
  }

  private byte[] artifact(String model) {
    HttpResponse<byte[]> answer = download(MODELS + "/" + model + "/versions/1/artifact");
    assertThat(answer.statusCode()).isEqualTo(200);
    return answer.body();
  }

  private HttpResponse<String> upload(String path, byte[] file, String... headers) {
    return send(
        request(path, headers)
            .header("Content-Type", "application/zip")
            .POST(HttpRequest.BodyPublishers.ofByteArray(file))
            .build());
  }

  @Test
  void answersWhatTheOriginalAnswers() {
    penguins("original");

    HttpResponse<String> answer = upload(MODELS + "/copied/versions", artifact("original"));

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    assertThat(answer.headers().firstValue("Location")).hasValue(MODELS + "/copied/versions/1");
    assertThat(body(answer)).isEqualTo(body(get(MODELS + "/copied/versions/1")));
    assertThat(prediction("copied").get("probabilities"))
        .isEqualTo(prediction("original").get("probabilities"))
        .isNotNull();
    String rows = "{%s}".formatted(Requests.penguinRows());
    assertThat(body(post(MODELS + "/copied/evaluations", rows)).path("metrics"))
        .isEqualTo(body(post(MODELS + "/original/evaluations", rows)).path("metrics"))
        .isNotEmpty();
  }

  private JsonNode prediction(String model) {
    return body(get(MODELS + "/" + model + "/predictions?" + ROW));
  }

  @Test
  void tellsWhereTheCopyComesFrom() {
    penguins("source");
    byte[] artifact = artifact("source");
    JsonNode original = body(get(MODELS + "/source/versions/1"));

    JsonNode copy = body(upload(MODELS + "/target/versions", artifact));

    for (String same :
        List.of(
            "target", "input", "network", "spec", "metrics", "history", "warnings", "bestEpoch")) {
      assertThat(copy.get(same)).as(same).isEqualTo(original.get(same)).isNotNull();
    }
    JsonNode imported = copy.at("/provenance/imported");
    assertThat(imported.path("from").toString()).isEqualTo("{\"model\":\"source\",\"version\":1}");
    assertThat(imported.path("createdAt")).isEqualTo(original.path("createdAt"));
    MessageDigest digest = Sha256.digest();
    digest.update(artifact);
    assertThat(imported.path("sha256").asString()).isEqualTo(Sha256.hex(digest));
    assertThat(imported.path("at").asString()).isNotEmpty();
    assertThat(original.at("/provenance/imported").isNull()).isTrue();
    for (String same : List.of("engine", "seed", "dataSha256", "rows", "trainingId")) {
      assertThat(copy.at("/provenance/" + same)).isEqualTo(original.at("/provenance/" + same));
    }
    assertThat(copy.path("links").has("training")).isFalse();
    assertThat(copy.at("/links/artifact").asString())
        .isEqualTo(MODELS + "/target/versions/1/artifact");
  }

  @Test
  void becomesTheNextVersionAndCurrentUnlessToldOtherwise() {
    xor("growing");
    byte[] artifact = artifact("growing");

    HttpResponse<String> second = upload(MODELS + "/growing/versions", artifact);
    HttpResponse<String> third = upload(MODELS + "/growing/versions?activate=false", artifact);

    assertThat(body(second).path("version").asInt()).isEqualTo(2);
    assertThat(body(second).path("current").asBoolean()).isTrue();
    assertThat(third.statusCode()).isEqualTo(201);
    assertThat(body(third).path("version").asInt()).isEqualTo(3);
    assertThat(body(third).path("current").asBoolean(true)).isFalse();
    assertThat(body(get(MODELS + "/growing")).path("currentVersion").asInt()).isEqualTo(2);
  }

  @Test
  void isAZipOfTwoEntriesThatAreStored() throws IOException {
    xor("zipped");

    HttpResponse<byte[]> answer = download(MODELS + "/zipped/versions/1/artifact");

    assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/zip");
    assertThat(answer.headers().firstValue("Content-Disposition"))
        .hasValue("attachment; filename=\"zipped-1.zip\"");
    assertThat(answer.headers().firstValueAsLong("Content-Length")).hasValue(answer.body().length);
    List<String> names = new ArrayList<>();
    try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(answer.body()))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        names.add(entry.getName());
        assertThat(entry.getMethod()).isEqualTo(ZipEntry.STORED);
      }
    }
    assertThat(names).containsExactly("model.json", "model.safetensors");
    assertThat(download(MODELS + "/zipped/versions/1/artifact").body()).isEqualTo(answer.body());
  }

  @Test
  void isNotSentAgainToWhoHasIt() {
    xor("tagged");
    String path = MODELS + "/tagged/versions/1/artifact";
    String tag = download(path).headers().firstValue("ETag").orElseThrow();

    HttpResponse<byte[]> again = download(path, "If-None-Match", tag);

    assertThat(again.statusCode()).isEqualTo(304);
    assertThat(again.body()).isEmpty();
    assertThat(download(path, "If-None-Match", "\"other\"").statusCode()).isEqualTo(200);
    upload(MODELS + "/tagged/versions", artifact("tagged"));
    assertThat(download(MODELS + "/tagged/versions/2/artifact", "If-None-Match", tag).statusCode())
        .isEqualTo(200);
  }

  @Test
  void theSameKeyUploadsOnce() {
    xor("keyed");
    byte[] artifact = artifact("keyed");
    String path = MODELS + "/keyed-copy/versions";

    HttpResponse<String> first = upload(path, artifact, "Idempotency-Key", "artifact-1");
    HttpResponse<String> second = upload(path, artifact, "Idempotency-Key", "artifact-1");

    assertThat(first.statusCode()).as(first.body()).isEqualTo(201);
    assertThat(second.statusCode()).isEqualTo(201);
    assertThat(second.headers().firstValue("Idempotency-Replayed")).hasValue("true");
    assertThat(second.body()).isEqualTo(first.body());
    assertThat(body(get(MODELS + "/keyed-copy")).path("versions")).hasSize(1);
    assertProblem(
        upload(MODELS + "/other/versions", artifact, "Idempotency-Key", "artifact-1"),
        422,
        "idempotency-key-reused");
  }

  @ParameterizedTest
  @CsvSource({
    "/none/versions/1/artifact, 404, not-found",
    "/only/versions/2/artifact, 404, not-found",
    "/Upper/versions/1/artifact, 400, invalid-parameter",
    "/only/versions/x/artifact, 400, invalid-parameter",
    "/only/versions/1/artifact?x=1, 400, unknown-parameter",
  })
  void hasNoArtifactOfWhatIsNotThere(String path, int status, String code) {
    if (get(MODELS + "/only").statusCode() == 404) {
      xor("only");
    }
    assertProblem(get(MODELS + path), status, code);
  }

  @Test
  void refusesWhatIsNoArtifact() {
    byte[] text = "no zip".getBytes(java.nio.charset.StandardCharsets.UTF_8);
    assertProblem(upload(MODELS + "/no-artifact/versions", text), 422, "invalid-artifact");
    assertProblem(upload(MODELS + "/no-artifact/versions", new byte[0]), 422, "invalid-artifact");
    assertProblem(upload(MODELS + "/No-artifact/versions", text), 400, "invalid-parameter");
    assertProblem(
        upload(MODELS + "/no-artifact/versions?activate=maybe", text), 400, "invalid-parameter");
    assertProblem(post(MODELS + "/no-artifact/versions", "{}"), 415, "unsupported-media-type");
    assertProblem(get(MODELS + "/no-artifact"), 404, "not-found");
  }

  /// Whatever bytes are sent, the service is not at fault and goes on answering.
  @Test
  void damageIsNeverTheServicesFault() {
    xor("damaged");
    byte[] artifact = artifact("damaged");
    SplittableRandom random = new SplittableRandom(9);
    for (int i = 0; i < 200; i++) {
      byte[] changed = artifact.clone();
      for (int flips = random.nextInt(1, 4); flips > 0; flips--) {
        changed[random.nextInt(changed.length)] ^= (byte) (1 << random.nextInt(8));
      }
      assertThat(upload(MODELS + "/damaged-copy/versions", changed).statusCode())
          .isIn(201, 400, 413, 422);
    }
    assertThat(upload(MODELS + "/damaged-copy/versions", artifact).statusCode()).isEqualTo(201);
  }
}
