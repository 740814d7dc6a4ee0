package dev.backprop.platform.artifact;

import dev.backprop.engine.data.BareExamples;
import dev.backprop.engine.data.DenseRows;
import dev.backprop.engine.linalg.KernelSelection;
import dev.backprop.engine.linalg.Kernels;
import dev.backprop.engine.plan.TrainingData;
import dev.backprop.engine.spec.EncodingSpec;
import dev.backprop.engine.spec.FitSpec;
import dev.backprop.engine.spec.NetworkSpec;
import dev.backprop.engine.spec.TrainingSpec;
import dev.backprop.engine.table.ByteBudget;
import dev.backprop.engine.table.MissingTokens;
import dev.backprop.engine.table.Table;
import dev.backprop.engine.table.TableBuilder;
import dev.backprop.platform.json.StrictJson;
import dev.backprop.service.intake.InferredSchema;
import dev.backprop.service.intake.SchemaInference;
import dev.backprop.service.intake.SchemaRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.SplittableRandom;
import tools.jackson.databind.json.JsonMapper;

/// Models of every kind, and their artifacts.
public final class Artifacts {

  public static final JsonMapper JSON = StrictJson.mapper();
  public static final Kernels KERNELS = KernelSelection.select("java").kernels();
  public static final ArtifactCodec CODEC = new ArtifactCodec(JSON, KERNELS);

  private static final int ROWS = 90;

  private Artifacts() {}

  /// Columns of every kind, with missing cells, and targets of every kind.
  static Table table() {
    TableBuilder table = TableBuilder.inferring(MissingTokens.DEFAULT, ByteBudget.unbounded());
    SplittableRandom random = new SplittableRandom(3);
    for (int row = 0; row < ROWS; row++) {
      double x = random.nextDouble(-1e3, 1e3);
      table.number(table.column("x"), x);
      if (row % 7 == 0) {
        table.missing(table.column("tiny / ~\"ü"));
      } else {
        table.number(table.column("tiny / ~\"ü"), random.nextDouble() * 1e-300);
      }
      table.string(table.column("city"), "city " + random.nextInt(9));
      if (row % 5 == 0) {
        table.missing(table.column("mixed"));
      } else if (row % 3 == 0) {
        table.number(table.column("mixed"), row % 4 + 0.1);
      } else {
        table.string(table.column("mixed"), List.of("ä", "1e3", "half \ud83d").get(row % 3));
      }
      table.bool(table.column("flag"), random.nextBoolean());
      table.number(table.column("constant"), 1);
      table.string(table.column("two"), x > 0 ? "yes" : "no");
      table.number(table.column("three"), row % 3 + 0.5);
      table.number(table.column("amount"), x * 3 + random.nextDouble());
      table.number(table.column("count"), random.nextInt(6));
      table.bool(table.column("above"), x > 100);
      table.bool(table.column("odd"), row % 2 == 1);
      table.number(table.column("weight"), 0.5 + random.nextDouble());
      table.number(table.column("one"), row % 2);
      table.number(table.column("other"), row % 4 < 2 ? 0 : 1);
      table.endRow();
    }
    return table.build();
  }

  public static ModelDraft columns(String schema, String network, String training) {
    return columns(schema, "{}", network, training);
  }

  static ModelDraft columns(String schema, String encoding, String network, String training) {
    SchemaRequest request = JSON.readValue(schema, SchemaRequest.class);
    InferredSchema inferred = SchemaInference.infer(table(), request, "/data", "/data/rows");
    return ModelFixtures.train(
        new TrainingData.Rows(inferred.table(), inferred.schema(), request.split()),
        inferred.schema(),
        new FitSpec(
            JSON.readValue(encoding, EncodingSpec.class),
            JSON.readValue(network, NetworkSpec.class),
            JSON.readValue(training, TrainingSpec.class)));
  }

  public static ModelDraft bare(int inputs, double[][] targets, String network) {
    SplittableRandom random = new SplittableRandom(1);
    double[][] x = new double[targets.length][inputs];
    for (double[] row : x) {
      for (int i = 0; i < inputs; i++) {
        row[i] = random.nextDouble();
      }
    }
    return ModelFixtures.train(
        new TrainingData.Bare(new BareExamples(DenseRows.of(x), DenseRows.of(targets))),
        null,
        JSON.readValue(network, NetworkSpec.class),
        JSON.readValue("{\"epochs\": 2, \"validationFraction\": 0}", TrainingSpec.class));
  }

  /// Its document, as version 3 of `model`.
  public static byte[] document(ModelDraft draft) {
    return CODEC.document(draft, new ModelDocument.Origin("model", 3, ModelFixtures.START));
  }

  public static byte[] weights(ModelDraft draft) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      CODEC.weights(draft.predictor()).writeTo(out);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return out.toByteArray();
  }
}
