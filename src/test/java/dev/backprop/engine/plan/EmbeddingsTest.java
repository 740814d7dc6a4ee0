package dev.backprop.engine.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import dev.backprop.engine.data.FeatureEncoder;
import dev.backprop.engine.linalg.JavaKernels;
import dev.backprop.engine.linalg.KernelSelection;
import dev.backprop.engine.linalg.Kernels;
import dev.backprop.engine.linalg.Team;
import dev.backprop.engine.nn.LayerShape;
import dev.backprop.engine.nn.Network;
import dev.backprop.engine.nn.Parameters;
import dev.backprop.engine.scoring.Prediction;
import dev.backprop.engine.scoring.Predictor;
import dev.backprop.engine.scoring.PredictorRows;
import dev.backprop.engine.scoring.Scorer;
import dev.backprop.engine.spec.Defaults;
import dev.backprop.engine.spec.EarlyStoppingSpec;
import dev.backprop.engine.spec.EmbeddingSpec;
import dev.backprop.engine.spec.FitSpec;
import dev.backprop.engine.spec.InvalidSpecException;
import dev.backprop.engine.spec.LayerSpec;
import dev.backprop.engine.spec.NetworkSpec;
import dev.backprop.engine.spec.OptimizerSpec;
import dev.backprop.engine.spec.RegularizationSpec;
import dev.backprop.engine.spec.TrainingSpec;
import dev.backprop.engine.spec.TrainingSpecs;
import dev.backprop.engine.table.ByteBudget;
import dev.backprop.engine.table.Column;
import dev.backprop.engine.table.MissingTokens;
import dev.backprop.engine.table.Schema;
import dev.backprop.engine.table.Table;
import dev.backprop.engine.table.TableBuilder;
import dev.backprop.engine.table.Target;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Trainings of networks that embed columns or scale inputs.
class EmbeddingsTest {

  private static final EmbeddingSpec USUAL = new EmbeddingSpec(null);

  /// For every pair of 6 cities and 5 kinds (one of them missing) a price that is a function of
  /// both and no sum of functions of one.
  private static Table prices() {
    TableBuilder table = TableBuilder.inferring(MissingTokens.DEFAULT, ByteBudget.unbounded());
    for (int city = 0; city < 6; city++) {
      for (int kind = 0; kind < 5; kind++) {
        table.string(table.column("city"), "city " + city);
        if (kind == 4) {
          table.missing(table.column("kind"));
        } else {
          table.string(table.column("kind"), "kind " + kind);
        }
        table.bool(table.column("new"), (city + kind) % 2 == 0);
        table.number(table.column("size"), city * 0.1 + kind);
        table.number(table.column("price"), 100 + 10 * ((city * 7 + kind * kind * 3) % 11));
        table.endRow();
      }
    }
    return table.build();
  }

  private static TrainingData.Rows rows(Table table, String target, String... features) {
    List<Schema.Field> fields = new ArrayList<>();
    for (Column column : table.columns()) {
      if (Arrays.asList(features).contains(column.name())) {
        fields.add(Schema.Field.of(column, Schema.Role.FEATURE));
      } else if (column.name().equals(target)) {
        fields.add(Schema.Field.of(column, Schema.Role.TARGET));
      } else {
        fields.add(Schema.Field.unused(column, Schema.Role.IGNORED, null));
      }
    }
    return new TrainingData.Rows(table, new Schema(fields, new Target.Numbers(List.of(target))));
  }

  private static NetworkSpec network(Map<String, EmbeddingSpec> embeddings, int... units) {
    List<LayerSpec> layers = new ArrayList<>();
    for (int width : units) {
      layers.add(Defaults.fill(LayerSpec.Dense.class, width));
    }
    return NetworkSpec.of(layers, null, null).withEmbeddings(embeddings);
  }

  private static TrainingSpec training(
      int epochs, double validationFraction, OptimizerSpec optimizer, double l2) {
    return TrainingSpecs.training()
        .epochs(epochs)
        .batchSize(10)
        .seed(1)
        .validationFraction(validationFraction)
        .optimizer(optimizer)
        .regularization(new RegularizationSpec(0, l2))
        .earlyStopping(new EarlyStoppingSpec.None())
        .spec();
  }

  private static OptimizerSpec adam() {
    return Defaults.fill(OptimizerSpec.Adam.class, 0.01);
  }

  private static TrainingResult.Trained trained(TrainingPlan plan, Kernels kernels) {
    return (TrainingResult.Trained)
        plan.run(
            kernels,
            Team.ALONE,
            InstantSource.fixed(Instant.EPOCH),
            report -> assertThat(report.trainLoss()).isFinite(),
            null);
  }

