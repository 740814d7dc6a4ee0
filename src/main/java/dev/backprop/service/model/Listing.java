package dev.backprop.service.model;

import dev.backprop.platform.http.Page;
import dev.backprop.platform.notes.Notes;
import dev.backprop.platform.problem.ProblemException;
import org.jspecify.annotations.Nullable;

/// Which page of which list is asked for.
///
/// @param tag of what is listed; null for all
/// @param cursor the end of the page before; null for the first page
/// @param limit at least 1
record Listing(@Nullable String tag, @Nullable String cursor, int limit) {

  /// As a query says it.
  ///
  /// @throws ProblemException 400 if it is impossible
  static Listing of(@Nullable String tag, @Nullable String cursor, @Nullable Integer limit) {
    return new Listing(Notes.ofQuery(tag), cursor, Page.limit(limit));
  }
}
