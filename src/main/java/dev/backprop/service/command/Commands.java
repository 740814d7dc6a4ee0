package dev.backprop.service.command;

import dev.backprop.platform.problem.ProblemException;
import dev.backprop.platform.storage.StorageException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.ConfigurableApplicationContext;

/// The commands of the jar. The first argument names one; properties may follow as they do for the
/// service, which a command reads them as.
public final class Commands {

  private static final String SERVE = "serve";

  private static final List<Command> COMMANDS =
      List.of(new BackupCommand(), new CopyCommand(), new KeysCommand());

  /// Such as `--backprop.data-directory=/data`. What belongs to a command has no dot.
  private static final Pattern PROPERTY = Pattern.compile("--[^=]*[.][^=]*=.*", Pattern.DOTALL);

  /// For the log to say nothing. Flyway's part has a level of its own.
  private static final List<String> SILENT =
      List.of("--logging.level.root=off", "--logging.level.org.flywaydb=off");

  private static final int DONE = 0;
  private static final int REFUSED = 1;
  private static final int NOT_UNDERSTOOD = 2;

  private final PrintStream out;
  private final PrintStream errors;

  /// @param out where a command says what it has done
  /// @param errors where it says why it has not
  public Commands(PrintStream out, PrintStream errors) {
    this.out = out;
    this.errors = errors;
  }

  /// Runs the command that the arguments name.
  ///
  /// @return what the process must end with: 0 if it was done, 1 if it was refused or failed, 2 if
  ///   it was not understood; empty if the service is what is asked for
  public OptionalInt run(String... arguments) {
    if (arguments.length == 0 || arguments[0].startsWith("-") || arguments[0].equals(SERVE)) {
      return OptionalInt.empty();
    }
    return OptionalInt.of(
        COMMANDS.stream()
            .filter(command -> command.name().equals(arguments[0]))
            .findFirst()
            .map(command -> run(command, List.of(arguments).subList(1, arguments.length)))
            .orElseGet(() -> unknown(arguments[0])));
  }

  private int run(Command command, List<String> arguments) {
    List<String> properties = new ArrayList<>();
    List<String> words = new ArrayList<>();
    arguments.forEach(
        argument -> (PROPERTY.matcher(argument).matches() ? properties : words).add(argument));
    try (ConfigurableApplicationContext context = properties(command, properties)) {
      out.println(command.run(words, context.getEnvironment()));
      return DONE;
    } catch (Command.UsageException e) {
      errors.printf(
          "%s %s: %s%n", command.name(), command.usage(), Objects.requireNonNull(e.getMessage()));
      return NOT_UNDERSTOOD;
    } catch (StorageException e) {
      errors.println(e.getMessage() + " " + e.action());
      return REFUSED;
    } catch (ProblemException e) {
      errors.println(e.detail());
      return REFUSED;
    }
  }

  /// The properties of the service, wherever they stand; a context without its beans.
  private static ConfigurableApplicationContext properties(
      Command command, List<String> arguments) {
    SpringApplication application = new SpringApplication(Nothing.class);
    application.setWebApplicationType(WebApplicationType.NONE);
    application.setLogStartupInfo(false);
    application.setRegisterShutdownHook(false);
    application.setDefaultProperties(Map.of("logging.level.root", "warn"));
    return application.run(
        Stream.concat(arguments.stream(), command.logs() ? Stream.of() : SILENT.stream())
            .toArray(String[]::new));
  }

  private static final class Nothing {}

  private int unknown(String name) {
    errors.printf("%s is no command. These are:%n", name);
    line(SERVE, "starts the service, as no command at all does");
    COMMANDS.forEach(command -> line(command.name() + " " + command.usage(), command.purpose()));
    return NOT_UNDERSTOOD;
  }

  private void line(String command, String purpose) {
    errors.printf("  %-18s %s%n", command, purpose);
  }

  /// The arguments of the service: [#run] has found nothing else among them.
  public static String[] withoutServe(String... arguments) {
    return arguments.length > 0 && arguments[0].equals(SERVE)
        ? Arrays.copyOfRange(arguments, 1, arguments.length)
        : arguments;
  }
}
