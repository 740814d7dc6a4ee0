package dev.backprop.service.dataset;

import dev.backprop.engine.table.ByteBudget;
import dev.backprop.engine.table.Table;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Keeps data sets, and says who holds them. Several processes may share one.
///
/// A data set of somebody's has no name that a list could show: it is that holder's alone, and goes
/// when the holder's holds end. [#find], [#sizes], [#list], [#count] and [#delete] know nothing of
/// it.
interface DatasetStore {

  /// A data set as it is kept.
  ///
  /// @param number its place in lists
  /// @param heldBytes what it takes in memory while somebody works with it
  record Stored(long number, DatasetHead head, long heldBytes) {}

  /// A data set whose cells are written, and which nobody sees yet.
  interface Draft extends AutoCloseable {

    /// Keeps the data set, as a part of the unit of work that is under way.
    ///
    /// @param holder whose it is; null for a data set of everybody
    void keep(@Nullable String holder);

    /// Gives up a data set that was not kept.
    @Override
    void close();
  }

  /// Whether memory may let go of a table, because it can be read again.
  boolean readsAgain();

  /// Writes the cells of a data set, outside of any unit of work.
  ///
  /// @param heldBytes what it takes in memory while somebody works with it
  Draft draft(Dataset dataset, long heldBytes);

  Optional<Stored> find(String id);

  /// About what those before a number take in a list, the highest first.
  List<Long> sizes(long before, int limit);

  /// Those before a number, the highest first; their columns may be left out.
  List<Stored> list(long before, int limit);

  int count();

  /// The first rows of a data set.
  ///
  /// @param rows at least as many, or all if there are fewer
  /// @param budget told what the table takes that is not in memory already
  /// @return empty if the data set is gone
  Optional<Table> read(String id, int rows, ByteBudget budget);

  /// Holds a data set for this process, until [#release] or until this process is dead.
  ///
  /// @return empty if there is none of that id, or it is somebody else's
  Optional<Stored> hold(String id, String holder);

  /// Ends what [#hold] has begun.
  void release(String id, String holder);

  /// Holds a data set until [#end], whatever becomes of this process. This may be a part of a unit
  /// of work.
  ///
  /// @return false if there is none of that id
  boolean keep(String id, String holder);

  /// Ends every hold of a holder, and deletes the data sets that are that holder's. This may be a
  /// part of a unit of work.
  ///
  /// @return the data sets that are gone
  List<String> end(String holder);

  /// Tells others that this process lives and still holds what it holds.
  void renewHolds();

  /// Deletes a data set unless somebody holds it.
  ///
  /// @return empty if there is none of that id; a holder in it if there is one
  Optional<Optional<String>> delete(String id);
}
