package dev.backprop.http;

import org.apache.catalina.core.StandardHost;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.boot.web.server.servlet.context.ServletWebServerInitializedEvent;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.env.Environment;
import tools.jackson.databind.json.JsonMapper;

/// What stands before the controllers: who may ask at all, and how the container itself says no.
@Configuration(proxyBeanMethods = false)
class ContainerConfiguration {

  private static final Logger log = LoggerFactory.getLogger(ContainerConfiguration.class);

  @Bean
  ProblemWriter problemWriter(JsonMapper mapper) {
    return new ProblemWriter(mapper);
  }

  @Bean
  FilterRegistrationBean<OriginFilter> originFilter(ProblemWriter problems) {
    return first(new FilterRegistrationBean<>(new OriginFilter(problems)), 0);
  }

  @Bean
  StoppingFilter stoppingFilter(ProblemWriter problems) {
    return new StoppingFilter(problems);
  }

  @Bean
  FilterRegistrationBean<StoppingFilter> stoppingFilterRegistration(StoppingFilter filter) {
    return first(new FilterRegistrationBean<>(filter), 1);
  }

  private static <F extends jakarta.servlet.Filter> FilterRegistrationBean<F> first(
      FilterRegistrationBean<F> registration, int place) {
    registration.setOrder(Ordered.HIGHEST_PRECEDENCE + 10 + place);
    return registration;
  }

  @Bean
  WebServerFactoryCustomizer<TomcatServletWebServerFactory> problemsFromTheContainer() {
    return factory ->
        factory.addContextCustomizers(
            context -> {
              if (context.getParent() instanceof StandardHost host) {
                host.setErrorReportValveClass(ProblemErrorValve.class.getName());
              }
            });
  }

  @Bean
  ApplicationListener<ServletWebServerInitializedEvent> saysThatNobodyIsAuthenticated(
      Environment environment) {
    return event -> sayWhereItListens(event, environment.getProperty("server.address", "0.0.0.0"));
  }

  private static void sayWhereItListens(WebServerInitializedEvent event, String address) {
    int port = event.getWebServer().getPort();
    if (address.equals("127.0.0.1") || address.equals("::1") || address.equals("localhost")) {
      log.info("Listening on {}:{}, for this machine only; nobody is authenticated", address, port);
    } else {
      log.warn(
          "Listening on {}:{}; nobody is authenticated: whoever reaches this port may train, read and delete",
          address,
          port);
    }
  }
}
