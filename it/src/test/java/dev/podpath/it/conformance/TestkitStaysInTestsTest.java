package dev.podpath.it.conformance;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The test kit is for tests: nothing that is shipped may need it, and it may need no plugin. */
@AnalyzeClasses(packages = "dev.podpath", importOptions = ImportOption.DoNotIncludeTests.class)
class TestkitStaysInTestsTest {
    @ArchTest
    static final ArchRule nothingShippedNeedsIt = noClasses()
            .that()
            .resideOutsideOfPackage("dev.podpath.testkit..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.podpath.testkit..");

    @ArchTest
    static final ArchRule itKnowsOnlyThePorts = noClasses()
            .that()
            .resideInAPackage("dev.podpath.testkit..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "dev.podpath.aliyun..",
                    "dev.podpath.aws..",
                    "dev.podpath.k8s..",
                    "dev.podpath.proxy..",
                    "dev.podpath.cli..");

    @ArchTest
    static final ArchRule theReferenceKnowsNoReader = classes()
            .that()
            .resideInAPackage("dev.podpath.testkit.reference..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "dev.podpath.testkit.reference..",
                    "dev.podpath.core..",
                    "java..",
                    "io.vavr..",
                    "org.immutables..",
                    "org.jspecify..");
}
