package dev.backprop.engine.linalg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The kernels that are chosen treat all rows alike, on each core.
class AlikeRowsTest {

  /// Every row of a product comes out as it does alone, and as equal rows beside it do.
  @Test
  void theChosenWayTreatsRowsAlike() {
    assertThat(firstRowUnlike(OpenBlasKernels.load().alike())).isEqualTo("all alike");
    assertThat(firstRowUnlike(new JavaKernels().alike())).isEqualTo("all alike");
  }

  /// The library takes the processor for another one if the environment says so when it is loaded.
  @ParameterizedTest
  @ValueSource(strings = {"Haswell", "Zen", "Sandybridge"})
  void rowsAreAlikeOnOtherCores(String core) throws IOException, InterruptedException {
    Path cpu = Path.of("/proc/cpuinfo");
    assumeTrue(Files.isReadable(cpu) && Files.readString(cpu).contains(" avx2 "));
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            Main.class.getName());
    builder.environment().put("OPENBLAS_CORETYPE", core);
    Process process = builder.redirectErrorStream(true).start();
    try (InputStream said = process.getInputStream()) {
      assertThat(new String(said.readAllBytes(), StandardCharsets.UTF_8))
          .contains("core " + core)
          .endsWith("all alike");
    }
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
  }

  static final class Main {

    private Main() {}

    public static void main(String[] args) {
      OpenBlasKernels library = OpenBlasKernels.load();
      System.out.println(library.description());
      System.out.print(firstRowUnlike(library.alike()));
    }
  }

  private static String firstRowUnlike(Kernels kernels) {
    Random random = new Random(8);
    int[] depths = {1, 2, 5, 7, 8, 9, 14, 15, 16, 31, 32, 33, 63, 64, 100, 129, 300};
    int[] widths = {1, 2, 3, 7, 8, 9, 10, 15, 16, 17, 24, 25, 40, 63, 64, 71, 130, 257, 300};
    int[] counts = {2, 3, 4, 5, 7, 11, 12, 13, 23, 25, 50, 97, 251, 252, 253, 256};
    for (int k : depths) {
      for (int n : widths) {
        int m = counts[random.nextInt(counts.length)];
        String unlike = rowUnlike(kernels, m, k, n, random);
        if (unlike != null) {
          return unlike;
        }
      }
    }
    for (int m : counts) {
      String unlike = rowUnlike(kernels, m, 70, 37, random);
      if (unlike != null) {
        return unlike;
      }
    }
    String large = rowUnlike(kernels, 40, 1500, 1500, random);
    return large == null ? "all alike" : large;
  }

  /// A row that is not as it is alone, if there is one. Every third row is the same.
  private static @Nullable String rowUnlike(Kernels kernels, int m, int k, int n, Random random) {
    float[] a = floats(m * k, random);
    float[] b = floats(k * n, random);
    float[] c = floats(m * n, random);
    for (int i = 3; i < m; i += 3) {
      System.arraycopy(a, 0, a, i * k, k);
      System.arraycopy(c, 0, c, i * n, n);
    }
    float[] all = c.clone();
    Matrix right = new Matrix(b, 0, k, n);
    kernels.addMultiplyNN(new Matrix(a, 0, m, k), right, new Matrix(all, 0, m, n));
    for (int i = 0; i < m; i++) {
      float[] alone = Arrays.copyOfRange(c, i * n, (i + 1) * n);
      kernels.addMultiplyNN(new Matrix(a, i * k, 1, k), right, new Matrix(alone, 0, 1, n));
      if (!Arrays.equals(alone, 0, n, all, i * n, (i + 1) * n)) {
        return "(%d x %d) times (%d x %d), row %d".formatted(m, k, k, n, i);
      }
    }
    return null;
  }

  private static float[] floats(int n, Random random) {
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = 2 * random.nextFloat() - 1;
    }
    return values;
  }
}
