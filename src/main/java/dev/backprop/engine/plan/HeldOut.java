package dev.backprop.engine.plan;

import dev.backprop.engine.data.Examples;
import dev.backprop.engine.data.Unlearned;
import dev.backprop.engine.table.Label;
import dev.backprop.engine.table.Target;
import dev.backprop.engine.training.Part;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// The words for what only rows have that do not train: categories and classes that nothing is
/// learned of.
///
/// @param training the rows that do
record HeldOut(Part training, Target target) {

  /// Columns that are told of one by one, and texts of each.
  private static final int MAX_SAID = 10;

  /// Characters of a text.
  private static final int MAX_TEXT = 100;

  /// @param name of the part, such as `validation`
  /// @param part rows that do not train, with the encoders of those that do
  /// @param apart whether it was not taken from the data
  List<String> warnings(String name, Part part, boolean apart) {
    String remedy =
        apart
            ? "add such rows to the data"
            : "send another \"seed\" or a smaller \"%sFraction\"".formatted(name);
    List<String> warnings = new ArrayList<>();
    if (target instanceof Target.Classes classes) {
      unlearned(classes, part)
          .ifPresent(
              found ->
                  warnings.add(warning("classes", name, found, "they are never answered", remedy)));
    }
    // What the encoder has no input for was told of when the data came to it.
    List<Unlearned> columns = part.examples().unlearnedCategories(part.rows(), apart);
    columns.stream()
        .limit(MAX_SAID)
        .map(
            found ->
                warning("categories", name, found, "they are answered as unseen ones are", remedy))
        .forEach(warnings::add);
    if (columns.size() > MAX_SAID) {
      warnings.add(
          "%d more columns have categories that only %s rows have"
              .formatted(columns.size() - MAX_SAID, name));
    }
    return warnings;
  }

  private static String warning(
      String what, String part, Unlearned found, String consequence, String remedy) {
    List<String> texts = found.texts();
    String more = texts.size() > MAX_SAID ? " and %d more".formatted(texts.size() - MAX_SAID) : "";
    return "column '%s' has %s that only %s rows have: %s, rows: %d; nothing is learned of them and %s; to learn of them, %s"
        .formatted(
            cut(found.column()),
            what,
            part,
            texts.stream()
                .limit(MAX_SAID)
                .map(text -> "'" + cut(text) + "'")
                .collect(Collectors.joining(", ", "", more)),
            found.rows(),
            consequence,
            remedy);
  }

  private static String cut(String text) {
    return text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT) + "…";
  }

  private Optional<Unlearned> unlearned(Target.Classes target, Part part) {
    int[] counts = counts(target, part);
    BitSet learned = new BitSet();
    Examples examples = training.examples();
    Arrays.stream(training.rows()).forEach(row -> learned.set(examples.stratum(row)));
    List<Label> classes = target.classes();
    int[] unlearned =
        IntStream.range(0, counts.length).filter(k -> counts[k] > 0 && !learned.get(k)).toArray();
    return unlearned.length == 0
        ? Optional.empty()
        : Optional.of(
            new Unlearned(
                target.name(),
                Arrays.stream(unlearned).mapToObj(k -> classes.get(k).text()).toList(),
                Arrays.stream(unlearned).map(k -> counts[k]).sum()));
  }

  private static int[] counts(Target.Classes target, Part part) {
    int[] counts = new int[target.classes().size()];
    for (int row : part.rows()) {
      counts[part.examples().stratum(row)]++;
    }
    return counts;
  }
}
