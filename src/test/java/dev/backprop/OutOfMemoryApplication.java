package dev.backprop;

import dev.backprop.platform.limits.OutOfMemory;
import dev.backprop.platform.limits.OutOfMemoryLog;
import dev.backprop.platform.storage.Databases;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/// A virtual machine whose memory fills up in one of several places; it never ends by itself.
final class OutOfMemoryApplication {

  private static final Logger log = LoggerFactory.getLogger(OutOfMemoryApplication.class);

  private OutOfMemoryApplication() {}

  @Configuration(proxyBeanMethods = false)
  @Import({BackpropApplication.class, Greedy.class})
  static class Service {}

  @RestController
  static class Greedy {

    @GetMapping("/greedy")
    String fill() {
      return fillMemory();
    }
  }

  /// @param args the place
  public static void main(String[] args) throws Exception {
    OutOfMemory.endsTheProcess();
    switch (args[0]) {
      case "thread" -> Thread.ofPlatform().start(OutOfMemoryApplication::fillMemory);
      case "virtual-thread" -> Thread.ofVirtual().start(OutOfMemoryApplication::fillMemory);
      case "pool" -> Executors.newCachedThreadPool().execute(OutOfMemoryApplication::fillMemory);
      case "logged" -> {
        OutOfMemoryLog.watch();
        Thread.ofPlatform().start(OutOfMemoryApplication::survive);
      }
      case "request" -> request();
      default -> throw new IllegalArgumentException(args[0]);
    }
    new CountDownLatch(1).await();
  }

  private static String fillMemory() {
    Object[] held = {};
    while (held.length < 3) {
      held = new Object[] {held, new byte[1 << 16]};
    }
    return "never";
  }

  @SuppressWarnings("CatchAndPrintStackTrace")
  private static void survive() {
    try {
      fillMemory();
    } catch (Throwable e) {
      log.warn("{} went wrong", "something", e);
    }
  }

  private static void request() throws IOException, InterruptedException {
    ConfigurableApplicationContext context =
        SpringApplication.run(
            Service.class,
            "--backprop.data-directory=" + Databases.temporaryDirectory(),
            "--server.port=0");
    String port = context.getEnvironment().getRequiredProperty("local.server.port");
    HttpClient client = HttpClient.newHttpClient();
    HttpRequest greedy =
        HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/greedy")).build();
    client.send(greedy, BodyHandlers.ofString());
  }
}
