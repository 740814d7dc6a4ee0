package dev.backprop.service.command;

import java.util.List;
import java.util.Locale;
import org.springframework.core.env.Environment;

/// One thing that the jar does instead of serving.
interface Command {

  /// The word that names it.
  String name();

  /// What follows the name, for people.
  String usage();

  /// What it does, for people.
  String purpose();

  /// Whether the log is printed beside what the command prints.
  default boolean logs() {
    return true;
  }

  /// Does it.
  ///
  /// @param words what follows the name, without properties
  /// @param environment the properties of the service
  /// @return a line that says what was done
  /// @throws UsageException if the words are not as [#usage] says
  String run(List<String> words, Environment environment) throws UsageException;

  /// Bytes as people read them.
  static String size(long bytes) {
    return String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
  }

  /// A command was not given what it needs.
  final class UsageException extends Exception {

    UsageException(String message) {
      super(message);
    }
  }
}
