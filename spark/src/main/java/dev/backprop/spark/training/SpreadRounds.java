package dev.backprop.spark.training;

import dev.backprop.engine.nn.Network;
import dev.backprop.engine.plan.SpreadCheckpoint;
import dev.backprop.engine.plan.SpreadRule;
import dev.backprop.engine.scoring.AnsweredRows;
import dev.backprop.engine.scoring.PartialScore;
import dev.backprop.engine.scoring.RecordedAnswers;
import dev.backprop.engine.scoring.Scorer;
import dev.backprop.engine.scoring.Selection;
import dev.backprop.engine.spec.Metric;
import dev.backprop.engine.spec.TrainingSpec;
import dev.backprop.engine.training.EpochReport;
import dev.backprop.engine.training.InvalidCheckpointException;
import dev.backprop.engine.training.SpreadTraining;
import dev.backprop.engine.training.TrainingOutcome;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.jspecify.annotations.Nullable;

/// The rounds of a training, a job each.
final class SpreadRounds {

  private final JavaSparkContext tasks;
  private final TrainEvents events;
  private final JavaRDD<EncodedShard> encoded;
  private final Broadcast<SharedPlan> shared;
  private final SpreadPlan plan;
  private final SpreadRule rule;
  private final Scorer scorer;
  private final @Nullable CheckpointDirectory checkpoint;
  private final SpreadCheckpoint form;
  private final SpreadTraining training;
  private final TreeSet<String> machines = new TreeSet<>();
  private final TreeSet<String> names = new TreeSet<>();

  SpreadRounds(
      JavaSparkContext tasks,
      TrainEvents events,
      JavaRDD<EncodedShard> encoded,
      Broadcast<SharedPlan> shared,
      Scorer scorer,
      SpreadPlan plan,
      SpreadRule rule,
      String identity,
      @Nullable CheckpointDirectory checkpoint) {
    this.tasks = tasks;
    this.events = events;
    this.encoded = encoded;
    this.shared = shared;
    this.scorer = scorer;
    this.plan = plan;
    this.rule = rule;
    this.checkpoint = checkpoint;
    Network drawn = scorer.network();
    float[] values = drawn.parameters().values();
    this.form = new SpreadCheckpoint(identity, spec().epochs(), 8L * values.length + 1000);
    this.training = new SpreadTraining(values, drawn.parameters().size(), spec(), rule.rounds());
  }

  private TrainingSpec spec() {
    return plan.fit().training();
  }

  /// Goes on from where the checkpoint is, to the end.
  SpreadTraining run() throws IOException {
    restore();
    int all = spec().epochs() * rule.rounds().perEpoch();
    long begun = System.nanoTime();
    int before = training.done();
    long roundBegun = begun;
    for (int round = before; round <= all; round++) {
      tasks.setJobDescription("round %d of %d".formatted(round + 1, all));
      Metric selection = spec().selection();
      List<RoundTask.Answer> answers = ask(!training.isLast(), selection != null);
      long now = System.nanoTime();
      PartialScore score =
          PartialScore.merged(answers.stream().map(RoundTask.Answer::score).toList());
      training.look(
          score,
          selection == null || training.done() == 0 ? null : selected(selection, answers),
          round == before ? 0 : (now - roundBegun) / 1e9);
      tell(score, all, (now - begun) / 1e9 / (round - before + 1));
      roundBegun = now;
      if (training.isOver()) {
        break;
      }
      training.meet(
          answers.stream().map(RoundTask.Answer::learned).map(Objects::requireNonNull).toList());
      if (training.isOver()) {
        break;
      }
      save();
    }
    return training;
  }

  private void tell(@Nullable PartialScore score, int all, double secondsEach) {
    if (training.done() > 0 && score != null && Double.isFinite(score.loss())) {
      events.tell(
          "round",
          "round",
          training.done(),
          "of",
          all,
          "epoch",
          (double) training.done() / rule.rounds().perEpoch(),
          "trainLoss",
          Double.isFinite(training.trainLoss()) ? training.trainLoss() : null,
          "validationLoss",
          score.loss(),
          "seconds",
          Math.rint(secondsEach * 1000) / 1000,
          "etaSeconds",
          training.isOver() ? 0.0 : Math.rint((all - training.done()) * secondsEach));
    }
  }

  /// The kernels of the machines that have answered.
  List<String> names() {
    return List.copyOf(names);
  }

  /// Their processors.
  List<String> machines() {
    return List.copyOf(machines);
  }

  /// The network before the first round.
  Scorer scorer() {
    return scorer;
  }

  /// Asks all shards, in one job.
  ///
  /// @param trains whether they train after they have scored
  /// @param records whether they tell all answers
  /// @return in the order of the shards
  List<RoundTask.Answer> ask(boolean trains, boolean records) {
    Broadcast<RoundTask> task =
        tasks.broadcast(
            new RoundTask(
                training.values().clone(),
                training.moments(),
                training.epoch(),
                training.round(),
                rule.rounds().perEpoch(),
                trains,
                records));
    Broadcast<SharedPlan> plans = shared;
    List<RoundTask.Answer> answers =
        new ArrayList<>(
            encoded.map(shard -> task.value().run(shard, plans.value().live())).collect());
    task.destroy();
    answers.sort(Comparator.comparingInt(RoundTask.Answer::shard));
    for (RoundTask.Answer answer : answers) {
      names.add(answer.kernels());
      machines.add(answer.cpu());
    }
    return answers;
  }

  private EpochReport.@Nullable Selected selected(Metric metric, List<RoundTask.Answer> answers) {
    Double figure =
        new Selection(metric)
            .of(
                AnsweredRows.of(scorer, validation(answers))
                    .evaluate(Selection.judgingOf(spec(), scorer.target())));
    if (figure == null) {
      throw diverged(
          new TrainingOutcome.Diverged(
              training.epoch(), "the validation %s is not finite".formatted(metric)));
    }
    return new EpochReport.Selected(metric, figure);
  }

  private void restore() throws IOException {
    InputStream kept = checkpoint == null ? null : checkpoint.state();
    if (kept == null) {
      return;
    }
    try (kept) {
      training.restore(form.read(kept));
    } catch (InvalidCheckpointException e) {
      throw new ProblemException(
          ProblemCode.CONFLICT,
          "--checkpoint: is another training's, of other data, options or kernels: "
              + e.getMessage());
    }
    events.tell("resumed", "round", training.done());
  }

  private void save() throws IOException {
    if (checkpoint != null) {
      checkpoint.save(training.done(), out -> form.write(training.save(), out));
    }
  }

  /// The answers to the rows that are held out.
  static List<RecordedAnswers> validation(List<RoundTask.Answer> answers) {
    return answers.stream().map(RoundTask.Answer::validation).map(Objects::requireNonNull).toList();
  }

  static ProblemException diverged(TrainingOutcome.Diverged how) {
    return new ProblemException(
        ProblemCode.DIVERGED,
        "the training diverged in epoch %d: %s".formatted(how.epoch(), how.detail()));
  }
}
