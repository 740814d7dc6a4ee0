package dev.backprop.engine.linalg;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/// With both ways to cut a product, whatever core this runs on.
@ParameterizedClass
@ValueSource(booleans = {true, false})
class OpenBlasKernelsTest extends KernelsContract {

  private final boolean inPlace;

  OpenBlasKernelsTest(boolean inPlace) {
    this.inPlace = inPlace;
  }

  @Override
  Kernels kernels() {
    return OpenBlasKernels.load(inPlace);
  }

  @Test
  void isNamedOpenblas() {
    assertThat(kernels().name()).isEqualTo("openblas");
  }

  @Test
  void describesTheLibraryAndItsOneThread() {
    assertThat(OpenBlasKernels.load().description())
        .matches("libopenblas \\d+\\.\\d+\\.\\d+, core \\w+, 1 thread");
  }

  @Test
  void tellsWhatTheEnvironmentSaysAboutTheProcessor() {
    assertThat(OpenBlas.pretences(Map.of("OPENBLAS_NUM_THREADS", "4"))).isEmpty();
    assertThat(OpenBlas.pretences(Map.of("OPENBLAS_CORETYPE", "Haswell")))
        .isEqualTo("; the environment says OPENBLAS_CORETYPE=Haswell");
    assertThat(OpenBlas.pretences(Map.of("OPENBLAS_L2_SIZE", "512", "OPENBLAS_CORETYPE", "Zen")))
        .isEqualTo("; the environment says OPENBLAS_CORETYPE=Zen and OPENBLAS_L2_SIZE=512");
  }
}
