package dev.backprop;

import dev.backprop.engine.linalg.KernelSelection;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.info.InfoContributor;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.info.GitProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// What every capability uses and none owns.
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(BackpropProperties.class)
class ApplicationConfiguration {

  private static final Logger log = LoggerFactory.getLogger(ApplicationConfiguration.class);

  /// In microseconds, as databases keep them: what is answered now is answered later.
  @Bean
  Clock clock() {
    return Clock.tick(Clock.systemUTC(), Duration.ofNanos(1_000));
  }

  @Bean
  KernelSelection kernels(BackpropProperties properties) {
    KernelSelection selection = KernelSelection.select(properties.kernels().forced());
    log.info("Kernels are {}", selection.reason());
    return selection;
  }

  /// The whole name of the commit, wherever it was built.
  @Bean
  InfoContributor commitInfo(ObjectProvider<GitProperties> git) {
    return info ->
        git.ifAvailable(
            known -> {
              Map<String, Object> commit = new LinkedHashMap<>();
              commit.put("id", known.get("commit.id"));
              if (known.getCommitTime() != null) {
                commit.put("time", known.getCommitTime());
              }
              info.withDetail("git", Map.of("commit", commit));
            });
  }

  @Bean
  InfoContributor kernelsInfo(KernelSelection selection) {
    return info ->
        info.withDetail(
            "kernels", Map.of("name", selection.kernels().name(), "reason", selection.reason()));
  }
}
