package dev.backprop.linalg;

/// The matrix products of forward and backward pass. The result is overwritten and must not share values with the operands.
/// Safe for many threads.
public interface Kernels {

  /// Short and lower case: `java`, `openblas`.
  String name();

  /// C = A Bᵀ, with A (m x k), B (n x k), C (m x n): the forward pass Z = X Wᵀ.
  void multiplyNT(Matrix a, Matrix b, Matrix c);

  /// C = Aᵀ B, with A (k x m), B (k x n), C (m x n): the weight gradient dW = dZᵀ X.
  void multiplyTN(Matrix a, Matrix b, Matrix c);

  /// C = A B, with A (m x k), B (k x n), C (m x n): the error to the left dX = dZ W.
  void multiplyNN(Matrix a, Matrix b, Matrix c);
}
