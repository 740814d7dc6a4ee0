package dev.backprop.engine.plan;

import static dev.backprop.engine.plan.CheckpointedRun.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backprop.engine.data.BareExamples;
import dev.backprop.engine.data.DenseRows;
import dev.backprop.engine.linalg.FloatStreams;
import dev.backprop.engine.spec.AveragingSpec;
import dev.backprop.engine.spec.CrossValidationSpec;
import dev.backprop.engine.spec.Defaults;
import dev.backprop.engine.spec.FitSpec;
import dev.backprop.engine.spec.LayerSpec;
import dev.backprop.engine.spec.NetworkSpec;
import dev.backprop.engine.spec.OptimizerSpec;
import dev.backprop.engine.spec.SplitSpec;
import dev.backprop.engine.spec.TrainingSpecs;
import dev.backprop.engine.training.EpochReport;
import dev.backprop.engine.training.InvalidCheckpointException;
import dev.backprop.engine.training.Signal;
import dev.backprop.engine.training.Snapshot;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Bytes that are no checkpoint of a training are refused, whatever they are.
class CheckpointFormatTest {

  private static TrainingPlan plan() {
    return CheckpointCases.plan(training());
  }

  private static TrainingSpecs training() {
    return CheckpointCases.training().averaging(new AveragingSpec.Ema(0.9)).validationFraction(0.2);
  }

  /// In the second epoch.
  private static Checkpoint checkpoint(TrainingPlan plan) {
    return CheckpointedRun.of(plan)
        .run(asked -> asked < 5 ? Signal.GO_ON : Signal.SUSPEND)
        .saved
        .getFirst();
  }

  /// With two folds that have ended, and the third under way.
  private static Checkpoint ofFolds(TrainingPlan plan) {
    return CheckpointedRun.of(plan).saving().saved.stream()
        .filter(checkpoint -> checkpoint.folds().size() == 2)
        .skip(3)
        .findFirst()
        .orElseThrow();
  }

  private static void read(byte[] bytes, TrainingPlan plan) throws IOException {
    Checkpoint.read(new ByteArrayInputStream(bytes), plan.checkpointBounds());
  }

  private static void assertRefused(byte[] bytes, TrainingPlan plan) {
    assertThatExceptionOfType(InvalidCheckpointException.class).isThrownBy(() -> read(bytes, plan));
  }

  @Test
  void whatIsWrittenIsRead() throws IOException {
    for (TrainingPlan plan : plans()) {
      Checkpoint checkpoint = some(plan);
      Checkpoint read =
          Checkpoint.read(new ByteArrayInputStream(bytes(checkpoint)), plan.checkpointBounds());
      assertThat(bytes(read)).isEqualTo(bytes(checkpoint));
      assertThat(read.history()).isEqualTo(checkpoint.history());
      assertThat(read.folds()).isEqualTo(checkpoint.folds());
      assertThat(read.measured()).usingRecursiveComparison().isEqualTo(checkpoint.measured());
    }
  }

  private static List<TrainingPlan> plans() {
    return List.of(plan(), CheckpointCases.CROSS_VALIDATION.plan(), CheckpointCases.BAGGING.plan());
  }

  private static Checkpoint some(TrainingPlan plan) {
    boolean folds = plan.training().crossValidation() != null || plan.training().bagging() != null;
    return folds ? ofFolds(plan) : checkpoint(plan);
  }

  /// Their epochs have fewer figures.
  @Test
  void formerVersionsAreRead() throws IOException {
    TrainingPlan plan = plan();
    Checkpoint checkpoint = checkpoint(plan);
    assertThat(checkpoint.history()).isNotEmpty();
    for (int version = 1; version < CheckpointWriter.VERSION; version++) {
      Checkpoint read =
          Checkpoint.read(
              new ByteArrayInputStream(former(checkpoint, version)), plan.checkpointBounds());
      assertThat(read.history()).isEqualTo(checkpoint.history());
      assertThat(bytes(read)).isEqualTo(bytes(checkpoint));
    }
  }

