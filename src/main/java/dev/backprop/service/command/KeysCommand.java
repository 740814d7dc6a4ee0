package dev.backprop.service.command;

import dev.backprop.platform.caller.Role;
import dev.backprop.platform.keys.CommandKeys;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.springframework.core.env.Environment;

/// Makes a key in the database of the service, or one for its configuration. Nothing but the key is
/// printed, so that a script has it.
final class KeysCommand implements Command {

  private static final String CREATE = "create";
  private static final String GENERATE = "generate";
  private static final String ROLE = "--role";
  private static final String NAME = "--name";

  @Override
  public String name() {
    return "keys";
  }

  @Override
  public String usage() {
    return "create --role ROLE [--name NAME] | generate";
  }

  @Override
  public String purpose() {
    return "makes a key in the database, that of SQLite while the service is stopped, or one for backprop.security.admin-key";
  }

  @Override
  public boolean logs() {
    return false;
  }

  @Override
  public String run(List<String> words, Environment environment) throws UsageException {
    if (words.equals(List.of(GENERATE))) {
      return CommandKeys.generate();
    }
    if (words.isEmpty() || !words.getFirst().equals(CREATE)) {
      throw new UsageException(
          words.isEmpty() ? "a word is missing" : "the first word was " + words.getFirst());
    }
    Map<String, String> options = options(words.subList(1, words.size()));
    String role = options.get(ROLE);
    if (role == null) {
      throw new UsageException("a role must be given, predict, train or admin");
    }
    try {
      return CommandKeys.create(
          environment,
          Role.ofJson(role)
              .orElseThrow(
                  () ->
                      new UsageException("the role must be predict, train or admin, was " + role)),
          options.get(NAME));
    } catch (ProblemException e) {
      if (e.code() == ProblemCode.INVALID_SPEC) {
        throw new UsageException(e.detail());
      }
      throw e;
    }
  }

  /// Each with its value, as one word or as two.
  private static Map<String, String> options(List<String> words) throws UsageException {
    Map<String, String> options = new HashMap<>();
    Iterator<String> rest = words.iterator();
    while (rest.hasNext()) {
      String word = rest.next();
      int equals = word.indexOf('=');
      String option = equals < 0 ? word : word.substring(0, equals);
      if (!option.equals(ROLE) && !option.equals(NAME)) {
        throw new UsageException("there are the options --role and --name, was " + option);
      }
      if (equals < 0 && !rest.hasNext()) {
        throw new UsageException(option + " must be followed by its value");
      }
      if (options.put(option, equals < 0 ? rest.next() : word.substring(equals + 1)) != null) {
        throw new UsageException(option + " must be given once");
      }
    }
    return options;
  }
}
