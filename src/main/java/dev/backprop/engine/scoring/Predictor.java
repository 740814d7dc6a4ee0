package dev.backprop.engine.scoring;

import dev.backprop.engine.data.FeatureEncoder;
import dev.backprop.engine.data.TargetEncoder;
import dev.backprop.engine.figures.Bounds;
import dev.backprop.engine.figures.Calibration;
import dev.backprop.engine.figures.Conformal;
import dev.backprop.engine.figures.MemberSpread;
import dev.backprop.engine.figures.Sample;
import dev.backprop.engine.figures.Threshold;
import dev.backprop.engine.linalg.Matrix;
import dev.backprop.engine.nn.Answers;
import dev.backprop.engine.nn.MeanAnswers;
import dev.backprop.engine.nn.Workspace;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Encoders, networks and decoder as one: what a model is when it answers. Several networks answer
/// with the mean of their probabilities or numbers. Equal rows get answers of equal bits, alone or
/// among others. Serves many threads; each brings its own workspace.
public final class Predictor {

  /// Members of one fold are a group alone.
  private static final int ALONE = 1;

  /// Of the intervals of figures, so that two models are drawn the same rows.
  private static final long EVALUATION_SEED = 0;

  /// Rows that are predicted at once: whole groups of the kernels that take twelve at a time.
  private static final int BLOCK = 252;

  private final @Nullable FeatureEncoder features;
  private final Scorer scorer;
  private final List<Member> members;
  private final Certainty certainty;

  private Predictor(
      @Nullable FeatureEncoder features, Scorer scorer, List<Member> members, Certainty certainty) {
    this.certainty = certainty;
    this.features = features;
    this.scorer = scorer;
    this.members = members;
  }

  /// One network.
  ///
  /// @param features null if the network takes bare numbers
  public Predictor(@Nullable FeatureEncoder features, Scorer scorer) {
    Scorer alike = scorer.alike();
    this.features = features;
    this.scorer = alike;
    this.members = List.of(new Member(features, alike));
    this.certainty = Certainty.NONE;
  }

  /// Several networks, or one whose answers are scored in another scale than its own.
  ///
  /// @param features describes the rows that all of them learned from; null for bare numbers
  /// @param target the scale in which they are scored together
  /// @param members of the same inputs, outputs, output activation and loss
  public static Predictor of(
      @Nullable FeatureEncoder features,
      TargetEncoder target,
      Baseline baseline,
      List<Member> members) {
    Scorer first = members.getFirst().scorer();
    return new Predictor(
        features,
        new Scorer(first.network(), target, baseline).alike(),
        members.stream().map(Member::alike).toList(),
        Certainty.NONE);
  }

  /// The same model, as sure of its answers as that.
  public Predictor with(Certainty other) {
    return new Predictor(features, scorer, members, other);
  }

  /// How sure it is of its answers.
  public Certainty certainty() {
    return certainty;
  }

  /// What the rows were like that all networks learned from; null if they were bare numbers.
  public @Nullable FeatureEncoder features() {
    return features;
  }

  /// Scores and decodes answers; its network is that of the first member.
  public Scorer scorer() {
    return scorer;
  }

  /// The networks, at least one.
  public List<Member> members() {
    return members;
  }

  /// How many cells a row has: one for each feature, or one for each bare input.
  public int cells() {
    return features == null ? scorer.network().inputs() : features.features().size();
  }

  /// Scratch for answering up to that many rows at once.
  public PredictorWorkspace workspace(int rows) {
    return new PredictorWorkspace(members, rows);
  }

  /// Bytes of the arrays of such a workspace.
  public long workspaceBytes(int rows) {
    return PredictorWorkspace.bytes(members, rows);
  }

