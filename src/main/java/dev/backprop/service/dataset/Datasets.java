package dev.backprop.service.dataset;

import dev.backprop.engine.table.ByteBudget;
import dev.backprop.engine.table.Table;
import dev.backprop.engine.table.TableParts;
import dev.backprop.platform.caller.Audit;
import dev.backprop.platform.caller.Caller;
import dev.backprop.platform.http.Page;
import dev.backprop.platform.limits.Budget;
import dev.backprop.platform.limits.Cache;
import dev.backprop.platform.notes.Notes;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import dev.backprop.platform.storage.UnitOfWork;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps uploaded tables, and tables that a training holds alone. Serves many threads.
///
/// Tables in use are in memory, within one budget, together with as many others as there is room
/// for. A table that does not fit is refused.
public final class Datasets {

  private static final Logger log = LoggerFactory.getLogger(Datasets.class);

  private static final Cache.Terms TERMS =
      new Cache.Terms(
          Integer.MAX_VALUE,
          Duration.ofMinutes(2),
          "the data set is still being brought back",
          Duration.ofSeconds(5));

  /// The holder of every table that cannot be read again.
  private static final String STORE = "";

  private final DatasetStore store;
  private final SeenDatasets seen;
  private final UnitOfWork unit;
  private final Budget budget;
  private final Cache<String, Table> tables;
  private final Map<Hold, Cache<String, Table>.Pin> pins = new ConcurrentHashMap<>();
  private final Set<Hold> ended = ConcurrentHashMap.newKeySet(); // the store has not been told yet
  private final AtomicInteger count;

  private record Hold(String id, String holder) {}

  Datasets(DatasetStore store, UnitOfWork unit, Budget budget) {
    this.store = store;
    this.seen = new SeenDatasets(store);
    this.unit = unit;
    this.budget = budget;
    this.tables = new Cache<>(budget, TERMS);
    this.count = new AtomicInteger(store.count());
  }

  /// Data sets that live as long as the process.
  public static Datasets inMemory(long maxBytes) {
    return new Datasets(new InMemoryDatasetStore(), UnitOfWork.DIRECT, budget(maxBytes));
  }

  /// @param maxBytes that all tables together may hold
  static Budget budget(long maxBytes) {
    return new Budget(
        "datasets",
        maxBytes,
        shortage ->
            shortage.total() > shortage.limit()
                ? new ProblemException(
                    ProblemCode.TOO_LARGE,
                    "a table may hold at most %d bytes (backprop.dataset.max-bytes), this one needs at least %d"
                        .formatted(shortage.limit(), shortage.total()))
                : new ProblemException(
                    ProblemCode.REPOSITORY_FULL,
                    "tables hold %d of at most %d bytes (backprop.dataset.max-bytes), %d more do not fit"
                        .formatted(shortage.held(), shortage.limit(), shortage.more())));
  }

  /// Claims memory for a table. The claim is empty, and grows while the table is read.
  public Budget.Claim reserve() {
    return budget.claim();
  }

  /// Writes the cells of a data set, which nobody sees before the draft is kept. To be called
  /// outside of a unit of work; the caller closes the draft.
  ///
  /// @param claim the memory of the data set; when the data set is kept, its table takes the claim
  ///   over
  public Draft draft(Budget.Claim claim, Dataset dataset) {
    return new Draft(claim, dataset);
  }

  /// A data set that is not kept yet.
  public final class Draft implements AutoCloseable {

    private final Budget.Claim claim;
    private final Dataset dataset;
    private final DatasetStore.Draft cells;

    private Draft(Budget.Claim claim, Dataset dataset) {
      this.claim = claim;
      this.dataset = dataset;
      this.cells = store.draft(dataset, claim.bytes());
    }

    /// How many bytes its table holds.
    public long bytes() {
      return dataset.head().bytes();
    }

    /// Keeps the data set under its id, as a part of the unit of work that is under way.
    public void keep() {
      cells.keep(null);
      unit.afterwards(
          () -> {
            takeIn();
            count.incrementAndGet();
            Audit.note("rows", dataset.head().rows());
            Audit.note("bytes", dataset.head().bytes());
          });
    }

