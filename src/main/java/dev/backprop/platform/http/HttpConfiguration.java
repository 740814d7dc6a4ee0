package dev.backprop.platform.http;

import dev.backprop.platform.json.StrictJson;
import dev.backprop.platform.limits.Budget;
import dev.backprop.platform.limits.ComputeSlots;
import dev.backprop.platform.limits.Connections;
import dev.backprop.platform.limits.HeapShare;
import dev.backprop.platform.storage.JdbcDatabase;
import dev.backprop.platform.storage.Pulse;
import java.time.Clock;
import java.util.List;
import org.apache.catalina.core.StandardHost;
import org.apache.coyote.AbstractProtocol;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.http.converter.autoconfigure.ServerHttpMessageConvertersCustomizer;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.boot.webmvc.autoconfigure.WebMvcRegistrations;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.security.web.header.HeaderWriterFilter;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import tools.jackson.databind.json.JsonMapper;

/// What stands before every controller, see [FilterOrder], and then [StrictParameters].
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(HttpProperties.class)
class HttpConfiguration implements WebMvcConfigurer {

  /// Spring's, of all controllers.
  static final String METHODS = "requestMappingHandlerMapping";

  /// Heavy parts that may wait before others are told to come again.
  private static final int MAX_WAITING = 64;

  @Bean
  JsonMapper jsonMapper() {
    return StrictJson.mapper();
  }

  @Bean
  ComputeSlots computeSlots() {
    return new ComputeSlots(
        Math.max(1, Runtime.getRuntime().availableProcessors() - 1), MAX_WAITING);
  }

  /// Before the answer is written, so that whoever answers may say it otherwise.
  @Bean
  FilterRegistrationBean<HeaderWriterFilter> answerHeaders() {
    HeaderWriterFilter filter = new HeaderWriterFilter(AnswerHeaders.WRITERS);
    filter.setShouldWriteHeadersEagerly(true);
    FilterRegistrationBean<HeaderWriterFilter> registered = new FilterRegistrationBean<>(filter);
    registered.setOrder(FilterOrder.HEADERS);
    return registered;
  }

  @Bean
  AllowedHosts allowedHosts(HttpProperties properties) {
    return new AllowedHosts(properties.allowedHosts());
  }

  @Bean
  AllowedOrigins allowedOrigins(HttpProperties properties) {
    return new AllowedOrigins(properties.allowedOrigins());
  }

  @Bean
  Budget inFlight(HttpProperties properties) {
    return Budget.inFlight(HeapShare.IN_FLIGHT.bytes(properties.inFlightBytes()));
  }

  /// As many connections as `server.tomcat.max-connections` says, else as many as the heap bears.
  @Bean
  Connections connections(ServerProperties server, Environment environment) {
    Integer given = environment.getProperty("server.tomcat.max-connections", Integer.class);
    return given != null
        ? new Connections(given)
        : Connections.within(
            HeapShare.CONNECTIONS.bytes(null), server.getMaxHttpRequestHeaderSize().toBytes());
  }

  /// Bounds the connections, compresses, and answers with problems what the container refuses by
  /// itself.
  @Bean
  WebServerFactoryCustomizer<TomcatServletWebServerFactory> tomcat(
      Connections connections, JsonMapper json) {
    return factory -> {
      factory.setProtocol(CompressingProtocol.class.getName());
      factory.addConnectorCustomizers(
          connector -> {
            if (connector.getProtocolHandler() instanceof AbstractProtocol<?> protocol) {
              protocol.setMaxConnections(connections.max());
            }
          });
      factory.addContextCustomizers(
          context -> {
            StandardHost host = (StandardHost) context.getParent();
            host.setErrorReportValveClass(ProblemErrorReportValve.class.getName());
            host.getPipeline().addValve(new ProblemErrorReportValve(json));
          });
    };
  }

  @Bean
  WebMvcRegistrations mapping() {
    return new WebMvcRegistrations() {
      @Override
      public RequestMappingHandlerMapping getRequestMappingHandlerMapping() {
        return new QuickMapping();
      }
    };
  }

  @Bean
  ServerHttpMessageConvertersCustomizer countedAnswers(JsonMapper json, Budget inFlight) {
    return converters -> converters.withJsonConverter(new CountedJson(json, inFlight));
  }

  /// In the database if there is one.
  @Bean
  IdempotencyStore idempotencyStore(
      HttpProperties properties,
      Clock clock,
      ObjectProvider<JdbcDatabase> database,
      ObjectProvider<Pulse> pulse) {
    JdbcDatabase stored = database.getIfAvailable();
    return stored == null
        ? new InMemoryIdempotencyStore(
            properties.idempotency(), HeapShare.IDEMPOTENCY.bytes(null), clock)
        : new JdbcIdempotencyStore(stored, properties.idempotency(), clock)
            .keptBy(pulse.getObject());
  }

  @Override
  public void addInterceptors(InterceptorRegistry registry) {
    registry.addInterceptor(new StrictParameters());
  }

  @Override
  public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
    resolvers.add(new QueryOptionsResolver());
  }
}
