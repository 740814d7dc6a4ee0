package dev.backprop.engine.linalg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class MatrixTest {

  @Test
  void viewsRowsOfTheSameArray() {
    float[] values = {9, 1, 2, 3, 4, 5, 6, 9};
    Matrix matrix = new Matrix(values, 1, 3, 2);
    Matrix view = matrix.view(1, 2);
    assertThat(view.values()).isSameAs(values);
    assertThat(view.offset()).isEqualTo(3);
    assertThat(view.rows()).isEqualTo(2);
    assertThat(view.columns()).isEqualTo(2);
    assertThatThrownBy(() -> matrix.view(2, 2)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void usesAsManyRowsAsItIsTold() {
    Matrix matrix = Matrix.allocate(3, 2);
    assertThat(matrix.size()).isEqualTo(6);
    assertThat(matrix.rows(1)).isSameAs(matrix);
    assertThat(matrix.size()).isEqualTo(2);
    assertThat(matrix.rows(0).size()).isZero();
    assertThat(matrix.capacity()).isEqualTo(3);
    assertThatThrownBy(() -> matrix.rows(4))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("rows must be from 0 to 3, was 4");
    assertThatThrownBy(() -> matrix.rows(-1)).hasMessage("rows must be from 0 to 3, was -1");
  }

  @Test
  void refusesAnArrayThatIsTooShort() {
    assertThatThrownBy(() -> new Matrix(new float[6], 1, 3, 2))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> new Matrix(new float[6], 0, 1 << 20, 1 << 20))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void refusesNegativeExtents() {
    assertThatThrownBy(() -> new Matrix(new float[6], 0, -1, 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a matrix of -1 x 2 elements");
  }

  @Test
  void refusesMoreElementsThanAnArrayHolds() {
    assertThatThrownBy(() -> Matrix.allocate(1 << 20, 1 << 20))
        .isInstanceOf(ArithmeticException.class);
  }
}
