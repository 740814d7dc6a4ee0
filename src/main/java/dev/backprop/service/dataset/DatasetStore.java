package dev.backprop.service.dataset;

import dev.backprop.engine.table.ByteBudget;
import dev.backprop.engine.table.Table;
import dev.backprop.engine.table.TableParts;
import dev.backprop.platform.caller.Caller;
import dev.backprop.platform.notes.Notes;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Keeps data sets, and says who holds them. Several processes may share one.
///
/// A data set may belong to one holder alone. It is then deleted when the holder's holds end.
/// [#find], [#ownership], [#named], [#sizes], [#list], [#count] and [#delete] do not see it.
interface DatasetStore {

  /// A data set as it is kept.
  ///
  /// @param number its place in lists
  /// @param heldBytes what it takes in memory while somebody works with it
  record Stored(long number, DatasetHead head, long heldBytes) {}

  /// A data set whose cells are written, but which nobody sees yet.
  interface Draft extends AutoCloseable {

    /// Keeps the data set, as a part of the unit of work that is under way.
    ///
    /// @param holder the holder to which it belongs alone; null if it is for everybody
    void keep(@Nullable String holder);

    /// Gives up a data set that was not kept.
    @Override
    void close();
  }

  /// Whether a table can be read again after memory has let go of it.
  boolean readsAgain();

  /// Writes the cells of a data set. To be called outside of any unit of work.
  ///
  /// @param heldBytes what it takes in memory while somebody works with it
  Draft draft(Dataset dataset, long heldBytes);

  Optional<Stored> find(String id);

  /// Whose a data set is. It can be told even if nothing else of the data set can be read.
  Optional<Ownership> ownership(String id);

  /// The ids of the data sets of that name that a caller sees, the newest first.
  List<String> named(String name, Caller caller, int limit);

  /// About how many bytes the data sets with lower numbers that a caller sees take in a list, the
  /// highest number first.
  List<Long> sizes(Caller caller, @Nullable String tag, long before, int limit);

  /// The data sets with lower numbers that a caller sees, the highest number first. Their columns
  /// may be left out.
  ///
  /// @param tag that they have; null for all
  List<Stored> list(Caller caller, @Nullable String tag, long before, int limit);

  /// Changes what people say of a data set.
  ///
  /// @return the data set as it is then; empty if there is no such data set
  Optional<Stored> note(String id, UnaryOperator<Notes> change);

  /// How many bytes the data sets of an owner have, those included that belong to holders alone.
  long bytesOf(String owner);

  int count();

  /// The first rows of a data set.
  ///
  /// @param rows how many rows at least; all if there are fewer
  /// @param budget told how much memory the table takes that is not in memory already
  /// @return empty if the data set is gone
  Optional<Table> read(String id, int rows, ByteBudget budget);

  /// The rows of a data set, part by part.
  ///
  /// @param budget told how much memory a part takes that is not in memory already
  /// @return empty if the data set is gone
  Optional<TableParts> parts(String id, ByteBudget budget);

  /// Holds a data set for this process, until [#release] or until this process is dead.
  ///
  /// @return empty if there is no such data set, or it belongs to another holder alone
  Optional<Stored> hold(String id, String holder);

  /// Ends what [#hold] has begun.
  void release(String id, String holder);

  /// Holds a data set until [#end], whatever becomes of this process. This may be a part of a unit
  /// of work.
  ///
  /// @return false if there is no such data set
  boolean keep(String id, String holder);

  /// Ends every hold of a holder, and deletes the data sets that belong to that holder alone. This
  /// may be a part of a unit of work.
  ///
  /// @return the data sets that are gone
  List<String> end(String holder);

  /// Tells other processes that this one lives, so that its holds do not end.
  void renewHolds();

  /// The oldest data sets that were made before and that nobody holds.
  List<String> older(Instant until, int most);

  /// Deletes a data set unless somebody holds it.
  ///
  /// @return empty if there is no such data set; an optional with a holder if somebody holds it
  Optional<Optional<String>> delete(String id);
}
