package dev.backprop.engine.plan;

import dev.backprop.engine.linalg.Team;
import dev.backprop.engine.training.Signal;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/// Work behind that of the last task, side by side. The training may be ended between two pieces.
record LastPhase(Team team, Supervisor supervisor, FoldCheckpoints progress) {

  /// @return null if all pieces are done, else how the training ends
  @Nullable TrainingResult each(int pieces, IntConsumer work) {
    AtomicReference<@Nullable Signal> ended = new AtomicReference<>();
    team.run(
        pieces,
        piece -> {
          Signal now = ended.get() == null ? supervisor.signal() : ended.get();
          if (now == Signal.CANCEL || now == Signal.SUSPEND) {
            ended.set(now);
          } else {
            work.accept(piece);
          }
        });
    Signal why = ended.get();
    if (why == Signal.SUSPEND) {
      progress.save();
      return new TrainingResult.Suspended();
    }
    return why == null
        ? null
        : new TrainingResult.Cancelled(progress.ended().getLast().figures().epochs());
  }
}
