package dev.backprop.platform.artifact;

import dev.backprop.engine.linalg.Kernels;
import dev.backprop.engine.nn.Network;
import dev.backprop.engine.nn.Parameters;
import dev.backprop.engine.scoring.Member;
import dev.backprop.engine.scoring.Predictor;
import dev.backprop.engine.scoring.Scorer;
import dev.backprop.engine.table.NewerFormatException;
import dev.backprop.platform.json.JsonProblems;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// A version of a model as bytes and back: an [ModelDocument] and a blob of [Safetensors]. What
/// comes back answers as the version did, bit by bit if the same kernels compute on the same family
/// of processors.
public final class ArtifactCodec {

  private final JsonMapper json;
  private final JsonMapper writer;
  private final Safetensors safetensors;
  private final Kernels kernels;

  /// @param json the service's
  /// @param kernels that what is read will compute with
  public ArtifactCodec(JsonMapper json, Kernels kernels) {
    this.json = ArtifactJson.mapper(json);
    this.writer = ArtifactJson.writer(this.json);
    this.safetensors = new Safetensors(this.json);
    this.kernels = kernels;
  }

  /// What the two parts are called, in files and in what is said of their faults.
  public static final String DOCUMENT = "model.json";

  static final String WEIGHTS = "model.safetensors";

  /// The document of a version, in ASCII.
  public byte[] document(ModelDraft draft, ModelDocument.Origin origin) {
    return writer.writeValueAsBytes(draft.document(origin));
  }

  /// The parameters of a model's networks, ready to be written.
  public Weights weights(Predictor predictor) {
    List<Parameters> networks =
        predictor.members().stream().map(member -> member.scorer().network().parameters()).toList();
    return new Weights(safetensors.head(networks), networks);
  }

  /// Reads a document, and checks that its parts fit together.
  ///
  /// @throws ProblemException with a pointer into the document: 400 if it is not the JSON of one,
  ///   else 422
  /// @throws NewerFormatException if a newer version of the service has written it
  public Artifact read(byte[] document) throws NewerFormatException {
    ModelDocument parsed;
    try {
      parsed = json.readValue(document, ModelDocument.class);
    } catch (JacksonException e) {
      for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
        if (cause instanceof NewerFormatException newer) {
          throw newer;
        }
      }
      throw JsonProblems.of(e).in(DOCUMENT);
    }
    if (parsed == null) {
      throw ProblemException.at(ProblemCode.WRONG_TYPE, "", "must be an object, was null")
          .in(DOCUMENT);
    }
    try {
      return new ArtifactDecoder(parsed, document.length).decode();
    } catch (ProblemException e) {
      throw e.in(DOCUMENT);
    }
  }

  /// Reads the parameters that belong to a document, to the end of the stream.
  ///
  /// @throws ProblemException `invalid-artifact` if they are others
  public ModelDraft read(Artifact artifact, InputStream weights) throws IOException {
    ModelDocument document = artifact.document();
    List<Network> networks =
        artifact.members().stream().map(member -> network(artifact, member)).toList();
    safetensors.read(weights, networks.stream().map(Network::parameters).toList());
    return new ModelDraft(
        document.certainty() == null
            ? predictor(artifact, networks)
            : predictor(artifact, networks).with(document.certainty()),
        document.spec(),
        artifact.schema(),
        document.target().inferred(),
        document.learned().with(artifact.insights()),
        document.provenance());
  }

  private Network network(Artifact artifact, Artifact.Encoders member) {
    int outputs = artifact.targetEncoder().target().outputs();
    long values = Network.valueCount(member.network(), member.inputs(), outputs);
    return Network.of(
        member.network(), member.inputs(), outputs, new float[Math.toIntExact(values)], kernels);
  }

  private static Predictor predictor(Artifact artifact, List<Network> networks) {
    List<Member> members = new ArrayList<>();
    for (int m = 0; m < networks.size(); m++) {
      Artifact.Encoders encoders = artifact.members().get(m);
      members.add(
          new Member(
              encoders.features(),
              new Scorer(networks.get(m), encoders.target(), artifact.baseline()),
              encoders.weight()));
    }
    return artifact.document().members() == null
        ? new Predictor(artifact.features(), members.getFirst().scorer())
        : Predictor.of(artifact.features(), artifact.targetEncoder(), artifact.baseline(), members);
  }

  /// Reads a model from a file that is an artifact.
  ///
  /// @throws ProblemException if it is none
  /// @throws NewerFormatException if a newer version of the service has written it
  public ModelDraft read(Path file) throws IOException, NewerFormatException {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      return read(in);
    }
  }

  /// Reads a model from the bytes of such a file, to their end.
  ///
  /// @throws ProblemException if it is none
  /// @throws NewerFormatException if a newer version of the service has written it
  public ModelDraft read(InputStream in) throws IOException, NewerFormatException {
    ArtifactZip.Source source = new ArtifactZip.Source(in);
    Artifact artifact = read(source.document(Math.toIntExact(source.begin())));
    ModelDraft model = read(artifact, source.weights());
    source.end();
    return model;
  }
}
