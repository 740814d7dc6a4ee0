package dev.backprop;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;

/// Starts the service. Which database there is, if any, is decided in the package `storage`.
@SpringBootApplication(exclude = DataSourceAutoConfiguration.class)
public class BackpropApplication {

  private static final String CARRIERS = "jdk.virtualThreadScheduler.parallelism";

  public static void main(String[] args) {
    // A request that computes keeps its carrier: on a single core, small requests need a second
    // one.
    if (Runtime.getRuntime().availableProcessors() == 1 && System.getProperty(CARRIERS) == null) {
      System.setProperty(CARRIERS, "2");
    }
    SpringApplication.run(BackpropApplication.class, args);
  }
}
