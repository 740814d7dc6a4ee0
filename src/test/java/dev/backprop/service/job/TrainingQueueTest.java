package dev.backprop.service.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backprop.platform.http.Page;
import dev.backprop.service.job.Jobs.StepByStep;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class TrainingQueueTest {

  private final TrainingQueue jobs = new TrainingQueue(100, 3);

  @Test
  void listsTheNewestFirstPageByPage() {
    for (String id : List.of("1", "2", "3", "4", "5")) {
      jobs.add(Jobs.job(id, StepByStep.succeeding()));
    }

    Page<TrainingJob> first = jobs.list(null, null, null, 2);
    assertThat(ids(first)).containsExactly("5", "4");
    Page<TrainingJob> second = jobs.list(null, null, Page.after(first.nextCursor()), 2);
    assertThat(ids(second)).containsExactly("3", "2");
    jobs.add(Jobs.job("6", StepByStep.succeeding()));
    Page<TrainingJob> last = jobs.list(null, null, Page.after(second.nextCursor()), 2);
    assertThat(ids(last)).containsExactly("1");
    assertThat(last.nextCursor()).isNull();
  }

  @Test
  void endsWithAFullPageWithoutACursor() {
    jobs.add(Jobs.job("1", StepByStep.succeeding()));
    jobs.add(Jobs.job("2", StepByStep.succeeding()));

    assertThat(jobs.list(null, null, null, 2).nextCursor()).isNull();
  }

  @Test
  void filtersByModelAndState() {
    jobs.add(Jobs.job("1", "iris", 1, StepByStep.succeeding()));
    jobs.add(Jobs.job("2", "penguins", 1, StepByStep.succeeding()));
    TrainingJob ended = Jobs.job("3", "iris", 1, StepByStep.succeeding());
    jobs.add(ended);
    end(ended);

    assertThat(ids(jobs.list("iris", null, null, 9))).containsExactly("3", "1");
    assertThat(ids(jobs.list(null, JobState.QUEUED, null, 9))).containsExactly("2", "1");
    assertThat(ids(jobs.list("iris", JobState.SUCCEEDED, null, 9))).containsExactly("3");
  }

  @Test
  void forgetsTheOldestEndedOnes() {
    TrainingJob waiting = Jobs.job("0", StepByStep.succeeding());
    jobs.add(waiting);
    for (String id : List.of("1", "2", "3", "4")) {
      TrainingJob job = Jobs.job(id, StepByStep.succeeding());
      jobs.add(job);
      end(job);
    }

    assertThat(ids(jobs.list(null, null, null, 9))).containsExactly("4", "3", "2", "0");
    assertThat(jobs.find("1")).isEmpty();
    assertThat(jobs.active()).containsExactly(waiting);
  }

  @Test
  void forgetsMoreWhereTheHistoriesAreLong() {
    TrainingQueue roomy = new TrainingQueue(100, 1_000);
    int epochs = TrainingQueue.MAX_FINISHED_EPOCHS / 2;
    for (String id : List.of("1", "2", "3")) {
      TrainingJob job = Jobs.job(id, StepByStep.succeeding());
      for (int epoch = 1; epoch <= epochs; epoch++) {
        job.onEpoch(Jobs.epoch(epoch));
      }
      roomy.add(job);
      job.claimEnd();
      roomy.ended(job);
      job.end(Jobs.succeeded(), Instant.EPOCH);
    }

    assertThat(ids(roomy.list(null, null, null, 9))).containsExactly("3", "2");
  }

  private void end(TrainingJob job) {
    job.claimEnd();
    jobs.ended(job);
    job.end(Jobs.succeeded(), Instant.EPOCH);
  }

  private static List<String> ids(Page<TrainingJob> page) {
    return page.items().stream().map(TrainingJob::id).toList();
  }
}
