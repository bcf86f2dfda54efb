package dev.svc0.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.Architectures;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The house has only the arrows that its plan shows. */
@AnalyzeClasses(packages = "dev.svc0", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  /** The packages of the kernel core from the ground up; a class uses its own and earlier ones. */
  private static final List<String> CORE =
      List.of(
          "abi",
          "sched",
          "host",
          "trace",
          "mm",
          "pagecache",
          "block",
          "buffer",
          "iomap",
          "vfs",
          "net",
          "ipc",
          "task",
          "tty",
          "syscall",
          "calls");

  @ArchTest
  static final ArchRule modules =
      Architectures.layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("annotations")
          .definedBy("dev.svc0.annotation..")
          .layer("runtime")
          .definedBy("dev.svc0.runtime..")
          .layer("fs")
          .definedBy("dev.svc0.fs..")
          .layer("arch-arm64")
          .definedBy("dev.svc0.arm64..")
          .layer("cli")
          .definedBy("dev.svc0.cli..")
          .whereLayer("cli")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("arch-arm64")
          .mayOnlyBeAccessedByLayers("cli")
          .whereLayer("fs")
          .mayOnlyBeAccessedByLayers("arch-arm64", "cli")
          .whereLayer("runtime")
          .mayOnlyBeAccessedByLayers("fs", "arch-arm64", "cli");

  @ArchTest
  static final ArchRule everyPackageIsDocumented =
      classes()
          .that()
          .resideInAPackage("dev.svc0..")
          .and()
          .resideOutsideOfPackage("dev.svc0.generated..")
          .should(
              new com.tngtech.archunit.lang.ArchCondition<>(
                  "live in a package with a package-info") {
                @Override
                public void check(
                    JavaClass item, com.tngtech.archunit.lang.ConditionEvents events) {
                  if (item.getPackage().tryGetPackageInfo().isEmpty()) {
                    events.add(
                        com.tngtech.archunit.lang.SimpleConditionEvent.violated(
                            item, item.getPackageName() + " has no package-info.java"));
                  }
                }
              });

  /** One test a package of the kernel core. */
  @TestFactory
  Stream<DynamicTest> theCoreIsBuiltFromTheGroundUp() {
    var core =
        new com.tngtech.archunit.core.importer.ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.svc0.runtime");
    Assertions.assertTrue(core.size() > 50, "the kernel core was not found");
    return CORE.stream()
        .map(name ->
            DynamicTest.dynamicTest(
                name,
                () ->
                    noClasses()
                        .that()
                        .resideInAPackage("dev.svc0.runtime." + name + "..")
                        .should()
                        .dependOnClassesThat(above(name))
                        .check(core)));
  }

  private static DescribedPredicate<JavaClass> above(String name) {
    List<String> higher = CORE.subList(CORE.indexOf(name) + 1, CORE.size());
    return DescribedPredicate.describe(
        "live above " + name,
        type ->
            higher.stream()
                .map(one -> "dev.svc0.runtime." + one)
                .anyMatch(one ->
                    type.getPackageName().equals(one)
                        || type.getPackageName().startsWith(one + ".")));
  }
}
