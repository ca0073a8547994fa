package dev.podpath.it.house;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The arrows of the house point one way. */
@AnalyzeClasses(packages = "dev.podpath", importOptions = ImportOption.DoNotIncludeTests.class)
class HouseRulesTest {
    @ArchTest
    static final ArchRule theCoreKnowsOnlyValues = classes()
            .that()
            .resideInAPackage("dev.podpath.core..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "dev.podpath.core..",
                    "java.lang..",
                    "java.util..",
                    "java.math..",
                    "io.vavr..",
                    "org.immutables..",
                    "org.jspecify..");

    @ArchTest
    static final ArchRule theCoreAsksNoClockAndNoService = noClasses()
            .that()
            .resideInAPackage("dev.podpath.core..")
            .should()
            .dependOnClassesThat()
            .haveNameMatching("java\\.util\\.(ServiceLoader|Timer|Random|Scanner|Date).*|java\\.util\\.zip\\..*");

    @ArchTest
    static final ArchRule thePortsKnowNoPlugin = noClasses()
            .that()
            .resideInAPackage("dev.podpath.ports..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "dev.podpath.aliyun..",
                    "dev.podpath.aws..",
                    "dev.podpath.k8s..",
                    "dev.podpath.proxy..",
                    "dev.podpath.cli..");

    @ArchTest
    static final ArchRule theProgramKnowsNoPlugin = noClasses()
            .that()
            .resideInAPackage("dev.podpath.cli..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "dev.podpath.aliyun..", "dev.podpath.aws..", "dev.podpath.k8s..", "dev.podpath.proxy..");

    @ArchTest
    static final ArchRule cloudsKnowNoOtherPlugin = noClasses()
            .that()
            .resideInAPackage("dev.podpath.aliyun..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("dev.podpath.aws..", "dev.podpath.k8s..", "dev.podpath.proxy..");

    @ArchTest
    static final ArchRule awsKnowsNoOtherPlugin = noClasses()
            .that()
            .resideInAPackage("dev.podpath.aws..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("dev.podpath.aliyun..", "dev.podpath.k8s..", "dev.podpath.proxy..");

    @ArchTest
    static final ArchRule kubernetesKnowsNoOtherPlugin = noClasses()
            .that()
            .resideInAPackage("dev.podpath.k8s..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("dev.podpath.aliyun..", "dev.podpath.aws..", "dev.podpath.proxy..");

    @ArchTest
    static final ArchRule iptablesKnowsNoOtherPlugin = noClasses()
            .that()
            .resideInAPackage("dev.podpath.proxy.iptables..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "dev.podpath.aliyun..", "dev.podpath.aws..", "dev.podpath.k8s..", "dev.podpath.proxy.ipvs..");

    @ArchTest
    static final ArchRule nftablesKnowsNoOtherPlugin = noClasses()
            .that()
            .resideInAPackage("dev.podpath.proxy.nftables..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "dev.podpath.aliyun..",
                    "dev.podpath.aws..",
                    "dev.podpath.k8s..",
                    "dev.podpath.proxy.iptables..",
                    "dev.podpath.proxy.ipvs..");

    @ArchTest
    static final ArchRule ipvsBuildsOnIptablesOnly = noClasses()
            .that()
            .resideInAPackage("dev.podpath.proxy.ipvs..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("dev.podpath.aliyun..", "dev.podpath.aws..", "dev.podpath.k8s..");

    @ArchTest
    static final ArchRule collectorsKnowNoPlugin = noClasses()
            .that()
            .resideInAPackage("dev.podpath.capture..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "dev.podpath.aliyun..",
                    "dev.podpath.aws..",
                    "dev.podpath.k8s..",
                    "dev.podpath.proxy..",
                    "dev.podpath.cli..");

    @ArchTest
    static final ArchRule nobodyKnowsACollector = noClasses()
            .that()
            .resideOutsideOfPackage("dev.podpath.capture..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.podpath.capture..");

    @ArchTest
    static final ArchRule slowVavrCollectionsAreNotUsed = noClasses()
            .should()
            .dependOnClassesThat()
            .haveNameMatching("io\\.vavr\\.collection\\.(LinkedHashMap|LinkedHashSet|List|Stream)")
            .because("their operations are linear or quadratic at the sizes of a large cluster");

    @ArchTest
    static final ArchRule productPackagesHaveNoCycles = slices().matching("dev.podpath.aliyun.(*)..")
            .should()
            .beFreeOfCycles()
            .allowEmptyShould(true);
}
