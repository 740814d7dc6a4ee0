package dev.backprop.engine.linalg;

/// The three products of back-propagation on the rows in use of row-major matrices. The rows in use
/// of C must fit already; A and B are not changed and must not overlap C.
///
/// Kernels keep no state between calls and serve many threads.
public sealed interface Kernels permits AlikeKernels, JavaKernels, OpenBlasKernels {

  /// `java` or `openblas`.
  String name();

  /// The same kernels, whose long products are shared among the team; the results have the same
  /// bits.
  Kernels with(Team team);

  /// Kernels of this kind whose forward product [#addMultiplyNN] computes every row alike. Its bits
  /// follow from that row of A and of C, and from B, wherever the row stands and however many there
  /// are. They answer predictions; trainings do without, as batches are cut in one way only.
  Kernels alike();

  /// C += A B, A (m x k), B (k x n), C (m x n). Forward: Z = b + X W; every row of C starts as the
  /// bias.
  void addMultiplyNN(Matrix a, Matrix b, Matrix c);

  /// C = Aᵀ B, A (k x m), B (k x n), C (m x n). Gradient of the weights: dW = Xᵀ dZ.
  void multiplyTN(Matrix a, Matrix b, Matrix c);

  /// C = A Bᵀ, A (m x k), B (n x k), C (m x n). Gradient of the inputs: dX = dZ Wᵀ.
  void multiplyNT(Matrix a, Matrix b, Matrix c);

  /// Refuses shapes that are not (m x k) · (k x n) -> (m x n).
  static void checkShapes(int m, int k, int kOfB, int n, Matrix c) {
    if (k != kOfB || c.rows() != m || c.columns() != n) {
      throw new IllegalArgumentException(
          "(%d x %d) times (%d x %d) does not give (%d x %d)"
              .formatted(m, k, kOfB, n, c.rows(), c.columns()));
    }
  }
}
