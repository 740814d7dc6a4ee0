package dev.backprop.service.command;

import dev.backprop.platform.storage.JdbcCopy;
import java.util.List;
import org.springframework.core.env.Environment;

/// Copies the embedded database to an empty one of PostgreSQL, while the service is stopped.
final class CopyCommand implements Command {

  private static final String TO = "--to";

  @Override
  public String name() {
    return "copy";
  }

  @Override
  public String usage() {
    return TO + " JDBC-URL";
  }

  @Override
  public String purpose() {
    return "copies that database to an empty one of PostgreSQL, while the service is stopped";
  }

  @Override
  public String run(List<String> words, Environment environment) throws UsageException {
    String url;
    if (words.size() == 2 && words.getFirst().equals(TO)) {
      url = words.getLast();
    } else if (words.size() == 1 && words.getFirst().startsWith(TO + "=")) {
      url = words.getFirst().substring(TO.length() + 1);
    } else {
      // Not the words themselves: a password may be among them.
      throw new UsageException("one database must be named, by " + usage());
    }
    JdbcCopy.Copied copied = JdbcCopy.toPostgresql(environment, url);
    return "%d rows of %d tables were copied from %s, %s; their counts and hashes agree."
        .formatted(copied.rows(), copied.tables(), copied.database(), Command.size(copied.bytes()));
  }
}
