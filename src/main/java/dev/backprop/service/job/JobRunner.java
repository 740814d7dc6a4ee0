package dev.backprop.service.job;

import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import dev.backprop.service.job.TrainingJob.CancelAnswer;
import dev.backprop.service.job.TrainingJob.CancelReason;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs the trainings of a queue on threads of its own, as many at once as it has workers, each
/// only while its estimate fits into the memory ledger.
final class JobRunner {

  private static final Logger log = LoggerFactory.getLogger(JobRunner.class);

  private final TrainingQueue jobs;
  private final MemoryLedger ledger;
  private final JobListener listener;
  private final InstantSource clock;
  private final List<Thread> workers = new ArrayList<>();
  private volatile boolean stopping;

  JobRunner(
      TrainingQueue jobs,
      MemoryLedger ledger,
      JobListener listener,
      InstantSource clock,
      int workers) {
    this.jobs = jobs;
    this.ledger = ledger;
    this.listener = listener;
    this.clock = clock;
    for (int i = 1; i <= workers; i++) {
      this.workers.add(
          Thread.ofPlatform().name("backprop-training-" + i).daemon().unstarted(this::work));
    }
  }

  void start() {
    workers.forEach(Thread::start);
  }

  /// Queues a training.
  ///
  /// @throws ProblemException 503 where the service stops, 429 where the queue is full; the caller
  ///   keeps the work then
  void submit(TrainingJob job) {
    refuseWhileStopping();
    jobs.add(job);
    if (stopping) {
      // It may have come after stop() looked.
      cancel(job, CancelReason.SERVICE_STOPPING);
    }
  }

  void refuseWhileStopping() {
    if (stopping) {
      throw new ProblemException(
              ProblemCode.SERVICE_STOPPING, "the service is stopping and accepts no trainings")
          .withRetryAfter(Duration.ofSeconds(30));
    }
  }

  /// Cancels a training: a queued one at once, a running one before its next batch.
  CancelAnswer cancel(TrainingJob job, CancelReason reason) {
    CancelAnswer answer = job.cancel(reason);
    if (answer == CancelAnswer.WAS_QUEUED) {
      end(job, JobEnd.Cancelled.because(reason));
    }
    return answer;
  }

  /// Cancels everything and waits for the workers.
  ///
  /// @param patience how long; what still runs then is called cancelled and left to die with the
  ///   process
  void stop(Duration patience) throws InterruptedException {
    stopping = true;
    jobs.active().forEach(job -> cancel(job, CancelReason.SERVICE_STOPPING));
    long deadline = System.nanoTime() + patience.toNanos();
    for (TrainingJob job : jobs.active()) {
      job.awaitEnd(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
      end(job, JobEnd.Cancelled.because(CancelReason.SERVICE_STOPPING));
    }
    workers.forEach(Thread::interrupt);
  }

  private void work() {
    try {
      while (!stopping) {
        TrainingJob job = jobs.take(head -> ledger.tryTake(head.acceptance().estimatedBytes()));
        try {
          run(job);
        } finally {
          ledger.giveBack(job.acceptance().estimatedBytes());
          jobs.roomMade();
        }
      }
    } catch (InterruptedException e) {
      // Asked to end while idle.
    }
  }

  private void run(TrainingJob job) {
    TrainingWork work = job.start(clock.instant());
    if (work == null) {
      return;
    }
    Acceptance acceptance = job.acceptance();
    JobLog.starts(acceptance);
    JobEnd end;
    try {
      // Nobody asks a training of this process for a checkpoint.
      end = Objects.requireNonNull(work.run(job));
    } catch (ProblemException e) {
      end = new JobEnd.Failed(e.problem(null));
    } catch (Throwable t) {
      // Whatever it is, it must take neither the worker nor the other trainings along.
      log.error("Training {} of model {} broke down", job.id(), acceptance.model(), t);
      end = JobEnd.Failed.because(t);
    }
    end(job, end);
  }

  /// Ends a training. What it held is let go of before anybody sees that it has ended.
  private void end(TrainingJob job, JobEnd how) {
    TrainingWork work = job.claimEnd();
    if (work == null) {
      return;
    }
    Instant now = clock.instant();
    try {
      work.release();
      jobs.ended(job);
      Duration ran = JobLog.ends(job.snapshot(false), how, now);
      listener.onEnd(job.id(), how.state(), ran);
    } finally {
      job.end(how, now);
    }
  }
}
