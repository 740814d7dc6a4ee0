package dev.backprop.engine.optim;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/// What `golden/trajectories.py` prints.
///
/// @param index of the step or the parameter, or the size of a history
record Golden(int index, double value) {

  /// The values of a case, at least one, in their order.
  ///
  /// @param what such as `loss` or `parameter`
  static List<Golden> of(String name, String what) {
    try (InputStream csv = Golden.class.getResourceAsStream("/golden/trajectories.csv")) {
      String text = new String(Objects.requireNonNull(csv).readAllBytes(), StandardCharsets.UTF_8);
      List<Golden> values =
          text.lines()
              .map(line -> line.split(",", 4))
              .filter(line -> line[0].equals(name) && line[1].equals(what))
              .map(line -> new Golden(Integer.parseInt(line[2]), Double.parseDouble(line[3])))
              .toList();
      assertThat(values).as("%s of %s", what, name).isNotEmpty();
      return values;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The same, of which there must be that many, as numbers.
  static double[] of(String name, String what, int count) {
    double[] values = of(name, what).stream().mapToDouble(Golden::value).toArray();
    assertThat(values).as("%s of %s", what, name).hasSize(count);
    return values;
  }
}
