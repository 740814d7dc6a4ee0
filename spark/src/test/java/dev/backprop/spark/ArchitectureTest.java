package dev.backprop.spark;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

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
              "org.slf4j..",
              "scala..",
              "java..",
              "org.jspecify..",
              "tools.jackson..",
              "com.fasterxml.jackson.annotation..")
          .because("no other package is in the scorer's jar");

  /// What Spark does not promise to keep. Each use has a class of its own.
  @ArchTest
  static final ArchRule internalsOfSparkStayInTwoClasses =
      noClasses()
          .that()
          .doNotHaveSimpleName("TaskFile")
          .and()
          .doNotHaveSimpleName("ScannedRows")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.apache.spark.sql.catalyst..",
              "org.apache.spark.sql.classic..",
              "org.apache.spark.sql.execution..",
              "org.apache.spark.sql.internal..",
              "org.apache.spark.rdd..",
              "org.apache.spark.unsafe..")
          .because("a next version of Spark may have other ones");
}
