package dev.backprop;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/// Starts the service.
@SpringBootApplication
public class BackpropApplication {

  public static void main(String[] args) {
    SpringApplication.run(BackpropApplication.class, args);
  }
}
