package dev.backprop.linalg;

/// The products by OpenBLAS's `cblas_sgemm`.
final class OpenBlasKernels implements Kernels {

  @Override
  public String name() {
    return "openblas";
  }

  @Override
  public void multiplyNT(Matrix a, Matrix b, Matrix c) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void multiplyTN(Matrix a, Matrix b, Matrix c) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void multiplyNN(Matrix a, Matrix b, Matrix c) {
    throw new UnsupportedOperationException();
  }
}
