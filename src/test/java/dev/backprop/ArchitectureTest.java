package dev.backprop;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleNameEndingWith;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleNameStartingWith;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.CompositeArchRule;
import com.tngtech.archunit.lang.EvaluationResult;
import dev.backprop.engine.linalg.Matrix;
import dev.backprop.planted.engine.linalg.Kernel;
import dev.backprop.planted.engine.optim.Step;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/// The list of packages is the architecture: each may import only those above it.
class ArchitectureTest {

  static final List<String> ORDERED =
      List.of(
          "engine.linalg",
          "engine.spec",
          "engine.table",
          "engine.data",
          "engine.nn",
          "engine.optim",
          "engine.figures",
          "engine.scoring",
          "engine.explain",
          "engine.drift",
          "engine.training",
          "engine.plan",
          "platform.problem",
          "platform.parquet",
          "platform.json",
          "platform.notes",
          "platform.artifact",
          "platform.limits",
          "platform.storage",
          "platform.http",
          "platform.caller",
          "platform.keys",
          "platform.security",
          "platform.openapi",
          "service.dataset",
          "service.model",
          "service.monitoring",
          "service.prediction",
          "service.webhook",
          "service.intake",
          "service.job",
          "service.status",
          "service.dashboard",
          "service.command");

  private static final String ENGINE = "dev.backprop.engine..";

  private static final JavaClasses PRODUCT =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.backprop");

  /// No package of the list depends on one below it, nor on the wiring in the root.
  private static ArchRule importsOnlyUpwards(String root) {
    List<ArchRule> rules = new ArrayList<>();
    for (int i = 0; i < ORDERED.size(); i++) {
      List<String> below = new ArrayList<>(List.of(root));
      ORDERED.subList(i + 1, ORDERED.size()).forEach(name -> below.add(root + "." + name + ".."));
      rules.add(
          noClasses()
              .that()
              .resideInAPackage(root + "." + ORDERED.get(i) + "..")
              .should()
              .dependOnClassesThat()
              .resideInAnyPackage(below.toArray(String[]::new))
              .allowEmptyShould(true));
    }
    return CompositeArchRule.of(rules);
  }

  @Test
  void packagesImportOnlyUpwards() {
    importsOnlyUpwards("dev.backprop").check(PRODUCT);
  }

  @Test
  void aPlantedDownwardImportIsFound() {
    EvaluationResult result =
        importsOnlyUpwards("dev.backprop.planted")
            .evaluate(new ClassFileImporter().importClasses(Kernel.class, Step.class));
    assertThat(result.getFailureReport().getDetails())
        .isNotEmpty()
        .allSatisfy(detail -> assertThat(detail).contains("Kernel").contains("Step"));
  }

  @Test
  void everyPackageIsInTheList() {
    assertThat(PRODUCT.stream().map(c -> c.getPackageName()).distinct())
        .allSatisfy(
            name ->
                assertThat(name.equals("dev.backprop") || ORDERED.contains(name.substring(13)))
                    .as(name)
                    .isTrue());
  }

  @Test
  void theEngineKnowsNoService() {
    noClasses()
        .that()
        .resideInAPackage(ENGINE)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "org.springframework..",
            "tools.jackson..",
            "jakarta..",
            "io.micrometer..",
            "org.slf4j..",
            "java.util.logging..",
            "java.sql..")
        .check(PRODUCT);
  }

  @Test
  void problemsJsonAndArtifactsKnowNoFramework() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "dev.backprop.platform.problem..",
            "dev.backprop.platform.parquet..",
            "dev.backprop.platform.json..",
            "dev.backprop.platform.artifact..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "org.springframework..", "jakarta..", "io.micrometer..", "org.slf4j..", "java.sql..")
        .check(PRODUCT);
  }

  @Test
  void onlySpecsCarryJacksonsAnnotations() {
    noClasses()
        .that()
        .resideInAPackage(ENGINE)
        .and(not(resideInAPackage("dev.backprop.engine.spec")))
        .should()
        .dependOnClassesThat()
        .resideInAPackage("com.fasterxml.jackson..")
        .check(PRODUCT);
  }

  @Test
  void onlyOneFileCallsNativeCode() {
    noClasses()
        .that(not(belongToAnyOf(nativeCaller(), Matrix.class)))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.lang.foreign..", "org.bytedeco..")
        .check(PRODUCT);
  }

  @Test
  void matricesKeepSegmentsForItAndCallNothing() {
    noClasses()
        .that(belongToAnyOf(Matrix.class))
        .should()
        .dependOnClassesThat(
            resideInAnyPackage("java.lang.foreign..", "org.bytedeco..")
                .and(not(equivalentTo(MemorySegment.class))))
        .check(PRODUCT);
  }

  private static Class<?> nativeCaller() {
    return PRODUCT.get("dev.backprop.engine.linalg.OpenBlas").reflect();
  }

  /// Meters count, spans trace; what they tell of knows neither.
  @Test
  void onlyMetersAndSpansKnowMicrometer() {
    noClasses()
        .that(not(simpleNameEndingWith("Meters")).and(not(simpleNameEndingWith("Spans"))))
        .and()
        .areTopLevelClasses()
        .should()
        .dependOnClassesThat(resideInAnyPackage("io.micrometer.."))
        .check(PRODUCT);
  }

  @Test
  void onlyJdbcClassesKnowTheDatabase() {
    noClasses()
        .that(not(simpleNameStartingWith("Jdbc")))
        .and()
        .areTopLevelClasses()
        .and()
        .doNotHaveFullyQualifiedName(BackpropApplication.class.getName())
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "java.sql..",
            "javax.sql..",
            "org.springframework.jdbc..",
            "org.springframework.transaction..",
            "org.springframework.boot.jdbc..",
            "org.flywaydb..",
            "com.zaxxer..",
            "com.github.kagkarlsson..",
            "org.sqlite..",
            "org.postgresql..")
        .check(PRODUCT);
  }

  @Test
  void nothingSleepsOrHidesStateInThreads() {
    noClasses()
        .should()
        .callMethod(Thread.class, "sleep", long.class)
        .orShould()
        .callMethod(Thread.class, "sleep", java.time.Duration.class)
        .orShould()
        .dependOnClassesThat()
        .areAssignableTo(ThreadLocal.class)
        .check(PRODUCT);
  }

  @Test
  void fieldsAreNotInjected() {
    fields()
        .should()
        .notBeAnnotatedWith("org.springframework.beans.factory.annotation.Autowired")
        .andShould()
        .notBeAnnotatedWith("org.springframework.beans.factory.annotation.Value")
        .check(PRODUCT);
  }

  @Test
  void everyPackageIsNullMarked() throws ClassNotFoundException {
    for (String name : ORDERED) {
      Class<?> info = Class.forName("dev.backprop." + name + ".package-info");
      assertThat(info.isAnnotationPresent(NullMarked.class)).as(name).isTrue();
    }
  }
}
