package dev.backprop.engine.linalg;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Each way to ask the library multiplies right, whatever core this runs on.
@ParameterizedClass
@EnumSource
class AlikeKernelsTest extends KernelsContract {

  enum Way {
    CHOSEN {
      @Override
      Kernels kernels() {
        return OpenBlasKernels.load().alike();
      }
    },
    AS_IT_LIES {
      @Override
      Kernels kernels() {
        OpenBlasKernels library = OpenBlasKernels.load();
        return new AlikeKernels(library, new ProductAsItLies(library, true));
      }
    },
    AS_IT_LIES_PACKED {
      @Override
      Kernels kernels() {
        OpenBlasKernels library = OpenBlasKernels.load(false);
        return new AlikeKernels(library, new ProductAsItLies(library, false));
      }
    },
    GUARDED {
      @Override
      Kernels kernels() {
        OpenBlasKernels library = OpenBlasKernels.load(false);
        return new AlikeKernels(library, new GuardedProduct(library));
      }
    };

    abstract Kernels kernels();
  }

  private final Way way;

  AlikeKernelsTest(Way way) {
    this.way = way;
  }

  @Override
  Kernels kernels() {
    return way.kernels();
  }

  @Test
  void areNamedAsTheLibrary() {
    assertThat(kernels().name()).isEqualTo("openblas");
    assertThat(kernels().alike()).isInstanceOf(AlikeKernels.class);
  }
}
