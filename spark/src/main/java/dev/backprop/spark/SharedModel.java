package dev.backprop.spark;

import dev.backprop.engine.linalg.KernelSelection;
import dev.backprop.engine.table.NewerFormatException;
import dev.backprop.platform.artifact.ArtifactCodec;
import dev.backprop.platform.artifact.ModelDraft;
import dev.backprop.platform.json.StrictJson;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/// A model on its way to the executors, each of which reads it once for all its tasks.
final class SharedModel implements Serializable {

  private static final long serialVersionUID = 1;

  private final byte[] artifact;
  private final @Nullable String kernels;
  private transient @Nullable Live live;

  /// @param artifact the bytes of an artifact
  /// @param kernels as [KernelSelection#select] takes them
  SharedModel(byte[] artifact, @Nullable String kernels) {
    this.artifact = artifact;
    this.kernels = kernels;
  }

  /// A model that can answer.
  ///
  /// @param kernels with which it computes, and why
  record Live(ModelDraft model, String kernels) {}

  /// The same model on other kernels.
  SharedModel on(String other) {
    return new SharedModel(artifact, other);
  }

  /// @throws ProblemException `invalid-artifact` if it is none that this version can read
  synchronized Live live() {
    Live known = live;
    if (known == null) {
      KernelSelection selection = KernelSelection.select(kernels);
      if (kernels == null && selection.reason().startsWith("java")) {
        LoggerFactory.getLogger(SharedModel.class)
            .warn("slower than needed: {}", selection.reason());
      }
      known =
          new Live(
              read(new ArtifactCodec(StrictJson.mapper(), selection.kernels())),
              selection.reason());
      live = known;
    }
    return known;
  }

  private ModelDraft read(ArtifactCodec codec) {
    try {
      return codec.read(new ByteArrayInputStream(artifact));
    } catch (NewerFormatException e) {
      throw new ProblemException(ProblemCode.INVALID_ARTIFACT, String.valueOf(e.getMessage()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
