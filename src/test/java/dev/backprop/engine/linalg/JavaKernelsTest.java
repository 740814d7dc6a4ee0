package dev.backprop.engine.linalg;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class JavaKernelsTest extends KernelsContract {

  @Override
  Kernels kernels() {
    return new JavaKernels();
  }

  @Test
  void isNamedJava() {
    assertThat(kernels().name()).isEqualTo("java");
  }
}
