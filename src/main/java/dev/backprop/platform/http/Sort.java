package dev.backprop.platform.http;

import dev.backprop.engine.plan.Standing;
import dev.backprop.platform.problem.Excerpt;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The order of a list by a figure: the best first, those without the figure last, and of equal
/// ones the newest first.
///
/// @param figure one of [Standing#names]
public record Sort(String figure) {

  private static final String SEPARATOR = " ";
  private static final String NONE = "-";

  /// As a query says it.
  ///
  /// @return null if it does not
  /// @throws ProblemException 422 with the names that there are for any other
  public static @Nullable Sort of(@Nullable String figure) {
    if (figure == null) {
      return null;
    }
    if (!Standing.names().contains(figure)) {
      throw new ProblemException(
          ProblemCode.INVALID_SPEC,
          "sort: must be one of %s, was '%s'"
              .formatted(String.join(", ", Standing.names()), Excerpt.of(figure)));
    }
    return new Sort(figure);
  }

  /// Where an item stands in the list.
  ///
  /// @param of the lowest being the best; null without the figure
  /// @param key what tells its age
  public record Place(@Nullable Double of, String key) {}

  /// The place of an item.
  public Place place(@Nullable Standing standing, String key) {
    return new Place(standing == null ? null : standing.place(figure), key);
  }

  /// The place that a page begins behind; null for the first page.
  ///
  /// @throws ProblemException 400 if the cursor is none of a list in this order
  public @Nullable Place after(@Nullable String cursor) {
    String text = Page.after(cursor);
    if (text == null) {
      return null;
    }
    String[] parts = text.split(SEPARATOR, -1);
    if (parts.length != 3 || !parts[0].equals(figure)) {
      throw Page.invalidCursor();
    }
    try {
      return new Place(parts[1].equals(NONE) ? null : Double.valueOf(parts[1]), parts[2]);
    } catch (NumberFormatException _) {
      throw Page.invalidCursor();
    }
  }

  /// What a cursor says of a place, so that [#after] finds it again.
  public String cursor(Place place) {
    return figure
        + SEPARATOR
        + (place.of() == null ? NONE : place.of().toString())
        + SEPARATOR
        + place.key();
  }

  /// One more than a page of a list that is held in memory.
  ///
  /// @param items in any order
  /// @param ages by which keys are compared
  /// @param after null for the first page
  public <T> List<T> upToOneMore(
      Stream<T> items,
      Function<T, Place> places,
      Comparator<String> ages,
      @Nullable Place after,
      int limit) {
    Comparator<Place> order =
        Comparator.comparing(
                Place::of,
                Comparator.<@Nullable Double>nullsLast(Comparator.<Double>naturalOrder()))
            .thenComparing(Place::key, ages.reversed());
    return items
        .filter(item -> after == null || order.compare(places.apply(item), after) > 0)
        .sorted(Comparator.comparing(places, order))
        .limit(limit + 1L)
        .toList();
  }
}
