package dev.backprop.engine.linalg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class KernelSelectionTest {

  @Test
  void choosesOpenBlasWhereItWorks() {
    KernelSelection selection = KernelSelection.select(null);
    assertThat(selection.kernels()).isInstanceOf(OpenBlasKernels.class);
    assertThat(selection.reason()).startsWith("openblas: loaded libopenblas ");
  }

  @Test
  void fallsBackToJavaAndSaysWhy() {
    KernelSelection selection = KernelSelection.select(null, KernelSelectionTest::unusable);
    assertThat(selection.kernels()).isInstanceOf(JavaKernels.class);
    assertThat(selection.reason()).isEqualTo("java: openblas not usable here: no such library");
  }

  @Test
  void takesTheForcedKernels() {
    KernelSelection java = KernelSelection.select("java");
    assertThat(java.kernels()).isInstanceOf(JavaKernels.class);
    assertThat(java.reason()).isEqualTo("java: forced by configuration");
    KernelSelection openBlas = KernelSelection.select("openblas");
    assertThat(openBlas.kernels()).isInstanceOf(OpenBlasKernels.class);
    assertThat(openBlas.reason()).startsWith("openblas: loaded libopenblas ");
  }

  @Test
  void forcingJavaDoesNotLoadTheLibrary() {
    KernelSelection java = KernelSelection.select("java", KernelSelectionTest::unusable);
    assertThat(java.kernels()).isInstanceOf(JavaKernels.class);
  }

  @Test
  void forcedOpenBlasThatIsNotUsableIsAnError() {
    assertThatThrownBy(() -> KernelSelection.select("openblas", KernelSelectionTest::unusable))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("openblas is forced by configuration but not usable here: no such library");
  }

  @Test
  void refusesAnUnknownName() {
    assertThatThrownBy(() -> KernelSelection.select("cuda"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("kernels must be openblas or java, was cuda");
  }

  private static OpenBlasKernels unusable() {
    throw new IllegalStateException("no such library");
  }
}
