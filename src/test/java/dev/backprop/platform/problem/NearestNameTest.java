package dev.backprop.platform.problem;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestNameTest {

  private static final List<String> NAMES =
      List.of("epochs", "batchSize", "seed", "learningRate", "l1", "bill_length_mm");

  @ParameterizedTest
  @CsvSource({
    "epoch, epochs",
    "epchos, epochs",
    "batchsize, batchSize",
    "batch_size, batchSize",
    "sed, seed",
    "esed, seed",
    "learningrate, learningRate",
    "lr, l1",
    "bill_lenght_mm, bill_length_mm",
  })
  void guessesWhatWasMeant(String given, String meant) {
    assertThat(NearestName.of(given, NAMES)).isEqualTo(meant);
  }

  @Test
  void guessesNothingFarFetched() {
    for (String given : List.of("", "momentum", "patience", "xxxxxx", "seedlings")) {
      assertThat(NearestName.of(given, NAMES)).as(given).isNull();
    }
    assertThat(NearestName.of("epochs", List.of())).isNull();
  }

  @Test
  void takesTheNearestAndOfEqualsTheFirst() {
    assertThat(NearestName.of("layer", List.of("layered", "layers"))).isEqualTo("layers");
    assertThat(NearestName.of("beta", List.of("beta1", "beta2"))).isEqualTo("beta1");
  }

  @Test
  void comparesNoLongNames() {
    String name = "x".repeat(64);

    assertThat(NearestName.of(name.substring(1), List.of(name))).isEqualTo(name);
    assertThat(NearestName.of(name, List.of(name + "y"))).isNull();
    assertThat(NearestName.of(name + "y", List.of(name))).isNull();
  }
}
