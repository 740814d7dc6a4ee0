package dev.backprop.spark;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/// What the Spark project stands on.
@AnalyzeClasses(
    packages = "dev.backprop.spark",
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  @ArchTest
  static final ArchRule standsOnTheEngineAndThreePackagesOfThePlatform =
      classes()
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "dev.backprop.spark..",
              "dev.backprop.engine..",
              "dev.backprop.platform.problem..",
              "dev.backprop.platform.json..",
              "dev.backprop.platform.artifact..",
              "org.apache.spark..",
              "org.apache.hadoop..",
              "scala..",
              "java..",
              "org.jspecify..",
              "tools.jackson..",
              "com.fasterxml.jackson.annotation..")
          .because("no other package is in the scorer's jar");
}