  @ParameterizedTest
  @ValueSource(strings = {"java", "openblas"})
  void learnsATableOfCategoriesByHeart(String kernels) {
    TrainingPlan plan =
        TrainingPlan.of(
            rows(prices(), "price", "city", "kind"),
            null,
            FitSpec.of(
                network(Map.of("city", USUAL, "kind", USUAL), 32, 32).withInputScale(),
                training(600, 0, adam(), 0)));
    Predictor predictor = trained(plan, KernelSelection.select(kernels).kernels()).predictor();
    for (int city = 0; city < 6; city++) {
      for (int kind = 0; kind < 5; kind++) {
        double price = 100 + 10 * ((city * 7 + kind * kind * 3) % 11);
        assertThat(price(predictor, city, kind == 4 ? Double.NaN : kind))
            .as("city %d, kind %d", city, kind)
            .isCloseTo(price, within(3.0));
      }
    }
  }

  private static double price(Predictor predictor, double... cells) {
    Prediction prediction = predictor.predict(cells, predictor.workspace(1));
    return ((Prediction.NumberPrediction) prediction).values()[0];
  }

  @Test
  void rowsAndSingleCellsAreAnsweredAlike() {
    Table table = prices();
    TrainingPlan plan =
        TrainingPlan.of(
            rows(table, "price", "city", "kind", "size"),
            null,
            FitSpec.of(
                network(Map.of("city", USUAL, "kind", USUAL), 8).withInputScale(),
                training(20, 0, adam(), 0)));
    Predictor predictor = trained(plan, new JavaKernels()).predictor();
    List<Double> answers = new ArrayList<>();
    predictor.predict(
        PredictorRows.of(predictor, table),
        predictor.workspace(Scorer.BLOCK),
        prediction -> answers.add(((Prediction.NumberPrediction) prediction).values()[0]));
    for (int row = 0; row < 30; row++) {
      int city = row / 5;
      int kind = row % 5;
      double single =
          price(
              predictor,
              city,
              kind == 4 ? Double.NaN : kind,
              Objects.requireNonNull(table.column("size")).cell(row));
      assertThat(single).isCloseTo(answers.get(row), within(1e-4));
    }
  }

  /// Decay and momentum have nothing to start from.
  @Test
  void categoriesThatTheTrainingRowsLackKeepZeroEmbeddings() {
    TableBuilder builder = TableBuilder.inferring(MissingTokens.DEFAULT, ByteBudget.unbounded());
    for (int row = 0; row < 40; row++) {
      builder.string(builder.column("city"), "city " + row / 2 % 20);
      builder.number(builder.column("size"), row % 7);
      builder.number(builder.column("price"), row);
      builder.endRow();
    }
    TrainingData.Rows data = rows(builder.build(), "price", "city", "size");
    TrainingSpec training =
        training(5, 0.7, new OptimizerSpec.AdamW(0.001, 0.9, 0.999, 1e-8, 0.1), 0);
    TrainingPlan plan =
        TrainingPlan.of(
            data, null, FitSpec.of(network(Map.of("city", new EmbeddingSpec(4)), 8), training));
    Predictor predictor = trained(plan, new JavaKernels()).predictor();
    FeatureEncoder features = Objects.requireNonNull(predictor.features());
    Network network = predictor.scorer().network();
    Parameters.View table = network.parameters().views().getFirst();

    assertThat(table.name()).isEqualTo("embeddings.city.weight");
    List<Integer> silent = Arrays.stream(features.silentInputs()).boxed().toList();
    assertThat(silent).hasSizeBetween(4, 16);
    double unseen = price(predictor, FeatureEncoder.UNSEEN, 3);
    for (int category = 0; category < 20; category++) {
      float[] embedding =
          Arrays.copyOfRange(network.parameters().values(), category * 4, category * 4 + 4);
      if (silent.contains(category)) {
        assertThat(embedding).containsOnly(0);
        assertThat(price(predictor, category, 3)).isEqualTo(unseen);
      } else {
        assertThat(embedding).doesNotContain(0f);
      }
    }
  }

  /// l2 pulls embeddings to zero and leaves the factors.
  @Test
  void penaltiesAreOnEmbeddingsAndNotOnFactors() {
    TrainingPlan plan =
        TrainingPlan.of(
            rows(prices(), "price", "city", "size"),
            null,
            FitSpec.of(
                network(Map.of("city", USUAL)).withInputScale(),
                training(400, 0, new OptimizerSpec.Sgd(0.01, 0, false), 20)));
    Network network = trained(plan, new JavaKernels()).predictor().scorer().network();
    assertThat(network.parameters().views())
        .extracting(Parameters.View::name)
        .startsWith("input.scale", "embeddings.city.weight");
    float[] theta = network.parameters().values();
    assertThat(theta[0]).isCloseTo(1, within(0.05f));
    for (int p = 1; p < 1 + 6 * 3; p++) {
      assertThat(theta[p]).isCloseTo(0, within(1e-4f));
    }
  }