    /// Keeps the data set for one holder alone, as a part of the unit of work that is under way. It
    /// is in no list, and is deleted when the holder's holds end.
    public void keepFor(String holder) {
      cells.keep(holder);
      unit.afterwards(this::takeIn);
    }

    private void takeIn() {
      Cache<String, Table>.Pin pin = tables.put(dataset.id(), claim, dataset.table());
      if (store.readsAgain()) {
        pin.close();
      } else {
        pins.put(new Hold(dataset.id(), STORE), pin);
      }
    }

    /// Deletes the cells if the data set was not kept.
    @Override
    public void close() {
      cells.close();
    }
  }

  /// @return empty if the caller sees no such data set
  public Optional<DatasetHead> find(String id, Caller caller) {
    return seen.find(id, caller);
  }

  /// The id of the data set that a body names: a text in UUID form is an id, any other a name.
  ///
  /// @return empty if the caller sees no data set of that id or name
  /// @throws ProblemException `ambiguous-name` with the newest ids if the caller sees several of
  ///   the name
  public Optional<String> idOf(String text, Caller caller) {
    return seen.idOf(text, caller);
  }

  /// Lists the data sets that the caller sees, the newest first.
  ///
  /// @param tag that they have; null for all
  /// @param limit at least 1
  /// @param cursor null for the first page
  /// @throws ProblemException `invalid-cursor` if this list did not give the cursor
  public Page<DatasetHead> list(
      Caller caller, @Nullable String tag, int limit, @Nullable String cursor) {
    return seen.list(caller, tag, limit, cursor);
  }

  /// Changes what people say of a data set.
  ///
  /// @return what is known of it then
  /// @throws ProblemException `not-found` if the caller sees no such data set
  DatasetHead note(String id, Caller caller, UnaryOperator<Notes> change) {
    return seen.ownership(id, caller)
        .flatMap(_ -> store.note(id, change))
        .map(DatasetStore.Stored::head)
        .orElseThrow(() -> none(id));
  }

  /// The first rows of a data set.
  ///
  /// @param rows how many rows at least; all if there are fewer
  /// @param claim grows by the memory of what is not in memory already; the caller closes it after
  ///   using the table
  /// @throws ProblemException `not-found` if the caller sees no such data set
  public Table firstRows(String id, Caller caller, int rows, Budget.Claim claim) {
    return seen.ownership(id, caller)
        .flatMap(_ -> store.read(id, rows, claim))
        .orElseThrow(() -> none(id));
  }

  /// Keeps a data set from being deleted, and its table in memory, until [#release]. The hold ends
  /// with this process.
  ///
  /// @param holder who needs it, such as the path of a training
  /// @throws ProblemException `not-found` if there is no such data set
  public Dataset hold(String id, String holder) {
    Hold hold = new Hold(id, holder);
    DatasetStore.Stored stored = store.hold(id, holder).orElseThrow(() -> none(id));
    ended.remove(hold);
    Cache<String, Table>.Pin pin = null;
    try {
      pin = pinned(stored);
    } finally {
      if (pin == null && !pins.containsKey(hold)) {
        let(hold);
      }
    }
    Cache<String, Table>.Pin before = pins.putIfAbsent(hold, pin);
    if (before != null) {
      pin.close();
    }
    return new Dataset(stored.head(), pin.value());
  }

  /// Keeps a data set from being deleted while it is read part by part. Its table is not brought
  /// into memory.
  ///
  /// @param holder who reads it; nobody else has the name
  /// @throws ProblemException `not-found` if there is no such data set
  public Reading open(String id, String holder) {
    DatasetStore.Stored stored = store.hold(id, holder).orElseThrow(() -> none(id));
    return new Reading(stored.head(), new Hold(id, holder));
  }

  /// A data set that is being read.
  public final class Reading implements AutoCloseable {

    private final DatasetHead head;
    private final Hold hold;

    private Reading(DatasetHead head, Hold hold) {
      this.head = head;
      this.hold = hold;
    }

    public DatasetHead head() {
      return head;
    }

    /// The rows, from the first one on. The caller closes them.
    ///
    /// @param budget told the memory of a part, and of what all parts share
    public TableParts parts(ByteBudget budget) {
      return store.parts(head.id(), budget).orElseThrow(() -> none(head.id()));
    }

