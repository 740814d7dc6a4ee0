package dev.backprop;

import dev.backprop.platform.caller.Allowed;
import dev.backprop.platform.caller.Role;
import java.util.List;
import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/// The service with two trivial endpoints beside it, the yardsticks of `benchmarks/http`: the same
/// JVM, server and JSON mapper, and bodies of the same shape, without a prediction.
public class BenchmarkApplication {
  public static void main(String[] args) {
    SpringApplication.run(new Class<?>[] {BackpropApplication.class, Trivial.class}, args);
  }

  record Answer(String model, int version, double prediction) {}

  record Rows(List<Map<String, Double>> rows) {}

  record One(double prediction) {}

  record Answers(String model, int version, List<One> predictions) {}

  // A test configuration, so that no other test's application context picks it up.
  @TestConfiguration
  @RestController
  static class Trivial {
    @Allowed(Role.PREDICT)
    @GetMapping("/trivial")
    Answer answer() {
      return new Answer("yardstick", 1, 203211.5);
    }

    @Allowed(Role.PREDICT)
    @PostMapping("/trivial")
    Answers answer(@RequestBody Rows rows) {
      return new Answers("yardstick", 1, List.of(new One(rows.rows().size())));
    }
  }
}
