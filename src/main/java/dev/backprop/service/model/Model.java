package dev.backprop.service.model;

import dev.backprop.platform.artifact.TargetView;
import dev.backprop.platform.http.Page;
import dev.backprop.platform.http.Sort;
import dev.backprop.platform.problem.ProblemException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A name with its versions, as they stood at one moment.
///
/// @param createdAt when the name got its first version, of those since it was last deleted
/// @param versions oldest first, at least one
/// @param currentVersion the number of the version that answers if none is named; null until one
///   has been activated
/// @param target of the current version, else of the latest; null if it cannot be read
public record Model(
    String name,
    Instant createdAt,
    List<VersionHead> versions,
    @Nullable Integer currentVersion,
    @Nullable TargetView target) {

  public Model {
    versions = List.copyOf(versions);
  }

  /// About what it takes in a list.
  long shownBytes() {
    return 1_000 + shown().notes().bytes() + (target == null ? 0 : target.bytes());
  }

  public Optional<VersionHead> version(int number) {
    // The latest are asked for the most.
    for (int i = versions.size() - 1; i >= 0; i--) {
      if (versions.get(i).version() == number) {
        return Optional.of(versions.get(i));
      }
    }
    return Optional.empty();
  }

  /// The version that answers if none is named.
  public Optional<VersionHead> current() {
    return currentVersion == null ? Optional.empty() : version(currentVersion);
  }

  boolean isCurrent(VersionHead version) {
    return currentVersion != null && currentVersion == version.version();
  }

  /// A page of its versions.
  ///
  /// @throws ProblemException 400 if the cursor is none of this list's
  Page<VersionHead> page(Listing listing) {
    if (listing.sort() != null) {
      return page(listing, listing.sort());
    }
    long before = Page.afterNumber(listing.cursor());
    return Page.of(
        versions.reversed().stream()
            .filter(head -> head.version() < before && head.notes().match(listing.tag()))
            .limit(listing.limit() + 1L)
            .toList(),
        listing.limit(),
        head -> Integer.toString(head.version()),
        head -> 1_000 + head.notes().bytes());
  }

  private Page<VersionHead> page(Listing listing, Sort sort) {
    Function<VersionHead, Sort.Place> places =
        head -> sort.place(head.standing(), Listing.key(head.version()));
    return Page.of(
        sort.upToOneMore(
            versions.stream().filter(head -> head.notes().match(listing.tag())),
            places,
            Listing.AGES,
            sort.after(listing.cursor()),
            listing.limit()),
        listing.limit(),
        head -> sort.cursor(places.apply(head)),
        head -> 1_000 + head.notes().bytes());
  }

  /// The current version, else the latest.
  VersionHead shown() {
    return current().orElseGet(this::latest);
  }

  public VersionHead latest() {
    return versions.getLast();
  }
}
