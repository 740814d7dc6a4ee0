package dev.backprop.engine.spec;

import static dev.backprop.engine.spec.Refusals.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrainingSpecTest {

  private static TrainingSpec epochs(int epochs) {
    return TrainingSpecs.training().epochs(epochs).spec();
  }

  private static TrainingSpec batchSize(int batchSize) {
    return TrainingSpecs.training().batchSize(batchSize).spec();
  }

  private static TrainingSpec seed(long seed) {
    return TrainingSpecs.training().seed(seed).spec();
  }

  private static TrainingSpec fractions(@Nullable Double validation, @Nullable Double test) {
    return TrainingSpecs.training().validationFraction(validation).testFraction(test).spec();
  }

  private static TrainingSpec clipNorm(double clipNorm) {
    return TrainingSpecs.training().clipNorm(clipNorm).spec();
  }

  private static TrainingSpec stopping(EarlyStoppingSpec stopping) {
    return TrainingSpecs.training().earlyStopping(stopping).spec();
  }

  @Test
  void everythingHasADefault() {
    assertThat(TrainingSpec.defaults())
        .isEqualTo(
            new TrainingSpec(
                100,
                null,
                0,
                null,
                0,
                new OptimizerSpec.Adam(0.001, 0.9, 0.999, 1e-8),
                new ScheduleSpec.Constant(),
                new RegularizationSpec(0, 0),
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                false,
                null,
                false,
                true,
                null,
                null));
  }

  private static TrainingSpec budget(double maxSeconds, ScheduleSpec schedule) {
    return TrainingSpecs.training().schedule(schedule).maxSeconds(maxSeconds).spec();
  }

  @Test
  void timeIsAbove0AndAtMost30Days() {
    ScheduleSpec constant = new ScheduleSpec.Constant();
    assertThat(budget(0.5, constant).maxSeconds()).isEqualTo(0.5);
    assertThat(budget(2_592_000, constant).maxSeconds()).isEqualTo(2_592_000);
    refused(() -> budget(0, constant), "/maxSeconds", "must be a finite number above 0, was 0.0");
    refused(
        () -> budget(2_592_001, constant), "/maxSeconds", "must be at most 2592000, was 2592001.0");
  }

  @Test
  void timeDoesNotGoWithSchedulesThatDependOnTheEpochs() {
    String detail = "does not go with %s, whose learning rates depend on how many epochs will run";
    refused(
        () -> TrainingRules.checkCut(budget(1, Defaults.fill(ScheduleSpec.Cosine.class))),
        "/maxSeconds",
        detail.formatted("cosine"));
    refused(
        () -> TrainingRules.checkCut(budget(1, Defaults.fill(ScheduleSpec.OneCycle.class))),
        "/maxSeconds",
        detail.formatted("one-cycle"));
    refused(
        () -> TrainingRules.checkCut(budget(1, new ScheduleSpec.CosLog4())),
        "/maxSeconds",
        detail.formatted("coslog4"));
    refused(
        () -> TrainingRules.checkCut(budget(1, new ScheduleSpec.FlatCos())),
        "/maxSeconds",
        detail.formatted("flat-cos"));
    refused(
        () -> TrainingRules.checkCut(decaying(FactorSchedule.FLAT_COS).maxSeconds(1.0).spec()),
        "/maxSeconds",
        "does not go with a decaySchedule of flat-cos, whose factors depend on how many epochs will"
            + " run");
    assertThat(decaying(FactorSchedule.CONSTANT).maxSeconds(1.0).spec().decaySchedule()).isNull();
  }

  private static TrainingSpecs decaying(FactorSchedule schedule) {
    return TrainingSpecs.training()
        .optimizer(Defaults.fill(OptimizerSpec.AdamW.class))
        .decaySchedule(schedule);
  }

  @Test
  void aDecayThatMovesIsThatOfAnOptimizerThatDecays() {
    TrainingSpec spec = decaying(FactorSchedule.FLAT_COS).spec();
    assertThat(spec.decayFactor(0.5)).isEqualTo(1);
    assertThat(spec.decayFactor(0.75)).isCloseTo(0.5, within(1e-15));
    assertThat(TrainingSpec.defaults().decayFactor(0.75)).isEqualTo(1);
    assertThat(spec.toString()).endsWith(", decaySchedule=flat-cos]");
    assertThat(spec.resolve(0.2, 80, 20).decaySchedule()).isEqualTo(FactorSchedule.FLAT_COS);
    refused(
        () -> TrainingSpecs.training().decaySchedule(FactorSchedule.FLAT_COS).spec(),
        "/decaySchedule",
        "must be constant or left out with adam, which has no weightDecay, was flat-cos");
  }

  @Test
  void epochsAreFrom1To10000() {
    assertThat(epochs(1).epochs()).isEqualTo(1);
    assertThat(epochs(10_000).epochs()).isEqualTo(10_000);
    refused(() -> epochs(0), "/epochs", "must be at least 1, was 0");
    refused(() -> epochs(10_001), "/epochs", "must be at most 10000, was 10001");
  }

  @Test
  void aBatchHasAnExample() {
    assertThat(batchSize(1).batchSize()).isEqualTo(1);
    refused(() -> batchSize(0), "/batchSize", "must be at least 1, was 0");
    refused(() -> batchSize(-32), "/batchSize", "must be at least 1, was -32");
  }

  /// The integers that every JSON reader keeps exactly.
  @Test
  void seedsAreFrom0ToTwoToThe53rd() {
    assertThat(seed(0).seed()).isZero();
    assertThat(seed(9_007_199_254_740_991L).seed()).isEqualTo((1L << 53) - 1);
    refused(() -> seed(-1), "/seed", "must be from 0 to 9007199254740991, was -1");
    refused(
        () -> seed(9_007_199_254_740_992L),
        "/seed",
        "must be from 0 to 9007199254740991, was 9007199254740992");
  }

  @ParameterizedTest
  @ValueSource(doubles = {-0.1, 1, 3, Double.NaN})
  void fractionsOutsideZeroToOneAreRefused(double fraction) {
    String detail = "must be at least 0 and below 1, was " + fraction;
    refused(() -> fractions(fraction, null), "/validationFraction", detail);
    refused(() -> fractions(null, fraction), "/testFraction", detail);
  }

  @Test
  void fractionsLeaveRowsToTrainOn() {
    assertThat(fractions(0.5, 0.4).testFraction()).isEqualTo(0.4);
    refused(
        () -> fractions(0.5, 0.5),
        "/testFraction",
        "must leave rows to train on: validationFraction 0.5 and testFraction 0.5 together must be"
            + " below 1");
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY})
  void clipNormsThatAreNotPositiveAreRefused(double clipNorm) {
    refused(
        () -> clipNorm(clipNorm), "/clipNorm", "must be a finite number above 0, was " + clipNorm);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY})
  void maxNormsThatAreNotPositiveAreRefused(double maxNorm) {
    refused(
        () -> TrainingSpecs.training().maxNorm(maxNorm).spec(),
        "/maxNorm",
        "must be a finite number above 0, was " + maxNorm);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -0.1, 1, 2, Double.NaN})
  void decaysOutsideZeroToOneAreRefused(double decay) {
    refused(
        () -> new AveragingSpec.Ema(decay), "/decay", "must be above 0 and below 1, was " + decay);
  }

  @Test
  void aWarmUpEndsBeforeTheTraining() {
    ScheduleSpec cosine = new ScheduleSpec.Cosine(5, 0);
    assertThat(TrainingSpecs.training().epochs(6).schedule(cosine).spec().schedule())
        .isEqualTo(cosine);
    refused(
        () -> TrainingSpecs.training().epochs(5).schedule(cosine).spec(),
        "/schedule/warmupEpochs",
        "must be below the 5 epochs, was 5");
  }

  @Test
  void aFifthValidatesFromFiftyRowsUp() {
    assertThat(TrainingSpec.defaults().validationFractionFor(49)).isZero();
    assertThat(TrainingSpec.defaults().validationFractionFor(50)).isEqualTo(0.2);
    assertThat(fractions(0.1, null).validationFractionFor(10)).isEqualTo(0.1);
    assertThat(fractions(0.0, null).validationFractionFor(1_000)).isZero();
    assertThat(fractions(null, 0.85).validationFractionFor(1_000)).isZero();
  }

  @Test
  void resolvingDecidesBatchValidationAndStopping() {
    TrainingSpec resolved = TrainingSpec.defaults().resolve(0.2, 80, 20);
    assertThat(resolved.resolvedBatchSize()).isEqualTo(32);
    assertThat(resolved.validationFraction()).isEqualTo(0.2);
    assertThat(resolved.resolvedEarlyStopping())
        .isEqualTo(new EarlyStoppingSpec.Patience(10, 0, null));
    TrainingSpec few = TrainingSpec.defaults().resolve(0, 7, 0);
    assertThat(few.resolvedBatchSize()).isEqualTo(7);
    assertThat(few.resolvedEarlyStopping()).isEqualTo(new EarlyStoppingSpec.None());
  }

  @Test
  void whatIsGivenIsKept() {
    TrainingSpec given =
        new TrainingSpec(
            7,
            5,
            3,
            0.3,
            0.1,
            new OptimizerSpec.Sgd(0.1, 0, false),
            new ScheduleSpec.Exponential(0.9),
            new RegularizationSpec(0.1, 0.2),
            2.0,
            3.0,
            new AveragingSpec.Ema(0.9),
            new EarlyStoppingSpec.None(),
            new ClassWeightsSpec.Given(Map.of("a", 2.0)),
            60.0,
            null,
            Metric.ACCURACY,
            null,
            null,
            true,
            null,
            false,
            true,
            0.3,
            "a");
    assertThat(given.resolve(0.3, 60, 30)).isEqualTo(given);
  }

  @Test
  void aGivenBatchLargerThanTheTrainingRowsIsRefused() {
    assertThat(batchSize(80).resolve(0.2, 80, 20).resolvedBatchSize()).isEqualTo(80);
    refused(
        () -> batchSize(81).resolve(0.2, 80, 20),
        "/batchSize",
        "must be at most the 80 training rows, was 81");
  }

  static Stream<OptimizerSpec> fullBatches() {
    return Stream.of(
        Defaults.fill(OptimizerSpec.Rprop.class), Defaults.fill(OptimizerSpec.Lbfgs.class));
  }

  private static String name(OptimizerSpec fullBatch) {
    return fullBatch instanceof OptimizerSpec.Rprop ? "rprop" : "lbfgs";
  }

  private static TrainingSpec training(
      OptimizerSpec optimizer, @Nullable Integer batchSize, @Nullable ScheduleSpec schedule) {
    return TrainingSpecs.training()
        .batchSize(batchSize)
        .optimizer(optimizer)
        .schedule(schedule)
        .spec();
  }

  @ParameterizedTest
  @MethodSource("fullBatches")
  void fullBatchesAreAllTrainingRows(OptimizerSpec optimizer) {
    assertThat(training(optimizer, null, null).resolve(0.2, 80, 20).resolvedBatchSize())
        .isEqualTo(80);
    assertThat(training(optimizer, 80, null).resolve(0.2, 80, 20).resolvedBatchSize())
        .isEqualTo(80);
    refused(
        () -> training(optimizer, 79, null).resolve(0.2, 80, 20),
        "/batchSize",
        "must be left out or all the 80 training rows with %s, was 79".formatted(name(optimizer)));
  }

  @ParameterizedTest
  @MethodSource("fullBatches")
  void stepSizesOfFullBatchesHaveNoSchedule(OptimizerSpec optimizer) {
    assertThat(training(optimizer, null, new ScheduleSpec.Constant()).schedule())
        .isEqualTo(new ScheduleSpec.Constant());
    refused(
        () -> training(optimizer, null, new ScheduleSpec.CosineRestarts(1, 1, 0)),
        "/schedule",
        "must be constant with %s, which sets its own step sizes, was cosine-restarts"
            .formatted(name(optimizer)));
  }

  private static TrainingSpec training(
      OptimizerSpec optimizer,
      double l1,
      @Nullable Double clipNorm,
      @Nullable Double maxNorm,
      @Nullable AveragingSpec averaging) {
    return TrainingSpecs.training()
        .epochs(1)
        .optimizer(optimizer)
        .regularization(new RegularizationSpec(l1, 0.1))
        .clipNorm(clipNorm)
        .maxNorm(maxNorm)
        .averaging(averaging)
        .spec();
  }

  @ParameterizedTest
  @MethodSource("fullBatches")
  void gradientsOfFullBatchesAreNotClipped(OptimizerSpec optimizer) {
    refused(
        () -> training(optimizer, 0, 0.5, null, null),
        "/clipNorm",
        "must be left out with %s, which sets its own step sizes, was 0.5"
            .formatted(name(optimizer)));
  }

  @Test
  void lbfgsMinimizesOneSmoothFunction() {
    OptimizerSpec lbfgs = Defaults.fill(OptimizerSpec.Lbfgs.class);
    OptimizerSpec rprop = Defaults.fill(OptimizerSpec.Rprop.class);
    AveragingSpec ema = new AveragingSpec.Ema(0.9);
    refused(
        () -> training(lbfgs, 0, null, 3.0, null),
        "/maxNorm",
        "must be left out with lbfgs, which knows no bounds on weights, was 3.0");
    refused(
        () -> training(lbfgs, 0, null, null, ema),
        "/averaging",
        "must be left out with lbfgs, whose last parameters are its best, was ema");
    refused(
        () -> training(lbfgs, 0.01, null, null, null),
        "/regularization/l1",
        "must be 0 with lbfgs, which needs a gradient without jumps, was 0.01");
    assertThat(training(lbfgs, 0, null, null, null).regularization().l2()).isEqualTo(0.1);
    assertThat(training(rprop, 0.01, null, 3.0, ema).averaging()).isEqualTo(ema);
  }

  private static TrainingSpec folds(
      @Nullable Integer folds,
      @Nullable Integer batchSize,
      @Nullable Double validationFraction,
      @Nullable ScheduleSpec schedule,
      @Nullable Double maxSeconds) {
    return TrainingSpecs.training()
        .batchSize(batchSize)
        .validationFraction(validationFraction)
        .schedule(schedule)
        .maxSeconds(maxSeconds)
        .crossValidation(Defaults.fill(CrossValidationSpec.class, folds))
        .spec();
  }

  @Test
  void foldsAreTwoToTwenty() {
    assertThat(Defaults.fill(CrossValidationSpec.class).folds()).isEqualTo(5);
    assertThat(Defaults.fill(CrossValidationSpec.class, 2).folds()).isEqualTo(2);
    assertThat(Defaults.fill(CrossValidationSpec.class, 20).folds()).isEqualTo(20);
    refused(
        () -> Defaults.fill(CrossValidationSpec.class, 1), "/folds", "must be at least 2, was 1");
    refused(
        () -> Defaults.fill(CrossValidationSpec.class, 21), "/folds", "must be at most 20, was 21");
  }

  @Test
  void foldsTakeThePlaceOfRowsHeldOutOnce() {
    assertThat(folds(5, null, null, null, null).validationFractionFor(1_000)).isZero();
    assertThat(folds(5, null, 0.0, null, null).validationFractionFor(1_000)).isZero();
    refused(
        () -> folds(5, null, 0.2, null, null),
        "/validationFraction",
        "must be left out or 0 with crossValidation, whose folds are validated on, was 0.2");
    refused(
        () -> folds(5, null, null, new ScheduleSpec.ReduceOnPlateau(0.1, 5, 0, 0, null), null),
        "/schedule",
        "reduce-on-plateau does not go with crossValidation, whose last fit has no validation rows");
    refused(
        () -> folds(5, null, null, null, 60.0),
        "/maxSeconds",
        "does not go with crossValidation, whose last fit runs as long as its folds found best");
  }

  @Test
  void aFoldHasNoLargerBatchThanItsRows() {
    TrainingSpec resolved = folds(2, 80, null, null, null).resolve(0, 100, 100);
    assertThat(resolved.onFewer(50).resolvedBatchSize()).isEqualTo(50);
    assertThat(resolved.onFewer(90)).isEqualTo(resolved);
    assertThat(resolved.resolvedEarlyStopping()).isEqualTo(EarlyStoppingSpec.Patience.DEFAULT);
    assertThat(resolved.withoutStopping().resolvedEarlyStopping())
        .isEqualTo(new EarlyStoppingSpec.None());
    assertThat(resolved.withoutStopping().resolvedBatchSize()).isEqualTo(80);
  }

  @Test
  void givenEarlyStoppingNeedsValidationRows() {
    refused(
        () -> stopping(new EarlyStoppingSpec.Patience(3, 0, null)).resolve(0, 80, 0),
        "/earlyStopping",
        "needs validation rows, there are 0");
    assertThat(stopping(new EarlyStoppingSpec.None()).resolve(0, 80, 0).earlyStopping())
        .isEqualTo(new EarlyStoppingSpec.None());
  }

  @Test
  void whatIsWatchedIsDecidedOnce() {
    TrainingSpecs specs = TrainingSpecs.training().classWeights(new ClassWeightsSpec.Balanced());
    ScheduleSpec plateau = new ScheduleSpec.ReduceOnPlateau(0.1, 5, 0, 0, null);
    TrainingSpec request = specs.schedule(plateau).spec();
    TrainingSpec decided = request.resolve(0.2, 80, 20);
    assertThat(decided.earlyStopping())
        .isEqualTo(new EarlyStoppingSpec.Patience(10, 0, Monitor.WEIGHTED_VALIDATION_LOSS));
    assertThat(decided.schedule())
        .isEqualTo(
            new ScheduleSpec.ReduceOnPlateau(0.1, 5, 0, 0, Monitor.WEIGHTED_VALIDATION_LOSS));
    assertThat(decided.sayingWhatItWatches()).isEqualTo(decided);
    assertThat(request.watchingAs(decided).resolve(0.2, 80, 20)).isEqualTo(decided);

    // As former versions wrote it down.
    TrainingSpec former =
        specs
            .batchSize(32)
            .validationFraction(0.2)
            .earlyStopping(EarlyStoppingSpec.Patience.DEFAULT)
            .spec();
    TrainingSpec said = former.sayingWhatItWatches();
    assertThat(said.earlyStopping())
        .isEqualTo(new EarlyStoppingSpec.Patience(10, 0, Monitor.VALIDATION_LOSS));
    assertThat(request.watchingAs(said).resolve(0.2, 80, 20)).isEqualTo(said);
    assertThat(said).hasToString(former.toString());
    assertThat(said.earlyStopping()).hasToString("Patience[patience=10, minDelta=0.0]");
    assertThat(decided.toString()).contains("monitor=weightedValidationLoss");

    TrainingSpec equal = TrainingSpecs.training().spec().resolve(0.2, 80, 20);
    assertThat(equal.sayingWhatItWatches()).isEqualTo(equal);
    refused(
        () -> stopping(new EarlyStoppingSpec.Patience(3, 0, Monitor.WEIGHTED_VALIDATION_LOSS)),
        "/earlyStopping/monitor",
        "must be validationLoss without classWeights, was weightedValidationLoss");
  }

  @Test
  void aFigureThatSelectsIsWatchedAlone() {
    TrainingSpecs specs = TrainingSpecs.training().selection(Metric.AUC);
    EarlyStoppingSpec.Patience watching =
        new EarlyStoppingSpec.Patience(3, 0, Monitor.VALIDATION_LOSS);
    refused(
        () -> specs.earlyStopping(watching).spec(),
        "/earlyStopping/monitor",
        "must be left out with selection, which is auc and is watched, was validationLoss");
    refused(
        () -> specs.earlyStopping(null).spec().resolve(0, 80, 0),
        "/selection",
        "needs validation rows to take auc from, there are 0");

    TrainingSpec weighted = specs.classWeights(new ClassWeightsSpec.Balanced()).spec();
    TrainingSpec decided = weighted.resolve(0.2, 80, 20);
    assertThat(decided.earlyStopping()).isEqualTo(EarlyStoppingSpec.Patience.DEFAULT);
    assertThat(decided.sayingWhatItWatches()).isEqualTo(decided);
    assertThat(weighted.watchingAs(decided).resolve(0.2, 80, 20)).isEqualTo(decided);
    assertThat(decided.withoutStopping().selection()).isNull();
    assertThat(decided.withoutStopping().servesBestEpoch()).isFalse();
    assertThat(
            specs
                .earlyStopping(new EarlyStoppingSpec.None())
                .spec()
                .resolve(0.2, 80, 20)
                .servesBestEpoch())
        .isTrue();
  }

  /// Checkpoints of former versions know the training by this text.
  @Test
  void whatIsLeftOutOfYoungFieldsIsNotInTheText() {
    TrainingSpec plain = TrainingSpec.defaults().resolve(0.2, 80, 20);
    assertThat(plain)
        .hasToString(
            "TrainingSpec[epochs=100, batchSize=32, seed=0, validationFraction=0.2,"
                + " testFraction=0.0, optimizer=Adam[learningRate=0.001, beta1=0.9, beta2=0.999,"
                + " epsilon=1.0E-8], schedule=Constant[], regularization=RegularizationSpec[l1=0.0,"
                + " l2=0.0], clipNorm=null, maxNorm=null, averaging=null,"
                + " earlyStopping=Patience[patience=10, minDelta=0.0], classWeights=null,"
                + " maxSeconds=null, crossValidation=null]");
    assertThat(TrainingSpecs.training().selection(Metric.LOG_LOSS).spec().toString())
        .endsWith(", crossValidation=null, selection=log-loss]");
  }

  @Test
  void factorsOnLearningRatesAreAtLeast0AndOfLbfgs0Or1() {
    LearningRateFactorsSpec ones = Defaults.fill(LearningRateFactorsSpec.class);
    assertThat(ones).isEqualTo(new LearningRateFactorsSpec(1, 1, 1, 1, 1));
    refused(
        () -> new LearningRateFactorsSpec(1, -1, 1, 1, 1),
        "/inputScale",
        "must be a finite number of at least 0, was -1.0");
    TrainingSpecs lbfgs =
        TrainingSpecs.training().optimizer(Defaults.fill(OptimizerSpec.Lbfgs.class));
    assertThat(
            lbfgs.learningRateFactors(new LearningRateFactorsSpec(0, 1, 1, 1, 1)).spec().toString())
        .endsWith(
            ", learningRateFactors=LearningRateFactorsSpec[biases=0.0, inputScale=1.0, slopes=1.0,"
                + " embeddings=1.0, periodic=1.0]]");
    refused(
        () -> lbfgs.learningRateFactors(new LearningRateFactorsSpec(1, 1, 1, 0.5, 1)).spec(),
        "/learningRateFactors/embeddings",
        "must be 0 or 1 with lbfgs, which has one step length for all parameters, was 0.5");
  }

  @ParameterizedTest
  @MethodSource("fullBatches")
  void layersAreWatchedInMiniBatches(OptimizerSpec optimizer) {
    TrainingSpec watched = TrainingSpecs.training().layerStatistics().spec();
    assertThat(watched.toString()).endsWith(", layerStatistics=true]");
    assertThat(watched.resolve(0.2, 80, 20).layerStatistics()).isTrue();
    refused(
        () -> TrainingSpecs.training().layerStatistics().optimizer(optimizer).spec(),
        "/layerStatistics",
        "must be false with %s, which has no mini-batch to take them from, was true"
            .formatted(name(optimizer)));
  }

  @Test
  void importanceIsLeftOutOnlyIfAskedFor() {
    TrainingSpec spec = TrainingSpec.defaults();
    assertThat(spec.importance()).isTrue();
    assertThat(spec.toString()).doesNotContain("importance");
    TrainingSpec without = SpecCopy.of(spec).with("importance", false).spec();
    assertThat(without.toString()).endsWith(", importance=false]");
    assertThat(without.resolve(0.2, 80, 20).importance()).isFalse();
  }

  @Test
  void plateausNeedValidationRows() {
    ScheduleSpec plateau = new ScheduleSpec.ReduceOnPlateau(0.1, 5, 0, 0, null);
    TrainingSpec spec = TrainingSpecs.training().schedule(plateau).spec();
    assertThat(spec.resolve(0.2, 80, 20).schedule()).isEqualTo(plateau);
    refused(
        () -> spec.resolve(0, 80, 0),
        "/schedule",
        "reduce-on-plateau needs validation rows, there are 0");
  }

  @Test
  void patienceAndItsDelta() {
    assertThat(Defaults.fill(EarlyStoppingSpec.Patience.class))
        .isEqualTo(new EarlyStoppingSpec.Patience(10, 0, null));
    assertThat(Defaults.fill(EarlyStoppingSpec.Patience.class, 3, 0.1))
        .isEqualTo(new EarlyStoppingSpec.Patience(3, 0.1, null));
    refused(
        () -> new EarlyStoppingSpec.Patience(0, 0, null), "/patience", "must be at least 1, was 0");
    refused(
        () -> new EarlyStoppingSpec.Patience(10_001, 0, null),
        "/patience",
        "must be at most 10000, was 10001");
    refused(
        () -> new EarlyStoppingSpec.Patience(1, -1, null),
        "/minDelta",
        "must be a finite number of at least 0, was -1.0");
  }

  @Test
  void whatIsNotResolvedSaysSo() {
    assertThatThrownBy(() -> TrainingSpec.defaults().resolvedBatchSize())
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the training is not resolved");
    assertThatThrownBy(() -> TrainingSpec.defaults().resolvedEarlyStopping())
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the training is not resolved");
  }
}
