package dev.backprop.engine.linalg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What all kernels do.
abstract class KernelsContract {

  private static final int[] AWKWARD = {1, 2, 3, 7, 17, 63, 64, 65, 129};

  /// Floats before and behind a matrix that no product may touch.
  private static final int MARGIN = 5;

  private static final float UNTOUCHED = 12_345;

  /// 2^-24, the unit roundoff of float.
  private static final double ROUNDOFF = 0x1p-24;

  abstract Kernels kernels();

  /// The three products, each with the storage of its operands and a plain sum in double precision.
  enum Product {
    NT {
      @Override
      Matrix a(int m, int k, Random random) {
        return randomMatrix(m, k, random);
      }

      @Override
      Matrix b(int n, int k, Random random) {
        return randomMatrix(n, k, random);
      }

      @Override
      void run(Kernels kernels, Matrix a, Matrix b, Matrix c) {
        kernels.multiplyNT(a, b, c);
      }
    },
    TN {
      @Override
      Matrix a(int m, int k, Random random) {
        return randomMatrix(k, m, random);
      }

      @Override
      Matrix b(int n, int k, Random random) {
        return randomMatrix(k, n, random);
      }

      @Override
      void run(Kernels kernels, Matrix a, Matrix b, Matrix c) {
        kernels.multiplyTN(a, b, c);
      }
    },
    NN {
      @Override
      Matrix a(int m, int k, Random random) {
        return randomMatrix(m, k, random);
      }

      @Override
      Matrix b(int n, int k, Random random) {
        return randomMatrix(k, n, random);
      }

      @Override
      void run(Kernels kernels, Matrix a, Matrix b, Matrix c) {
        kernels.addMultiplyNN(a, b, c);
      }
    };

    /// The matrix whose product from the left is meant, as it is stored.
    abstract Matrix a(int m, int k, Random random);

    abstract Matrix b(int n, int k, Random random);

    abstract void run(Kernels kernels, Matrix a, Matrix b, Matrix c);

    /// Element (i, r) of op(A).
    double left(Matrix a, int i, int r) {
      return this == TN ? at(a, r, i) : at(a, i, r);
    }

    /// Element (r, j) of op(B).
    double right(Matrix b, int r, int j) {
      return this == NT ? at(b, j, r) : at(b, r, j);
    }

    /// Element (i, j) of op(A) op(B).
    double element(Matrix a, Matrix b, int i, int j) {
      int k = this == TN ? a.rows() : a.columns();
      return IntStream.range(0, k).mapToDouble(r -> left(a, i, r) * right(b, r, j)).sum();
    }

    /// Whether the product adds to what C held.
    boolean adds() {
      return this == NN;
    }
  }

  @Test
  void multipliesByATransposedMatrix() {
    Matrix c = matrix(2, 9, 9, 9, 9);
    kernels().multiplyNT(matrix(2, 1, 2, 3, 4, 5, 6), matrix(2, 1, 0, 2, 0, 1, -1), c);
    assertThat(c.values()).containsExactly(7, -1, 16, -1);
  }

  @Test
  void multipliesATransposedMatrix() {
    Matrix c = matrix(3, 9, 9, 9, 9, 9, 9);
    kernels().multiplyTN(matrix(2, 1, 2, 3, 4, 5, 6), matrix(2, 1, 2, 3, 4), c);
    assertThat(c.values()).containsExactly(13, 18, 17, 24, 21, 30);
  }

  @Test
  void addsTheProductOfTwoMatrices() {
    Matrix c = matrix(2, 10, 20, 30, 40);
    kernels().addMultiplyNN(matrix(2, 1, 2, 3, 4, 5, 6), matrix(3, 1, 2, 3, 4, 5, 6), c);
    assertThat(c.values()).containsExactly(32, 48, 79, 104);
  }

  @ParameterizedTest
  @EnumSource
  void agreesWithDoublePrecisionOverAwkwardSizes(Product product) {
    Random random = new Random(1);
    for (int m : AWKWARD) {
      for (int k : AWKWARD) {
        for (int n : AWKWARD) {
          check(product, m, k, n, random);
        }
      }
    }
  }

  /// Sizes that are cut along rows, columns and depth, and whose last pieces are smaller.
  @ParameterizedTest
  @EnumSource
  void agreesWithDoublePrecisionWhereTheProductIsCut(Product product) {
    Random random = new Random(2);
    check(product, 200, 513, 300, random);
    check(product, 1, 1025, 257, random);
    check(product, 2, 2000, 1000, random);
    check(product, 1001, 64, 257, random);
    check(product, 1, 2100, 1100, random);
  }

  @ParameterizedTest
  @EnumSource
  void computesOnTheRowsInUseOnly(Product product) {
    Random random = new Random(3);
    Matrix a = product.a(9, 8, random);
    Matrix b = product.b(7, 8, random);
    switch (product) {
      case NT, NN -> {
        Matrix c = randomMatrix(9, 7, random);
        float[] before = c.values().clone();
        a.rows(4);
        c.rows(4);
        double held = product.adds() ? at(c, 3, 6) : 0;
        product.run(kernels(), a, b, c);
        assertThat(at(c, 3, 6)).isCloseTo(held + product.element(a, b, 3, 6), within(1e-5));
        for (int i = c.offset() + 4 * 7; i < before.length; i++) {
          assertThat(c.values()[i]).isEqualTo(before[i]);
        }
      }
      case TN -> {
        Matrix c = Matrix.allocate(9, 7);
        a.rows(5);
        b.rows(5);
        product.run(kernels(), a, b, c);
        assertThat(at(c, 8, 6)).isCloseTo(product.element(a, b, 8, 6), within(1e-5));
      }
    }
  }