  /// Answers one row.
  ///
  /// @param cells in the order of the features, as [FeatureEncoder#encode] wants them, or the bare
  ///   inputs
  /// @param workspace of this model, of one row or more
  /// @throws NonFiniteOutputException if an output overflowed
  public Prediction predict(double[] cells, PredictorWorkspace workspace) {
    return scorer.decode(answer(cells, workspace), 0, certainty.decidingThreshold());
  }

  /// The same with an interval or a set.
  ///
  /// @param interval that [#suffices] has let through
  public Assured predict(double[] cells, PredictorWorkspace workspace, BigDecimal interval) {
    Answers answers = answer(cells, workspace);
    return assured(answers, 0, reader(workspace), interval);
  }

  private Answers answer(double[] cells, PredictorWorkspace workspace) {
    begin(workspace, 1);
    for (int m = 0; m < members.size(); m++) {
      Workspace space = workspace.of(m);
      space.rows(1);
      encode(members.get(m).features(), cells, space.x());
      put(m, forward(m, space), workspace);
    }
    return end(workspace, certainty.calibration());
  }

  /// Whether enough rows have calibrated for such an interval.
  public boolean suffices(BigDecimal interval) {
    return certainty.conformal() != null && certainty.conformal().suffices(interval);
  }

  private Spreads spreads(PredictorWorkspace workspace) {
    Spreads spreads = new Spreads();
    spreads.of(workspace.mean(), new MemberSpread(Member.weights(members), groups()));
    return spreads;
  }

  private int groups() {
    return certainty.conformal() instanceof Conformal.Intervals intervals ? intervals.groups() : 1;
  }

  /// Reads what intervals are made of; null if there are none.
  private @Nullable NumberAnswers reader(PredictorWorkspace workspace) {
    return certainty.conformal() instanceof Conformal.Intervals
        ? new NumberAnswers(scorer.targetEncoder().scales(), scorer.target(), spreads(workspace))
        : null;
  }

  private Assured assured(
      Answers answers, int row, @Nullable NumberAnswers reader, BigDecimal interval) {
    Prediction prediction = scorer.decode(answers, row, certainty.decidingThreshold());
    return switch (certainty.conformal()) {
      case null -> throw new IllegalStateException("no rows have calibrated");
      case Conformal.Sets sets -> {
        Prediction.ClassPrediction of = (Prediction.ClassPrediction) prediction;
        yield new Assured.Classes(
            of, sets.set(interval, of.probabilities()).stream().map(of.classes()::get).toList());
      }
      case Conformal.Intervals intervals -> {
        NumberAnswers numbers = Objects.requireNonNull(reader);
        numbers.read(answers, row);
        List<Bounds> bounds = new ArrayList<>();
        for (int j = 0; j < numbers.scales().size(); j++) {
          bounds.add(numbers.within(j, intervals.bounds(interval, j, numbers.answer(row, j))));
        }
        yield new Assured.Numbers(prediction, bounds);
      }
    };
  }

  /// Lets the cells of a row enter a network.
  ///
  /// @param features null for bare numbers
  /// @param x whose first row becomes the numbers that enter
  public static void encode(@Nullable FeatureEncoder features, double[] cells, Matrix x) {
    if (features == null) {
      for (int i = 0; i < cells.length; i++) {
        x.values()[x.offset() + i] = (float) cells[i];
      }
    } else {
      features.encode(cells, 0, x.values(), x.offset());
    }
  }

  /// Answers all rows in their order, block by block.
  ///
  /// @param rows whose targets are not looked at
  /// @param workspace of this model, of at least [Scorer#BLOCK] rows or as many as there are
  /// @throws NonFiniteOutputException if an output overflowed; the answers to the rows before were
  ///   given
  public void predict(
      PredictorRows rows, PredictorWorkspace workspace, Consumer<Prediction> answers) {
    Threshold threshold = certainty.decidingThreshold();
    each(rows, workspace, (block, row) -> scorer.decode(block, row, threshold), answers);
  }

