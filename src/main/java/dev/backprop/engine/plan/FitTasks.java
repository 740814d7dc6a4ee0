package dev.backprop.engine.plan;

import dev.backprop.engine.data.Split;
import dev.backprop.engine.linalg.Team;
import dev.backprop.engine.scoring.Member;
import dev.backprop.engine.training.EpochReport;
import dev.backprop.engine.training.FitSupervisor;
import dev.backprop.engine.training.Signal;
import dev.backprop.engine.training.Snapshot;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// The fits of candidates to folds. For each fold a network of each candidate learns from the
/// others, with encoders of its own, and is measured on it at its best epoch.
///
/// Task t, from 0, is the fit of candidate t / folds to fold t % folds. Tasks are fitted side by
/// side, each on one thread of the team. What comes of them depends on nothing but their specs,
/// their rows and the seed, which is the same for all. A candidate one of whose tasks diverges is
/// out: its other tasks need not go on.
final class FitTasks {

  private final List<Candidate> candidates;
  private final Parting parting;
  private final boolean kept;
  private final boolean named;

  /// Of tasks that ended in this process: a network that will be served, with its encoders.
  private final Map<Integer, Member> members = new ConcurrentHashMap<>();

  /// The tasks that did. Of those of one candidate the first is the same on any number of threads,
  /// since those before it go on.
  private final NavigableMap<Integer, TrainingResult.Diverged> diverged =
      new ConcurrentSkipListMap<>();

  /// @param parting of the rows to the folds
  /// @param kept whether the networks will be served
  /// @param named whether figures name the candidate
  FitTasks(List<Candidate> candidates, Parting parting, boolean kept, boolean named) {
    this.candidates = candidates;
    this.parting = parting;
    this.kept = kept;
    this.named = named;
  }

  private Candidate candidate(int task) {
    return candidates.get(task / parting.count());
  }

  private Split split(int task) {
    return parting.split(task % parting.count());
  }

  /// What a run of all tasks shares.
  private record Run(
      Supervisor supervisor,
      FoldCheckpoints progress,
      Admission admission,
      NavigableMap<Integer, TrainingResult> failed,
      AtomicInteger firstFailed) {

    void failed(int task, TrainingResult result) {
      failed.put(task, result);
      if (!(result instanceof TrainingResult.Suspended)) {
        firstFailed.accumulateAndGet(task, Math::min);
      }
      admission.stop();
    }
  }

  /// @return null if there is a candidate that can be served, else what the first task came to that
  ///   has not ended well
  @Nullable TrainingResult run(
      Team team, Supervisor supervisor, FoldCheckpoints progress, Admission admission) {
    int all = candidates.size() * parting.count();
    progress.ended().forEach(fold -> admission.ended(fold.task() - 1, fold.seconds()));
    int[] left = IntStream.range(0, all).filter(task -> !progress.hasEnded(task + 1)).toArray();
    // Once a task is ended from outside, those behind it need not go on.
    // Once one has thrown, none need go on.
    Run run =
        new Run(
            supervisor, progress, admission, new ConcurrentSkipListMap<>(), new AtomicInteger(all));
    AtomicInteger next = new AtomicInteger();
    team.run(
        left.length,
        _ -> {
          try {
            run(left[next.getAndIncrement()], run);
          } catch (Throwable e) {
            run.firstFailed.set(-1);
            admission.stop();
            throw e;
          }
        });
    if (run.failed.isEmpty()) {
      return progress.ended().stream().anyMatch(fold -> divergence(candidateOf(fold)) == null)
          ? null
          : diverged.firstEntry().getValue();
    }
    TrainingResult first = run.failed.firstEntry().getValue();
    if (first instanceof TrainingResult.Suspended) {
      progress.save();
    }
    return first;
  }

  private void run(int task, Run run) {
    if (run.progress.isSuspended()) {
      run.failed(task, new TrainingResult.Suspended());
    } else if (isOut(task)) {
      leave(task, run);
    } else if (run.admission.mayBegin(task)) {
      if (isLeftOut(task, run)) {
        run.admission.left(task);
      } else {
        ended(task, fit(task, run), run);
      }
    }
  }

