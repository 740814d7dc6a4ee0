package dev.backprop.service.command;

import dev.backprop.platform.storage.JdbcBackup;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import org.springframework.core.env.Environment;

/// Writes the embedded database to one file, also while the service runs.
final class BackupCommand implements Command {

  @Override
  public String name() {
    return "backup";
  }

  @Override
  public String usage() {
    return "FILE";
  }

  @Override
  public String purpose() {
    return "writes the database in backprop.data-directory to a new file, beside a running service";
  }

  @Override
  public String run(List<String> words, Environment environment) throws UsageException {
    if (words.size() != 1) {
      throw new UsageException("one file must be named, was " + words);
    }
    Path file;
    try {
      file = Path.of(words.getFirst()).toAbsolutePath().normalize();
    } catch (InvalidPathException _) {
      throw new UsageException("no file can have this name: " + words.getFirst());
    }
    JdbcBackup.Written written = JdbcBackup.write(environment, file);
    return "The backup of %s is %s, %s."
        .formatted(written.database(), file, Command.size(written.bytes()));
  }
}
