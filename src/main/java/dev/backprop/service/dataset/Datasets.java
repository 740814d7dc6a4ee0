package dev.backprop.service.dataset;

import dev.backprop.engine.data.Table;
import dev.backprop.platform.http.Page;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The uploaded tables, bounded in the memory that they hold together. Serves many threads.
///
/// What does not fit is refused; where data sets are stored elsewhere, tables that nobody holds
/// make room first.
public interface Datasets {

  /// A reservation of nothing yet.
  Reservation reserve();

  /// Keeps a data set under its id.
  ///
  /// @param reservation of this repository; from now on it belongs to the data set, unless this
  ///   throws
  default void add(Reservation reservation, Dataset dataset) {
    add(reservation, dataset, () -> {});
  }

  /// As above, together with something else.
  ///
  /// @param together done before anybody sees the data set, on whatever thread, with a database in
  ///   the transaction that adds it; what it throws leaves the data set out
  void add(Reservation reservation, Dataset dataset, Runnable together);

  Optional<DatasetHead> find(String id);

  /// Newest first.
  ///
  /// @param limit at least 1
  /// @param cursor null for the first page
  /// @throws dev.backprop.platform.problem.ProblemException `invalid-cursor` for a cursor that this
  ///   list did not give
  Page<DatasetHead> list(int limit, @Nullable String cursor);

  /// The first rows of a data set.
  ///
  /// @param rows at least as many, or all where there are fewer
  /// @param reservation grows by what the table takes that is not in memory already; to be closed
  ///   when the table is no longer used
  /// @throws dev.backprop.platform.problem.ProblemException `not-found` where there is none of that
  ///   id
  Table firstRows(String id, int rows, Reservation reservation);

  /// Keeps a data set from being deleted, and its table in memory, until [#release].
  ///
  /// @param holder who needs it, such as the path of a training
  /// @throws dev.backprop.platform.problem.ProblemException `not-found` where there is none of that
  ///   id
  Dataset hold(String id, String holder);

  /// Ends a hold; does nothing where there is none.
  void release(String id, String holder);

  /// @throws dev.backprop.platform.problem.ProblemException `not-found` where there is none of that
  ///   id, `in-use` naming a holder where somebody holds it
  void delete(String id);

  /// Data sets kept; with a database, as of some seconds ago.
  int count();

  /// Bytes that are taken by data sets and other reservations.
  long bytesHeld();

  /// Bytes that may be taken.
  long maxBytes();
}
