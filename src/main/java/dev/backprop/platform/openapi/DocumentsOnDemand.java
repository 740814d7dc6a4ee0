package dev.backprop.platform.openapi;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.properties.SwaggerUiConfigProperties;
import org.springdoc.core.properties.SwaggerUiOAuthProperties;
import org.springdoc.core.providers.ObjectMapperProvider;
import org.springdoc.webmvc.ui.SwaggerIndexPageTransformer;
import org.springdoc.webmvc.ui.SwaggerIndexTransformer;
import org.springdoc.webmvc.ui.SwaggerWelcomeCommon;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.util.function.SingletonSupplier;

/// What describes the API is made when somebody asks for it first, not at the start: it has a JSON
/// mapper of its own, of another generation.
@Configuration(proxyBeanMethods = false)
class DocumentsOnDemand {

  private static final String SPRINGDOC = "org.springdoc.";

  @Bean
  static BeanFactoryPostProcessor documentsWait() {
    return factory -> {
      for (String name : factory.getBeanDefinitionNames()) {
        BeanDefinition definition = factory.getBeanDefinition(name);
        if (isSpringdocs(definition.getFactoryBeanName())
            || isSpringdocs(definition.getBeanClassName())) {
          definition.setLazyInit(true);
        }
      }
    };
  }

  private static boolean isSpringdocs(@Nullable String name) {
    return name != null && name.startsWith(SPRINGDOC);
  }

  /// Spring asks for this one at the start all the same.
  @Bean
  SwaggerIndexTransformer indexPageTransformer(
      SwaggerUiConfigProperties page,
      SwaggerUiOAuthProperties login,
      ObjectProvider<SwaggerWelcomeCommon> welcome,
      ObjectProvider<ObjectMapperProvider> json) {
    Supplier<SwaggerIndexPageTransformer> made =
        SingletonSupplier.of(
            () ->
                new SwaggerIndexPageTransformer(
                    page, login, welcome.getObject(), json.getObject()));
    return (request, resource, chain) -> made.get().transform(request, resource, chain);
  }
}
