package dev.backprop.service.dataset;

import dev.backprop.engine.data.ByteBudget;
import dev.backprop.engine.data.NewerFormatException;
import dev.backprop.engine.data.Table;
import dev.backprop.engine.data.TableCodec;
import dev.backprop.platform.http.Page;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import dev.backprop.platform.storage.Corruption;
import dev.backprop.platform.storage.JdbcBlobs;
import dev.backprop.platform.storage.NewerFormat;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps data sets in a database that other processes may share. In memory are the tables that
/// trainings and evaluations work with now, and as many others as there is room for.
final class StoredDatasets implements Datasets {

  private static final Logger log = LoggerFactory.getLogger(StoredDatasets.class);

  private final JdbcDatasetStore store;
  private final LiveTables live;
  private final Set<Hold> holds = new HashSet<>(); // guarded by itself
  private final Set<Hold> ended = new HashSet<>(); // whose end the database does not know yet
  private final AtomicInteger count;

  private record Hold(String id, String holder) {}

  StoredDatasets(JdbcDatasetStore store, long maxBytes) {
    this.store = store;
    this.live = new LiveTables(maxBytes);
    this.count = new AtomicInteger(store.count());
  }

  /// Tells the database that this process lives and still holds what it holds.
  void renewHolds() {
    Set<Hold> over;
    synchronized (holds) {
      over = Set.copyOf(ended);
    }
    for (Hold hold : over) {
      store.release(hold.id(), hold.holder());
      synchronized (holds) {
        ended.remove(hold);
      }
    }
    store.renewHolds();
    count.set(store.count());
  }

  @Override
  public Reservation reserve() {
    return live.reserve();
  }

  @Override
  public void add(Reservation reservation, Dataset dataset, Runnable together) {
    try (JdbcBlobs.Writer cells = store.writer()) {
      TableCodec.write(dataset.table(), cells);
      cells.finish();
      store.add(dataset.head(), reservation.bytes(), cells, together);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    live.put(dataset.id(), reservation, dataset.table());
    count.incrementAndGet();
  }

  @Override
  public Optional<DatasetHead> find(String id) {
    return store.find(id).map(JdbcDatasetStore.Stored::head);
  }

  @Override
  public Page<DatasetHead> list(int limit, @Nullable String cursor) {
    long before = Page.afterNumber(cursor);
    int fitting = Page.fitting(store.sizes(before, limit), limit);
    return Page.of(
            store.list(before, fitting + 1), fitting, stored -> Long.toString(stored.number()))
        .map(JdbcDatasetStore.Stored::head);
  }

  @Override
  public Table firstRows(String id, int rows, Reservation reservation) {
    JdbcDatasetStore.Stored stored = store.find(id).orElseThrow(() -> none(id));
    return read(stored, rows, reservation);
  }

  @Override
  public Dataset hold(String id, String holder) {
    Hold hold = new Hold(id, holder);
    JdbcDatasetStore.Stored stored = store.hold(id, holder).orElseThrow(() -> none(id));
    boolean fresh;
    synchronized (holds) {
      ended.remove(hold);
      fresh = holds.add(hold);
    }
    boolean done = false;
    try {
      Table table = live.pin(id, stored.heldBytes(), () -> readAll(stored));
      if (!fresh) {
        live.unpin(id);
      }
      done = true;
      return new Dataset(stored.head(), table);
    } finally {
      if (!done && fresh) {
        let(hold);
      }
    }
  }

  /// Into the room that its slot has taken.
  private Table readAll(JdbcDatasetStore.Stored stored) {
    return read(stored, Integer.MAX_VALUE, ByteBudget.unbounded());
  }

  private Table read(JdbcDatasetStore.Stored stored, int rows, ByteBudget budget) {
    String id = stored.head().id();
    try (InputStream cells = store.read(stored)) {
      return TableCodec.read(cells, rows, budget);
    } catch (ProblemException e) {
      throw e;
    } catch (JdbcBlobs.BlobGoneException _) {
      throw none(id);
    } catch (NewerFormatException e) {
      throw NewerFormat.of("data set " + id, e);
    } catch (IOException | RuntimeException e) {
      throw Corruption.of("data set " + id, e);
    }
  }

  @Override
  public void release(String id, String holder) {
    Hold hold = new Hold(id, holder);
    synchronized (holds) {
      if (!holds.contains(hold)) {
        return;
      }
    }
    live.unpin(id);
    let(hold);
  }

  /// Ends a hold. Whoever ends it cannot wait until the database is there again.
  private void let(Hold hold) {
    synchronized (holds) {
      holds.remove(hold);
    }
    try {
      store.release(hold.id(), hold.holder());
    } catch (ProblemException e) {
      log.debug("The end of a hold is told later: {}", e.getMessage());
      synchronized (holds) {
        ended.add(hold);
      }
    }
  }

  @Override
  public void delete(String id) {
    Optional<String> holder = store.delete(id).orElseThrow(() -> none(id));
    if (holder.isPresent()) {
      throw new ProblemException(
          ProblemCode.IN_USE, "data set %s is needed by %s".formatted(id, holder.get()));
    }
    live.drop(id);
    count.decrementAndGet();
  }

  private static ProblemException none(String id) {
    return new ProblemException(ProblemCode.NOT_FOUND, "there is no data set " + id);
  }

  @Override
  public int count() {
    return count.get();
  }

  @Override
  public long bytesHeld() {
    return live.taken();
  }

  @Override
  public long maxBytes() {
    return live.maxBytes();
  }
}
