package dev.backprop.service.job;

import dev.backprop.engine.plan.CrossValidationResult;
import dev.backprop.engine.training.EpochReport;
import dev.backprop.platform.limits.Budget;
import dev.backprop.platform.problem.ProblemException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// Sends one client the events of one training (Server-Sent Events). It has a cursor into the
/// training's history, and looks there again only after the client has taken what was sent. So even
/// for a slow client it holds only a few epochs, and the training never waits for it.
final class ProgressStream implements AutoCloseable {

  private static final String COMMENT = ":\n\n";

  /// The memory for each byte that is sent: the byte, its text, and the objects that the text was
  /// made from.
  private static final long BYTES_PER_BYTE = 4;

  private final TrainingJob job;
  private final Duration heartbeat;
  private final JsonMapper json;
  private final ProgressStreams streams;
  private TrainingJob.Seen seen;

  ProgressStream(
      TrainingJob job, int seen, Duration heartbeat, JsonMapper json, ProgressStreams streams) {
    this.job = job;
    this.seen = new TrainingJob.Seen(seen, 0, 0);
    this.heartbeat = heartbeat;
    this.json = json;
    this.streams = streams;
  }

  /// Writes until the training has ended or streams are closed.
  ///
  /// @throws IOException if the client has gone
  void writeTo(OutputStream client) throws IOException, InterruptedException {
    // The comment shows the client that its stream is open before there is news.
    send(client, COMMENT);
    boolean ended = false;
    while (!ended && !streams.areClosed()) {
      TrainingJob.News news = job.await(seen, heartbeat, streams::areClosed);
      if (streams.areClosed()) {
        return; // a stopping service leaves the stream, and sends no end
      }
      StringBuilder events = new StringBuilder();
      for (FoldProgress.FoldEpoch report : news.foldEpochs()) {
        event(events, "fold-epoch", null, report);
      }
      for (CrossValidationResult.Fold fold : news.folds()) {
        event(events, "fold", null, fold);
      }
      int epoch = seen.epoch();
      for (EpochReport report : news.epochs()) {
        event(events, "epoch", Integer.toString(report.epoch()), report);
        epoch = report.epoch();
      }
      seen = new TrainingJob.Seen(epoch, seen.folds() + news.folds().size(), news.told());
      ended = news.ended();
      if (ended) {
        event(events, "end", "end", TrainingResource.of(job.snapshot(false)));
      }
      send(client, events.isEmpty() ? COMMENT : events.toString());
    }
  }

  void wake() {
    job.wake();
  }

  @Override
  public void close() {
    streams.closed(this);
  }

  /// @param id null for an event that every client gets, even if it has seen it before
  private void event(StringBuilder events, String name, @Nullable String id, Object data) {
    events.append("event: ").append(name);
    if (id != null) {
      events.append("\nid: ").append(id);
    }
    // JSON without line breaks: one data line.
    events.append("\ndata: ").append(json.writeValueAsString(data)).append("\n\n");
  }

  /// @throws ProblemException if too much is in flight already. A client that comes again later
  ///   misses nothing
  private void send(OutputStream client, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    try (Budget.Claim _ = streams.claim(BYTES_PER_BYTE * bytes.length)) {
      client.write(bytes);
      client.flush();
    }
  }
}