  /// The same with intervals or sets.
  ///
  /// @param interval that [#suffices] has let through
  public void predict(
      PredictorRows rows,
      PredictorWorkspace workspace,
      BigDecimal interval,
      Consumer<Assured> answers) {
    NumberAnswers reader = reader(workspace);
    each(rows, workspace, (block, row) -> assured(block, row, reader, interval), answers);
  }

  /// Makes an answer of a row of a block.
  private interface RowDecoder<T> {
    T decode(Answers block, int row);
  }

  private <T> void each(
      PredictorRows rows,
      PredictorWorkspace workspace,
      RowDecoder<T> decoder,
      Consumer<T> answers) {
    int[] block = new int[BLOCK];
    for (int from = 0; from < rows.size(); from += BLOCK) {
      int n = Math.min(BLOCK, rows.size() - from);
      for (int i = 0; i < n; i++) {
        block[i] = from + i;
      }
      Answers answered = answer(rows, block, 0, n, workspace);
      for (int i = 0; i < n; i++) {
        answers.accept(decoded(decoder, answered, i, from));
      }
    }
  }

  private static <T> T decoded(RowDecoder<T> decoder, Answers block, int row, int from) {
    try {
      return decoder.decode(block, row);
    } catch (NonFiniteOutputException e) {
      throw e.shiftedBy(from);
    }
  }

  /// Scores these rows block by block.
  ///
  /// @param rows at least one that is asked for, with targets, together of a weight above 0
  /// @param which of the rows
  public Evaluation evaluate(PredictorRows rows, int[] which) {
    return scorer.evaluate(
        rows.labelled(), which, scored(rows, which, workspace(Scorer.BLOCK)), null);
  }

  /// Scores all rows of all parts. If every part but the last has a whole number of [Scorer#BLOCK]
  /// rows, the figures have the bits that they would have for one part.
  ///
  /// @param count how many rows there are, at least one, together of a weight above 0
  /// @param parts gives the next part, with targets; null after the last one
  public Evaluation evaluate(int count, Supplier<@Nullable PredictorRows> parts) {
    return judge(count, parts).evaluation();
  }

  /// The same, with what was kept to compare models by.
  ///
  /// @param sample null if the model answers what is not compared
  public record Judged(Evaluation evaluation, @Nullable Sample sample) {}

  public Judged judge(int count, Supplier<@Nullable PredictorRows> parts) {
    PredictorWorkspace workspace = workspace(Scorer.BLOCK);
    Tally tally = scorer.tally(count, Judging.of(certainty, EVALUATION_SEED), spreads(workspace));
    for (PredictorRows part = parts.get(); part != null; part = parts.get()) {
      int[] which = IntStream.range(0, part.size()).toArray();
      scorer.add(tally, part.labelled(), which, scored(part, which, workspace), null);
    }
    return new Judged(tally.evaluation(), tally.sample());
  }

  private Scorer.Block scored(PredictorRows rows, int[] which, PredictorWorkspace workspace) {
    return (from, n) -> {
      Answers answers = answer(rows, which, from, n, workspace);
      rows.labelled().encodeTargets(which, from, n, answers.y());
      return answers;
    };
  }

  /// Scores rows each of which some members answer, in the scale of all.
  ///
  /// @param rows with targets
  /// @param ofGroups the rows that each group of members answers: member m is of group m modulo
  ///   their number
  public Evaluation evaluateApart(PredictorRows rows, List<int[]> ofGroups) {
    return evaluateApart(rows, ofGroups, null);
  }

  /// As [#evaluateApart(PredictorRows, List)].
  ///
  /// @param judging what is told in full; null for the usual figures
  public Evaluation evaluateApart(
      PredictorRows rows, List<int[]> ofGroups, @Nullable Judging judging) {
    int size = ofGroups.stream().mapToInt(group -> group.length).sum();
    Spreads spreads = new Spreads();
    Tally tally =
        judging == null
            ? scorer.tally(size, certainty.decidingThreshold())
            : scorer.tally(size, judging, spreads);
    give(rows, ofGroups, certainty.calibration(), tally, spreads);
    return tally.evaluation();
  }

