package dev.backprop;

import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/// The whole service as it starts with some properties, for tests that stop it or take the database
/// away.
final class RunningService extends ServiceCalls implements AutoCloseable {

  private final ConfigurableApplicationContext context;
  private final HttpClient client = HttpClient.newHttpClient();

  private RunningService(ConfigurableApplicationContext context) {
    this.context = context;
  }

  /// @param properties as arguments
  static RunningService start(List<String> properties) {
    return new RunningService(
        new SpringApplicationBuilder(BackpropApplication.class)
            .properties("server.port=0")
            .run(properties.toArray(String[]::new)));
  }

  ConfigurableApplicationContext context() {
    return context;
  }

  @Override
  protected int port() {
    return context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
  }

  @Override
  protected HttpClient client() {
    return client;
  }

  HttpResponse<String> post(String path, String type, byte[] body) {
    return send(
        request(path).header("Content-Type", type).POST(BodyPublishers.ofByteArray(body)).build());
  }

  @Override
  public void close() {
    client.close();
    context.close();
  }
}
