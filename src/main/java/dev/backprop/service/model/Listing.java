package dev.backprop.service.model;

import dev.backprop.platform.http.Page;
import dev.backprop.platform.http.Sort;
import dev.backprop.platform.notes.Notes;
import dev.backprop.platform.problem.ProblemException;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/// Which page of which list is asked for.
///
/// @param sort the order; null for the newest first
/// @param tag of what is listed; null for all
/// @param cursor the end of the page before; null for the first page
/// @param limit at least 1
record Listing(@Nullable Sort sort, @Nullable String tag, @Nullable String cursor, int limit) {

  /// Of the keys of places.
  static final Comparator<String> AGES = Comparator.naturalOrder();

  /// As a query says it.
  ///
  /// @throws ProblemException 400 if it is impossible
  static Listing of(
      @Nullable String sort,
      @Nullable String tag,
      @Nullable String cursor,
      @Nullable Integer limit) {
    return new Listing(Sort.of(sort), Notes.ofQuery(tag), cursor, Page.limit(limit));
  }

  /// An age as the key of a place, in as many digits as any other.
  static String key(long age) {
    return "%019d".formatted(age);
  }
}