  @Test
  void thePlanCountsEmbeddingsAndFactors() {
    NetworkSpec spec = network(Map.of("kind", USUAL, "city", new EmbeddingSpec(4)), 8);
    TrainingData data = rows(prices(), "price", "city", "kind", "new", "size");
    TrainingPlan plan =
        TrainingPlan.of(data, null, FitSpec.of(spec.withInputScale(), training(5, 0, adam(), 0)));

    // Indices of city and kind, two truth values and a size; 5 kinds with the missing one.
    assertThat(plan.inputs()).isEqualTo(5);
    assertThat(plan.network().embeddings())
        .isEqualTo(Map.of("kind", new EmbeddingSpec(2), "city", new EmbeddingSpec(4)));
    assertThat(plan.shapes())
        .containsExactly(
            new LayerShape("input", 5, 9, 3 + 6 * 4 + 5 * 2),
            new LayerShape("dense", 9, 8, 80),
            new LayerShape("dense", 8, 1, 9));
    assertThat(plan.parameters()).isEqualTo(37 + 80 + 9);
    TrainingPlan wide =
        TrainingPlan.of(
            data,
            null,
            FitSpec.of(
                network(Map.of("kind", new EmbeddingSpec(2), "city", new EmbeddingSpec(1004)), 8)
                    .withInputScale(),
                training(5, 0, adam(), 0)));
    // 1000 more units: 6 rows of them and the weights of 8 units on them.
    long more = 1000 * (6 + 8);
    assertThat(wide.modelBytes() - plan.modelBytes()).isEqualTo(4 * more);
    assertThat(wide.estimatedBytes(1) - plan.estimatedBytes(1)).isGreaterThan(4 * 4 * more);
  }

  @Test
  void aLookupCostsNoProducts() {
    TableBuilder builder = TableBuilder.inferring(MissingTokens.DEFAULT, ByteBudget.unbounded());
    for (int row = 0; row < 2_000; row++) {
      builder.string(builder.column("city"), "city " + row % 500);
      builder.number(builder.column("price"), row);
      builder.endRow();
    }
    TrainingData data = rows(builder.build(), "price", "city");
    TrainingSpec training =
        TrainingSpecs.training()
            .epochs(1)
            .batchSize(2_000)
            .seed(1)
            .validationFraction(0.0)
            .optimizer(adam())
            .spec();
    // The table has 500 times the parameters of the layer that is multiplied.
    double seconds =
        TrainingPlan.of(
                data, null, FitSpec.of(network(Map.of("city", new EmbeddingSpec(50))), training))
            .forecast(MachineFigures.BUILT_IN, 1)
            .secondsPerEpoch();
    assertThat(seconds).isLessThan(1e-3);
  }

  @Test
  void columnsThatAreNoCategoricalFeatureAreRefused() {
    TrainingData data = rows(prices(), "price", "city", "kind", "new", "size");
    String known = "; there are city, kind, new";
    refused(data, "place", "must be a categorical feature, is no column" + known);
    refused(data, "size", "must be a categorical feature, is numeric" + known);
    refused(data, "price", "must be a categorical feature, is a target" + known);
    refused(
        rows(prices(), "price", "city", "size"),
        "kind",
        "must be a categorical feature, is ignored; there are city");
    refused(
        rows(prices(), "price", "size"),
        "city",
        "must be a categorical feature, is ignored; there are none");
  }

  @Test
  void aRefusalNamesTheFirstTenColumns() {
    TableBuilder builder = TableBuilder.inferring(MissingTokens.DEFAULT, ByteBudget.unbounded());
    List<String> names = new ArrayList<>();
    for (int c = 0; c < 12; c++) {
      names.add("c" + c);
    }
    for (int row = 0; row < 4; row++) {
      for (String name : names) {
        builder.string(builder.column(name), row % 2 == 0 ? "a" : "b");
      }
      builder.number(builder.column("price"), row);
      builder.endRow();
    }
    refused(
        rows(builder.build(), "price", names.toArray(String[]::new)),
        "d",
        "must be a categorical feature, is no column; "
            + "there are c0, c1, c2, c3, c4, c5, c6, c7, c8, c9 and 2 more");
  }

  private static void refused(TrainingData data, String column, @Nullable String detail) {
    assertThatExceptionOfType(InvalidSpecException.class)
        .isThrownBy(
            () ->
                TrainingPlan.of(
                    data,
                    null,
                    FitSpec.of(network(Map.of(column, USUAL)), training(1, 0, adam(), 0))))
        .satisfies(e -> assertThat(e.pointer()).isEqualTo("/network/embeddings/" + column))
        .satisfies(e -> assertThat(e.detail()).isEqualTo(detail));
  }
}