  @Test
  void aBatchOfNoRowsLeavesNothingBehind() {
    Kernels kernels = kernels();
    Matrix c = matrix(1, 5, 5).rows(0);
    kernels.multiplyNT(Matrix.allocate(0, 3), Matrix.allocate(2, 3), c);
    kernels.addMultiplyNN(Matrix.allocate(0, 3), Matrix.allocate(3, 2), c);
    assertThat(c.values()).containsExactly(5, 5);

    Matrix gradient = matrix(3, 5, 5, 5, 5, 5, 5);
    kernels.multiplyTN(Matrix.allocate(0, 3), Matrix.allocate(0, 2), gradient);
    assertThat(gradient.values()).containsOnly(0);
  }

  @Test
  void whatCHeldDoesNotReachAProductThatReplacesIt() {
    Matrix c = matrix(1, Float.NaN, Float.NaN);
    kernels().multiplyNT(matrix(1, 2), matrix(2, 3, 4), c);
    assertThat(c.values()).containsExactly(6, 8);
    Matrix d = matrix(2, Float.NaN, Float.POSITIVE_INFINITY);
    kernels().multiplyTN(matrix(1, 3, 4), matrix(1, 2), d);
    assertThat(d.values()).containsExactly(6, 8);
  }

  @ParameterizedTest
  @EnumSource
  void notANumberSpreads(Product product) {
    Matrix a = product.a(3, 4, new Random(4));
    a.values()[a.offset()] = Float.NaN;
    Matrix b = product.b(2, 4, new Random(5));
    Matrix c = Matrix.allocate(3, 2);
    product.run(kernels(), a, b, c);
    assertThat(c.values()[0]).isNaN();
    assertThat(c.values()[1]).isNaN();
  }

  @ParameterizedTest
  @EnumSource
  void manyThreadsAtOnceGetTheSameBits(Product product) throws Exception {
    Random random = new Random(7);
    int m = 129;
    int n = 130;
    int k = 600;
    Matrix a = product.a(m, k, random);
    Matrix b = product.b(n, k, random);
    Matrix alone = Matrix.allocate(m, n);
    product.run(kernels(), a, b, alone);
    int threads = 32;
    CountDownLatch start = new CountDownLatch(threads);
    try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
      List<Future<Boolean>> same = new ArrayList<>();
      for (int t = 0; t < threads; t++) {
        same.add(
            executor.submit(
                () -> {
                  start.countDown();
                  start.await();
                  boolean all = true;
                  for (int repeat = 0; repeat < 5; repeat++) {
                    Matrix c = Matrix.allocate(m, n);
                    product.run(kernels(), a, b, c);
                    all &= Arrays.equals(c.values(), alone.values());
                  }
                  return all;
                }));
      }
      for (Future<Boolean> result : same) {
        assertThat(result.get()).isTrue();
      }
    }
  }

  @Test
  void refusesShapesThatDoNotFitAndNamesThem() {
    Matrix a = Matrix.allocate(2, 3);
    Matrix c = Matrix.allocate(2, 4);
    assertThatThrownBy(() -> kernels().multiplyNT(a, Matrix.allocate(4, 5), c))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("(2 x 3) times (5 x 4) does not give (2 x 4)");
    assertThatThrownBy(() -> kernels().addMultiplyNN(a, Matrix.allocate(3, 5), c))
        .hasMessage("(2 x 3) times (3 x 5) does not give (2 x 4)");
    assertThatThrownBy(() -> kernels().multiplyTN(a, Matrix.allocate(2, 4), c))
        .hasMessage("(3 x 2) times (2 x 4) does not give (2 x 4)");
  }

  /// Every element within k + 2 roundings of what its terms add up to in absolute value, and
  /// nothing written beside C.
  private void check(Product product, int m, int k, int n, Random random) {
    Matrix a = product.a(m, k, random);
    Matrix b = product.b(n, k, random);
    Matrix c = randomMatrix(m, n, random);
    float[] before = c.values().clone();
    product.run(kernels(), a, b, c);
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < n; j++) {
        double sum = product.adds() ? before[c.offset() + i * n + j] : 0;
        double terms = Math.abs(sum);
        for (int r = 0; r < k; r++) {
          double term = product.left(a, i, r) * product.right(b, r, j);
          sum += term;
          terms += Math.abs(term);
        }
        double error = Math.abs(at(c, i, j) - sum);
        if (!(error <= (k + 2) * ROUNDOFF * terms)) {
          throw new AssertionError(
              "(%d x %d) times (%d x %d), element (%d, %d): error %g, terms %g"
                  .formatted(m, k, k, n, i, j, error, terms));
        }
      }
    }
    for (int i = 0; i < MARGIN; i++) {
      assertThat(c.values()[i]).isEqualTo(UNTOUCHED);
      assertThat(c.values()[c.values().length - 1 - i]).isEqualTo(UNTOUCHED);
    }
  }

  private static double at(Matrix matrix, int i, int j) {
    return matrix.values()[matrix.offset() + i * matrix.columns() + j];
  }

  private static Matrix matrix(int rows, float... values) {
    return new Matrix(values, 0, rows, values.length / rows);
  }

  /// Numbers in ±1 inside a longer array.
  private static Matrix randomMatrix(int rows, int columns, Random random) {
    float[] values = new float[MARGIN + rows * columns + MARGIN];
    Arrays.fill(values, UNTOUCHED);
    for (int i = MARGIN; i < MARGIN + rows * columns; i++) {
      values[i] = 2 * random.nextFloat() - 1;
    }
    return new Matrix(values, MARGIN, rows, columns);
  }
}