  /// As that version wrote it. It has one fit, and no figure that the version did not know.
  private static byte[] former(Checkpoint checkpoint, int version) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream to = new DataOutputStream(bytes);
    to.writeInt(CheckpointWriter.MAGIC);
    to.writeInt(version);
    to.writeBytes(checkpoint.fingerprint().sha256());
    to.writeInt(0);
    to.writeInt(1);
    to.writeInt(Checkpoint.KEPT);
    Snapshot fit = Objects.requireNonNull(checkpoint.fits().get(Checkpoint.KEPT));
    to.writeInt(fit.history().size());
    for (EpochReport report : fit.history()) {
      to.writeDouble(report.trainLoss());
      optional(to, report.validationLoss());
      if (version >= 2) {
        optional(to, null); // weighted
      }
      optional(to, report.validationAccuracy());
      optional(to, report.validationRmse());
      if (version >= 3) {
        optional(to, null); // what selects
      }
      if (version >= 4) {
        optional(to, null); // layers
      }
      to.writeDouble(report.learningRate());
      to.writeDouble(report.seconds());
    }
    to.writeInt(fit.numbers().length);
    for (long number : fit.numbers()) {
      to.writeLong(number);
    }
    to.writeInt(fit.arrays().size());
    for (float[] array : fit.arrays()) {
      to.writeInt(array.length);
      FloatStreams.write(array, 0, array.length, to);
    }
    to.writeInt(0); // the checksum
    byte[] written = bytes.toByteArray();
    sign(written);
    return written;
  }

  private static void optional(DataOutputStream to, @Nullable Double value) throws IOException {
    to.writeBoolean(value != null);
    if (value != null) {
      to.writeDouble(value);
    }
  }

  @Test
  void everyBeginningIsRefused() {
    for (TrainingPlan plan : plans()) {
      byte[] bytes = bytes(some(plan));
      for (int length = 0; length < bytes.length; length++) {
        assertRefused(Arrays.copyOf(bytes, length), plan);
      }
      assertRefused(Arrays.copyOf(bytes, bytes.length + 1), plan);
    }
  }

  @Test
  void everyFlippedBitIsFound() {
    for (TrainingPlan plan : plans()) {
      byte[] bytes = bytes(some(plan));
      for (int bit = 0; bit < 8 * bytes.length; bit++) {
        bytes[bit / 8] ^= (byte) (1 << bit % 8);
        assertRefused(bytes, plan);
        bytes[bit / 8] ^= (byte) (1 << bit % 8);
      }
    }
  }

  @Test
  void checkpointsOfOtherTrainingsAreRefused() {
    byte[] bytes = bytes(checkpoint(plan()));
    LayerSpec wider = Defaults.fill(LayerSpec.Dense.class, 13);
    for (TrainingPlan other :
        List.of(
            CheckpointCases.plan(training(), wider),
            CheckpointCases.plan(training(), 331),
            CheckpointCases.plan(training().epochs(4)),
            CheckpointCases.plan(training().seed(6)),
            CheckpointCases.plan(training().validationFraction(0.0)),
            CheckpointCases.plan(training().averaging(null)),
            CheckpointCases.plan(
                training().optimizer(Defaults.fill(OptimizerSpec.Adam.class, 0.02))),
            plan().identifiedBy("other data"),
            plan().startingFrom(CheckpointCases.model(plan())))) {
      assertThatThrownBy(() -> read(bytes, other))
          .isInstanceOf(InvalidCheckpointException.class)
          .hasMessageMatching(
              "the checkpoint must be that of training [0-9a-f]{64}, is that of [0-9a-f]{64}");
      assertThatThrownBy(() -> CheckpointedRun.of(other).from(checkpoint(plan())).undisturbed())
          .isInstanceOf(InvalidCheckpointException.class);
    }
  }

  @Test
  void aTrainingIsToldApartByHowItsRowsAreParted() throws IOException {
    TrainingSpecs training = training().averaging(null);
    TrainingPlan grouped = CheckpointCases.parted(training, new SplitSpec.Group("g"));
    byte[] bytes = bytes(checkpoint(grouped));
    read(bytes, CheckpointCases.parted(training, new SplitSpec.Group("g")));
    assertRefused(bytes, CheckpointCases.parted(training, new SplitSpec.Order("g")));
    assertRefused(bytes, CheckpointCases.parted(training, new SplitSpec.Group("x")));
    assertRefused(bytes, CheckpointCases.parted(training, null));
  }

  @Test
  void aTrainingIsToldApartByWhatItIsSaidToDependOn() throws IOException {
    TrainingPlan plan = plan().identifiedBy("hash of its data");
    byte[] bytes = bytes(checkpoint(plan));
    read(bytes, plan().identifiedBy("hash of its data"));
    assertRefused(bytes, plan());
    TrainingPlan warm = CheckpointCases.WARM_START.plan().identifiedBy("of both");
    read(bytes(checkpoint(warm)), CheckpointCases.WARM_START.plan().identifiedBy("of both"));
  }

  /// Lengths that would take more memory than the training has are not believed, whatever the
  /// checksum says.
  @Test
  void lengthsAreBounded() {
    TrainingPlan plan = plan();
    Checkpoint checkpoint = checkpoint(plan);
    byte[] bytes = bytes(checkpoint);
    int firstArray = Objects.requireNonNull(checkpoint.fits().get(0)).arrays().getFirst().length;
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    int at = bytes.length - 4;
    while (buffer.getInt(at) != firstArray) {
      at--;
    }
    for (int length : new int[] {Integer.MAX_VALUE, 1 << 30, 4 * firstArray, -1}) {
      buffer.putInt(at, length);
      sign(bytes);
      assertThatThrownBy(() -> read(bytes, plan))
          .isInstanceOf(InvalidCheckpointException.class)
          .hasMessageMatching(
              "the checkpoint must have a length of an array from 0 to \\d+, has " + length);
    }
  }

  private static void sign(byte[] bytes) {
    CRC32C checksum = new CRC32C();
    checksum.update(bytes, 0, bytes.length - 4);
    ByteBuffer.wrap(bytes).putInt(bytes.length - 4, (int) checksum.getValue());
  }

  /// What is well written may still be nonsense.
  @Test
  void statesThatCannotBeAreRefused() {
    TrainingPlan plan = plan();
    Snapshot good = Objects.requireNonNull(checkpoint(plan).fits().get(Checkpoint.KEPT));
    List<float[]> fewer = good.arrays().subList(1, good.arrays().size());
    List<float[]> more = new ArrayList<>(good.arrays());
    more.add(new float[1]);
    List<float[]> shorter = new ArrayList<>(good.arrays());
    shorter.set(1, new float[1]);
    long[] tooFew = Arrays.copyOf(good.numbers(), good.numbers().length - 1);
    long[] tooMany = Arrays.copyOf(good.numbers(), good.numbers().length + 1);
    List<EpochReport> whole = CheckpointedRun.of(plan).undisturbed().history();
    for (Snapshot bad :
        List.of(
            new Snapshot(whole, good.numbers(), good.arrays()),
            new Snapshot(good.history(), good.numbers(), fewer),
            new Snapshot(good.history(), good.numbers(), more),
            new Snapshot(good.history(), good.numbers(), shorter),
            new Snapshot(good.history(), tooFew, good.arrays()),
            new Snapshot(good.history(), tooMany, good.arrays()))) {
      assertThatExceptionOfType(InvalidCheckpointException.class).isThrownBy(() -> goOn(plan, bad));
    }
    int refused = 0;
    for (int i = 0; i < good.numbers().length; i++) {
      for (long value : new long[] {-1, Long.MAX_VALUE, Long.MIN_VALUE}) {
        long[] numbers = good.numbers().clone();
        numbers[i] = value;
        try {
          goOn(plan, new Snapshot(good.history(), numbers, good.arrays()));
        } catch (InvalidCheckpointException e) {
          refused++;
        }
      }
    }
    // Negative times, steps and epochs; batches that there are not.
    assertThat(refused).isGreaterThan(10);
  }

  private static void goOn(TrainingPlan plan, Snapshot snapshot) {
    CheckpointedRun.of(plan)
        .from(
            new Checkpoint(
                plan.checkpointBounds().fingerprint(),
                List.of(),
                Map.of(Checkpoint.KEPT, snapshot)))
        .undisturbed();
  }

  @Test
  void faultsOfTheStreamAreItsOwn() {
    byte[] bytes = bytes(checkpoint(plan()));
    IOException fault = new IOException("the disk");
    InputStream broken =
        new InputStream() {

          @Override
          public int read() throws IOException {
            throw fault;
          }

          @Override
          public int read(byte[] bytes, int offset, int length) throws IOException {
            throw fault;
          }
        };
    InputStream in =
        new SequenceInputStream(new ByteArrayInputStream(bytes, 0, bytes.length / 2), broken);
    assertThatThrownBy(() -> Checkpoint.read(in, plan().checkpointBounds())).isSameAs(fault);
  }

  @Test
  void theStreamStaysOpen() throws IOException {
    boolean[] closed = new boolean[1];
    ByteArrayOutputStream to = new ByteArrayOutputStream();
    checkpoint(plan())
        .write(
            new FilterOutputStream(to) {

              @Override
              public void close() {
                closed[0] = true;
              }
            });
    assertThat(closed[0]).isFalse();
    read(to.toByteArray(), plan());
  }

  @Test
  void aCheckpointIsNoLargerThanForetold() {
    for (CheckpointCases.Case training : CheckpointCases.miniBatches().toList()) {
      TrainingPlan plan = training.plan();
      byte[] bytes = bytes(checkpoint(plan));
      assertThat((long) bytes.length).isLessThanOrEqualTo(plan.checkpointBytes(1));
    }
    TrainingPlan folds = manyFigures();
    Checkpoint last = CheckpointedRun.of(folds).saving().saved.getLast();
    assertThat(last.folds()).hasSize(CrossValidationSpec.MAX_FOLDS);
    assertThat((long) bytes(last).length).isLessThanOrEqualTo(folds.checkpointBytes(1));
  }

  /// Of many outputs in many folds.
  private static TrainingPlan manyFigures() {
    double[][] inputs = new double[60][2];
    double[][] targets = new double[60][200];
    for (int i = 0; i < inputs.length; i++) {
      inputs[i][i % 2] = i;
      Arrays.setAll(targets[i], j -> j % 7);
      targets[i][i] = i;
    }
    return TrainingPlan.of(
        new TrainingData.Bare(new BareExamples(DenseRows.of(inputs), DenseRows.of(targets))),
        null,
        FitSpec.of(
            NetworkSpec.of(List.of(), null, null),
            CheckpointCases.training()
                .epochs(1)
                .batchSize(30)
                .validationFraction(null)
                .crossValidation(new CrossValidationSpec(CrossValidationSpec.MAX_FOLDS))
                .spec()));
  }
}