  private void ended(int task, TrainingResult result, Run run) {
    if (result instanceof TrainingResult.Diverged why) {
      diverged.put(task, why);
      leave(task, run);
    } else if (result instanceof TrainingResult.Cancelled && isOut(task)) {
      leave(task, run);
    } else if (!(result instanceof TrainingResult.Trained)) {
      run.failed(task, result);
    }
  }

  private static void leave(int task, Run run) {
    run.admission.left(task);
    run.supervisor.onFoldLeft(task + 1);
  }

  private int candidateOf(MeasuredFold fold) {
    return (fold.task() - 1) / parting.count();
  }

  /// Whether a task of the same candidate diverged that comes before it.
  private boolean isOut(int task) {
    Integer first = diverged.ceilingKey(task / parting.count() * parting.count());
    return first != null && first < task;
  }

  /// Why a candidate is out; null if it is not.
  ///
  /// @param candidate from 0
  TrainingResult.@Nullable Diverged divergence(int candidate) {
    Map.Entry<Integer, TrainingResult.Diverged> first =
        diverged.ceilingEntry(candidate * parting.count());
    return first != null && first.getKey() < (candidate + 1) * parting.count()
        ? first.getValue()
        : null;
  }

  /// If the training is to finish, only what was under way goes on, and the very first task.
  private static boolean isLeftOut(int task, Run run) {
    return task > 0 && run.supervisor.finishes() && !run.progress.goesOn(task + 1);
  }

  private TrainingResult fit(int task, Run run) {
    int number = task + 1;
    Candidate candidate = candidate(task);
    Split rows = split(task);
    Snapshot start = run.progress.begin(number);
    TrainingResult result =
        candidate
            .fit()
            .run(
                rows,
                candidate.training().onFewer(rows.training().length),
                candidate.training().epochs(),
                Team.ALONE,
                start,
                new FitSupervisor() {

                  @Override
                  public void onEpoch(EpochReport report) {
                    run.supervisor.onFoldEpoch(number, report);
                  }

                  @Override
                  public Signal signal() {
                    return run.firstFailed.get() < task || isOut(task)
                        ? Signal.CANCEL
                        : run.supervisor.signal();
                  }

                  @Override
                  public boolean finishes() {
                    return run.supervisor.finishes();
                  }

                  @Override
                  public void keep(Signal why, Supplier<Snapshot> snapshot) {
                    run.progress.keep(number, why, snapshot);
                  }
                });
    MeasuredFold measured =
        result instanceof TrainingResult.Trained trained ? measured(task, trained) : null;
    if (measured != null) {
      run.supervisor.onFold(measured.figures());
      run.admission.ended(task, measured.seconds());
    }
    run.progress.end(number, measured);
    return result instanceof TrainingResult.Diverged(_, _, int epoch, String detail)
        ? new TrainingResult.Diverged(member(task), fold(task), epoch, detail)
        : result;
  }

  private MeasuredFold measured(int task, TrainingResult.Trained trained) {
    if (kept) {
      members.put(task, trained.predictor().members().getFirst());
    }
    return MeasuredFold.of(task + 1, member(task), fold(task), trained, kept);
  }

  /// From 1; null if there is one candidate that figures do not name.
  private @Nullable Integer member(int task) {
    return named ? Integer.valueOf(task / parting.count() + 1) : null;
  }

  /// From 1.
  private int fold(int task) {
    return task % parting.count() + 1;
  }

  /// Makes the networks of tasks that ended before this process went on with the training.
  ///
  /// @param ended whose networks are kept
  void restore(MeasuredFold ended) {
    int task = ended.task() - 1;
    if (!members.containsKey(task)) {
      members.put(
          task, candidate(task).fit().member(split(task), Objects.requireNonNull(ended.kept())));
    }
  }

  /// The network of a task that has ended here or was restored.
  Member member(MeasuredFold ended) {
    return Objects.requireNonNull(members.get(ended.task() - 1));
  }
}
