package dev.backprop;

import dev.backprop.platform.limits.OutOfMemory;
import dev.backprop.platform.limits.OutOfMemoryLog;
import dev.backprop.service.command.Commands;
import java.util.OptionalInt;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.event.ApplicationPreparedEvent;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Import;

/// Starts the service, or runs the command that the first argument names. Which database there is,
/// if any, is decided in the package `storage`.
// The engine has no beans: half of all classes need not be looked at.
@SpringBootApplication(
    exclude = DataSourceAutoConfiguration.class,
    scanBasePackages = {"dev.backprop.platform", "dev.backprop.service"})
@Import(ApplicationConfiguration.class)
public class BackpropApplication {

  private static final String CARRIERS = "jdk.virtualThreadScheduler.parallelism";

  public static void main(String[] args) {
    OutOfMemory.endsTheProcess();
    OptionalInt code = new Commands(System.out, System.err).run(args);
    if (code.isPresent()) {
      System.exit(code.getAsInt());
    }
    serve(Commands.withoutServe(args));
  }

  private static void serve(String... args) {
    // A request that computes keeps its carrier: on a single core, small requests need a second
    // one.
    if (Runtime.getRuntime().availableProcessors() == 1 && System.getProperty(CARRIERS) == null) {
      System.setProperty(CARRIERS, "2");
    }
    SpringApplication application = new SpringApplication(BackpropApplication.class);
    // Not before: Spring sets the log up anew while it starts.
    application.addListeners(
        (ApplicationListener<ApplicationPreparedEvent>) _ -> OutOfMemoryLog.watch());
    application.run(args);
  }
}
