package dev.backprop.engine.linalg;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/// OpenBLAS, asked so that equal rows of A give equal rows of C += A B. The bits of a row follow
/// from that row of A and of C, and from B. They depend neither on its place nor on how many rows
/// there are.
///
/// The library promises nothing of the kind: its kernels sum up in several orders. But each comes
/// to most elements in one of them, and to that these kernels keep. What the library sums up
/// otherwise is given it apart, or is never looked at; [ProductAsItLies] and [GuardedProduct] know
/// what that is for two families of its kernels.
///
/// Which of them is right here is tried before the first product. If neither is, the loops of
/// [JavaKernels] compute, which treat all rows alike by nature.
final class AlikeKernels implements Kernels {

  /// A forward product C += A B that treats all rows alike.
  interface Product {
    void add(Matrix a, Matrix b, Matrix c);
  }

  private final OpenBlasKernels library;
  private final Product product;

  AlikeKernels(OpenBlasKernels library, Product product) {
    this.library = library;
    this.product = product;
  }

  /// With the first product that is right here.
  static AlikeKernels of(OpenBlasKernels library) {
    for (Product product :
        List.of(
            new ProductAsItLies(library, true),
            new ProductAsItLies(library, false),
            new GuardedProduct(library))) {
      AlikeKernels kernels = new AlikeKernels(library, product);
      if (kernels.areAlike()) {
        return kernels;
      }
    }
    return new AlikeKernels(library, new JavaKernels()::addMultiplyNN);
  }

  Product product() {
    return product;
  }

  @Override
  public String name() {
    return library.name();
  }

  /// These stay on the caller's thread.
  @Override
  public Kernels with(Team team) {
    return this;
  }

  @Override
  public Kernels alike() {
    return this;
  }

  @Override
  public void addMultiplyNN(Matrix a, Matrix b, Matrix c) {
    Kernels.checkShapes(a.rows(), a.columns(), b.rows(), b.columns(), c);
    if (a.size() > 0 && c.size() > 0) {
      product.add(a, b, c);
    }
  }

  @Override
  public void multiplyTN(Matrix a, Matrix b, Matrix c) {
    library.multiplyTN(a, b, c);
  }

  @Override
  public void multiplyNT(Matrix a, Matrix b, Matrix c) {
    library.multiplyNT(a, b, c);
  }

  /// Whether rows are alike: for rows of every place in a group, columns of every place in a
  /// vector, depths on both sides of every limit.
  private boolean areAlike() {
    SplittableRandom random = new SplittableRandom(1);
    return areAlike(2, 3, 17, random)
        && areAlike(26, 40, 40, random)
        && areAlike(29, 9, 16, random)
        && areAlike(25, 65, 20, random)
        && areAlike(19, 33, 1, random)
        && areAlike(5, 63, 1, random)
        && areAlike(14, 47, 2, random)
        && areAlike(23, 100, 1, random)
        && areAlike(11, 50, 14, random)
        && areAlike(4, 300, 67, random)
        && areAlike(64, 130, 130, random);
  }

  /// Whether equal rows come out equal, all of them together and one alone.
  private boolean areAlike(int m, int k, int n, SplittableRandom random) {
    Matrix b = random(k, n, random);
    Matrix a = random(m, k, random);
    Matrix c = random(m, n, random);
    for (int i = 1; i < m; i++) {
      System.arraycopy(a.values(), 0, a.values(), i * k, k);
      System.arraycopy(c.values(), 0, c.values(), i * n, n);
    }
    Matrix one = new Matrix(Arrays.copyOf(c.values(), n), 0, 1, n);
    product.add(a.view(0, 1), b, one);
    product.add(a, b, c);
    for (int i = 0; i < c.size(); i++) {
      if (c.values()[i] != one.values()[i % n]) {
        return false;
      }
    }
    return true;
  }

  private static Matrix random(int rows, int columns, SplittableRandom random) {
    Matrix matrix = Matrix.allocate(rows, columns);
    for (int i = 0; i < matrix.size(); i++) {
      matrix.values()[i] = (float) (2 * random.nextDouble() - 1);
    }
    return matrix;
  }
}
