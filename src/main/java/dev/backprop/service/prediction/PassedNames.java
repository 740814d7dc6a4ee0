package dev.backprop.service.prediction;

import dev.backprop.platform.problem.Excerpt;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/// The columns that the option `pass` names, separated by commas. A value that is as a whole the
/// name of a column means that column, so a name may contain a comma.
record PassedNames(List<String> values) {

  static final PassedNames NONE = new PassedNames(List.of());

  private static final int MAX = 1000;

  PassedNames {
    values = List.copyOf(values);
  }

  private static List<String> parts(String value) {
    return List.of(value.split(",", -1)).stream().map(String::strip).toList();
  }

  /// Every name that may be meant.
  ///
  /// @throws ProblemException 400 if there are too many
  Set<String> candidates() {
    Set<String> names = new HashSet<>();
    for (String value : values) {
      names.add(value.strip());
      names.addAll(parts(value));
    }
    if (names.size() > MAX) {
      throw new ProblemException(
          ProblemCode.INVALID_PARAMETER,
          "pass: must be at most %d names, were %d".formatted(MAX, names.size()));
    }
    return names;
  }

  /// The columns that are meant, in the order in which they are named.
  ///
  /// @param has whether the rows have a column
  /// @throws ProblemException 422 if they do not have one that is named
  List<String> of(Predicate<String> has) {
    Set<String> names = new LinkedHashSet<>();
    for (String value : values) {
      if (has.test(value.strip())) {
        names.add(value.strip());
        continue;
      }
      for (String part : parts(value)) {
        if (!has.test(part)) {
          throw new ProblemException(
              ProblemCode.INVALID_DATA,
              "pass: must name columns of the rows, '%s' is in no row".formatted(Excerpt.of(part)));
        }
        names.add(part);
      }
    }
    return List.copyOf(names);
  }
}
