package dev.backprop.linalg;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OpenBlasKernelsTest extends KernelsContract {

  @Override
  Kernels kernels() {
    return OpenBlasKernels.load();
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
}