    /// Ends the hold.
    @Override
    public void close() {
      let(hold);
    }
  }

  private Cache<String, Table>.Pin pinned(DatasetStore.Stored stored) {
    String id = stored.head().id();
    return tables
        .pin(
            id, stored.heldBytes(), () -> store.read(id, Integer.MAX_VALUE, ByteBudget.unbounded()))
        .orElseThrow(() -> none(id));
  }

  /// Ends a hold; does nothing if there is none.
  public void release(String id, String holder) {
    Hold hold = new Hold(id, holder);
    if (unpin(hold)) {
      let(hold);
    }
  }

  private boolean unpin(Hold hold) {
    Cache<String, Table>.Pin pin = pins.remove(hold);
    if (pin != null) {
      pin.close();
    }
    return pin != null;
  }

  /// Ends a hold. If the store cannot be reached, it is told later, because the caller cannot wait.
  private void let(Hold hold) {
    try {
      store.release(hold.id(), hold.holder());
    } catch (ProblemException e) {
      log.debug("The end of a hold is told later: {}", e.getMessage());
      ended.add(hold);
    }
  }

  /// Keeps a data set from being deleted until [#end], whatever becomes of this process. This is a
  /// part of the unit of work that is under way.
  ///
  /// @return false if there is no such data set
  public boolean keep(String id, String holder) {
    return store.keep(id, holder);
  }

  /// Ends every hold of a holder, and deletes the data sets that are that holder's alone. This is a
  /// part of the unit of work that is under way.
  public void end(String holder) {
    List<String> gone = store.end(holder);
    unit.afterwards(
        () -> {
          pins.keySet().stream().filter(hold -> hold.holder().equals(holder)).forEach(this::unpin);
          gone.forEach(this::forget);
        });
  }

  private void forget(String id) {
    unpin(new Hold(id, STORE));
    tables.remove(id);
  }

  /// Whose a data set is never changes, so what is asked before still holds when it is deleted. A
  /// caller that does not see all models is not told a holder, whose name may have one of theirs.
  ///
  /// @throws ProblemException `not-found` if the caller sees no such data set, `forbidden` if it is
  ///   another's, `in-use` naming a holder if somebody holds it
  public void delete(String id, Caller caller) {
    Ownership ownership = seen.ownership(id, caller).orElseThrow(() -> none(id));
    caller.requireMayDelete(ownership.owner(), "data set " + id);
    Optional<String> holder = store.delete(id).orElseThrow(() -> none(id));
    if (holder.isPresent()) {
      throw new ProblemException(
          ProblemCode.IN_USE,
          caller.modelPrefixes().isEmpty()
              ? "data set %s is needed by %s".formatted(id, holder.get())
              : "data set %s is needed by a training, a prediction or an evaluation".formatted(id));
    }
    forget(id);
    count.decrementAndGet();
  }

  /// Deletes the oldest data sets that were made before and that nobody holds.
  ///
  /// @return in words what this call has deleted
  List<String> deleteOlder(Instant until, int most) {
    List<String> gone = new ArrayList<>();
    for (String id : store.older(until, most)) {
      // Somebody may have deleted it, or begun to hold it, since.
      if (store.delete(id).filter(Optional::isEmpty).isPresent()) {
        forget(id);
        count.decrementAndGet();
        gone.add("Data set " + id);
      }
    }
    return gone;
  }

  /// Tells other processes that this one lives, so that its holds do not end. Tells the store of
  /// ended holds, too.
  void renewHolds() {
    for (Hold hold : Set.copyOf(ended)) {
      store.release(hold.id(), hold.holder());
      ended.remove(hold);
    }
    store.renewHolds();
    count.set(store.count());
  }

  static ProblemException none(String id) {
    return new ProblemException(ProblemCode.NOT_FOUND, "there is no data set " + id);
  }

  /// How many data sets are kept. If processes share the store, the number is some seconds old.
  int count() {
    return count.get();
  }

  /// How many bytes the data sets of an owner have, those included that trainings hold alone.
  long bytesOf(String owner) {
    return store.bytesOf(owner);
  }

  /// How many bytes tables and claims for tables take.
  long bytesHeld() {
    return budget.held();
  }
}
