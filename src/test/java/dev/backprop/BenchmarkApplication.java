package dev.backprop;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/// The service with one trivial endpoint beside it, the yardstick of `benchmarks/http`: the same
/// JVM, server and JSON mapper, and an answer of the same shape, without a prediction.
public class BenchmarkApplication {
  public static void main(String[] args) {
    SpringApplication.run(new Class<?>[] {BackpropApplication.class, Trivial.class}, args);
  }

  record Answer(String model, int version, double prediction) {}

  // A test configuration, so that no other test's application context picks it up.
  @TestConfiguration
  @RestController
  static class Trivial {
    @GetMapping("/trivial")
    Answer answer() {
      return new Answer("yardstick", 1, 203211.5);
    }
  }
}