  /// Gives answers to such rows.
  ///
  /// @param calibration null for the networks' own probabilities
  /// @param spreads hears of each block
  void give(
      PredictorRows rows,
      List<int[]> ofGroups,
      @Nullable Calibration calibration,
      BlockSink sink,
      Spreads spreads) {
    int[] which = ofGroups.stream().flatMapToInt(Arrays::stream).toArray();
    int[] ends = new int[ofGroups.size()];
    for (int g = 0; g < ends.length; g++) {
      ends[g] = ofGroups.get(g).length + (g == 0 ? 0 : ends[g - 1]);
    }
    PredictorWorkspace workspace = workspace(Scorer.BLOCK);
    List<@Nullable MeanAnswers> means = new ArrayList<>();
    for (int g = 0; g < ends.length; g++) {
      means.add(Member.mean(group(g, ends.length), Scorer.BLOCK));
    }
    scorer.add(
        sink,
        rows.labelled(),
        which,
        (from, most) -> {
          int group = 0;
          while (ends[group] <= from) {
            group++;
          }
          int n = Math.min(most, ends[group] - from);
          MeanAnswers mean = means.get(group);
          if (mean != null) {
            mean.rows(n);
          }
          Answers answers = null;
          for (int m = group; m < members.size(); m += ends.length) {
            answers = answer(m, new Block(rows, which, from, n), workspace.of(m));
            if (mean != null) {
              mean.put(m / ends.length, answers);
            }
          }
          answers = mean == null ? Objects.requireNonNull(answers) : mean.average();
          spreads.of(mean, new MemberSpread(Member.weights(group(group, ends.length)), ALONE));
          if (calibration != null) {
            calibration.apply(answers);
          }
          rows.labelled().encodeTargets(which, from, n, answers.y());
          return answers;
        },
        null);
  }

  private List<Member> group(int group, int groups) {
    return IntStream.range(0, members.size())
        .filter(m -> m % groups == group)
        .mapToObj(members::get)
        .toList();
  }

  /// Some of the rows `which`.
  ///
  /// @param from the first of them
  /// @param n how many
  @SuppressWarnings("ArrayRecordComponent") // handed down, never compared
  record Block(PredictorRows rows, int[] which, int from, int n) {}

  private Answers answer(
      PredictorRows rows, int[] which, int from, int n, PredictorWorkspace workspace) {
    begin(workspace, n);
    Block block = new Block(rows, which, from, n);
    for (int m = 0; m < members.size(); m++) {
      put(m, answer(m, block, workspace.of(m)), workspace);
    }
    return end(workspace, certainty.calibration());
  }

  /// What a member answers, in the scale of all.
  ///
  /// @param space of that member
  Answers answer(int member, Block block, Workspace space) {
    space.rows(block.n);
    block.rows.ofMembers().get(member).encodeInputs(block.which, block.from, block.n, space.x());
    return forward(member, space);
  }

  private static void begin(PredictorWorkspace workspace, int n) {
    MeanAnswers mean = workspace.mean();
    if (mean != null) {
      mean.rows(n);
    }
  }

  private Answers forward(int member, Workspace space) {
    Scorer own = members.get(member).scorer();
    own.network().forward(space);
    if (own != scorer) {
      scorer.rescale(own, space.answers());
    }
    return space.answers();
  }

  private static void put(int member, Answers answers, PredictorWorkspace workspace) {
    MeanAnswers mean = workspace.mean();
    if (mean != null) {
      mean.put(member, answers);
    }
  }

  private static Answers end(PredictorWorkspace workspace, @Nullable Calibration calibration) {
    MeanAnswers mean = workspace.mean();
    Answers answers = mean == null ? workspace.of(0).answers() : mean.average();
    if (calibration != null) {
      calibration.apply(answers);
    }
    return answers;
  }
}
