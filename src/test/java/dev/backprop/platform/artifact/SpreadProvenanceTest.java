package dev.backprop.platform.artifact;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backprop.engine.linalg.JavaKernels;
import dev.backprop.platform.json.StrictJson;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What was trained in shards tells of it, in a format of its own.
class SpreadProvenanceTest {

  private static final Provenance.Spread SPREAD =
      new Provenance.Spread(
          8,
          4,
          40,
          37,
          "mean",
          "averaged",
          3,
          32,
          List.of("java"),
          List.of("any"),
          List.of("app-1", "app-2"));

  private final ArtifactCodec codec = new ArtifactCodec(StrictJson.mapper(), new JavaKernels());

  private byte[] document(ModelDraft draft) {
    return codec.document(draft, new ModelDocument.Origin("m", 1, Instant.EPOCH));
  }

  private static int format(byte[] document) {
    return ModelDocument.Format.in(new String(document, StandardCharsets.US_ASCII));
  }

  @Test
  void comesBackAsItWas() throws Exception {
    ModelDraft alone = ModelFixtures.bare();
    Provenance p = alone.provenance();
    Provenance spread =
        new Provenance(
            p.engine(),
            p.seed(),
            p.dataSha256(),
            p.rows(),
            null,
            p.trainingId(),
            p.startedAt(),
            p.finishedAt(),
            null,
            null,
            SPREAD);
    byte[] document = document(alone.with(spread));
    assertThat(format(document)).isEqualTo(5);
    assertThat(codec.read(document).document().provenance()).isEqualTo(spread);
    assertThat(
            spread
                .imported(
                    new Provenance.Imported(
                        new ModelReference("m", 1), Instant.EPOCH, "00", Instant.EPOCH))
                .spread())
        .isEqualTo(SPREAD);
  }

  @Test
  void otherArtifactsKeepTheirFormat() throws Exception {
    byte[] document = document(ModelFixtures.bare());
    assertThat(format(document)).isEqualTo(4);
    assertThat(new String(document, StandardCharsets.US_ASCII)).doesNotContain("spread");
    assertThat(codec.read(document).document().provenance().spread()).isNull();
  }
}
