package org.tokapu.checks;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import org.junit.jupiter.api.Test;

/// The rules of the house that the compiler does not know.
class LayersTests {
  private final JavaClasses house =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("org.tokapu");

  @Test
  void theRulesSeeTheWholeHouse() {
    assertThat(house.stream().map(c -> c.getPackageName().split("\\.")[2]).distinct())
        .contains("base", "tensor", "text", "model", "engine", "cli");
  }

  @Test
  void layersPointDownwards() {
    layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .layer("base")
        .definedBy("org.tokapu.base..")
        .layer("tensor")
        .definedBy("org.tokapu.tensor..")
        .layer("text")
        .definedBy("org.tokapu.text..")
        .layer("model")
        .definedBy("org.tokapu.model..")
        .layer("engine")
        .definedBy("org.tokapu.engine..")
        .layer("assistant")
        .definedBy("org.tokapu.assistant..")
        .layer("server")
        .definedBy("org.tokapu.server..")
        .layer("cli")
        .definedBy("org.tokapu.cli..")
        .whereLayer("cli")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("server")
        .mayOnlyBeAccessedByLayers("cli")
        .whereLayer("assistant")
        .mayOnlyBeAccessedByLayers("server", "cli")
        .whereLayer("engine")
        .mayOnlyBeAccessedByLayers("assistant", "server", "cli")
        .whereLayer("model")
        .mayOnlyBeAccessedByLayers("engine", "cli")
        .whereLayer("tensor")
        .mayOnlyBeAccessedByLayers("model", "engine", "cli")
        .whereLayer("text")
        .mayOnlyBeAccessedByLayers("model", "engine", "assistant", "server", "cli")
        .check(house);
  }

  @Test
  void packagesAreFreeOfCycles() {
    slices().matching("org.tokapu.(**)").should().beFreeOfCycles().check(house);
  }

  @Test
  void vectorApiStaysInItsPackage() {
    noClasses()
        .that()
        .resideOutsideOfPackages("org.tokapu.tensor.vector..", "org.tokapu.bench..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("jdk.incubator.vector..")
        .check(house);
  }

  @Test
  void jsonLibraryStaysInItsPackage() {
    noClasses()
        .that()
        .resideOutsideOfPackage("org.tokapu..json..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("tools.jackson..", "com.fasterxml..")
        .check(house);
  }

  @Test
  void terminalLibrariesStayInTheCommand() {
    noClasses()
        .that()
        .resideOutsideOfPackage("org.tokapu.cli..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("picocli..", "org.jline..")
        .check(house);
  }

  @Test
  void webFrameworkStaysInItsPackage() {
    noClasses()
        .that()
        .resideOutsideOfPackage("org.tokapu.server.http..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.helidon..")
        .check(house);
  }

  @Test
  void databasesStayInTheirPackage() {
    noClasses()
        .that()
        .resideOutsideOfPackage("org.tokapu.assistant.store..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.sql..", "javax.sql..", "com.zaxxer..", "org.sqlite..")
        .check(house);
  }

  @Test
  void nothingStaticIsMutable() {
    ArchRuleDefinition.fields()
        .that()
        .areStatic()
        .and()
        .areNotFinal()
        .should()
        .bePrivate()
        .andShould()
        .haveNameStartingWith("$")
        .allowEmptyShould(true)
        .check(house);
  }

  @Test
  void namesSayWhatThingsAre() {
    classes()
        .should()
        .haveNameNotMatching(".*(Manager|Helper|Util|Utils|Impl)")
        .andShould()
        .haveNameNotMatching(".*\\.Abstract[A-Z].*")
        .check(house);
  }

  @Test
  void packagesAreNullMarkedByTheirModules() {
    noMethods()
        .that()
        .areDeclaredInClassesThat()
        .resideInAPackage("org.tokapu..")
        .and()
        .haveModifier(JavaModifier.PUBLIC)
        .should()
        .beAnnotatedWith("javax.annotation.Nullable")
        .check(house);
  }
}
