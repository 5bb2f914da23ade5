package org.etascope.examples;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The modules depend on each other in one direction, and each knows only what it is for. */
class ModulesTest {
    private static final JavaClasses HOUSE = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("org.etascope");

    /** What any module may use: Java itself, and annotations that leave no trace at run time. */
    private static final String[] COMMON = {"java..", "javax..", "org.jspecify.."};

    private static void knowsOnly(String module, String... others) {
        String[] allowed = new String[COMMON.length + others.length + 1];
        System.arraycopy(COMMON, 0, allowed, 0, COMMON.length);
        System.arraycopy(others, 0, allowed, COMMON.length, others.length);
        allowed[allowed.length - 1] = "org.etascope." + module + "..";
        classes()
                .that()
                .resideInAPackage("org.etascope." + module + "..")
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(allowed))
                .check(HOUSE);
    }

    @Test
    void core_knowsNothingButJava() {
        knowsOnly("core");
    }

    @Test
    void listener_knowsCoreAndDl4j_noExporter() {
        knowsOnly("dl4j", "org.etascope.core..", "org.deeplearning4j..", "org.nd4j..", "org.slf4j..");
    }

    @Test
    void micrometer_knowsCoreAndMicrometer_noRegistry() {
        knowsOnly("micrometer", "org.etascope.core..", "io.micrometer.core..", "org.slf4j..");
    }

    @Test
    void prometheus_knowsCoreAndMicrometer_noFramework() {
        knowsOnly(
                "prometheus",
                "org.etascope.core..",
                "com.sun.management..", // the JDK's own: processor time of the process
                "org.etascope.micrometer..",
                "io.micrometer..",
                "io.prometheus..",
                "org.eclipse.jetty..",
                "com.fasterxml.jackson.core..",
                "org.slf4j..");
    }

    @Test
    void starter_joinsListenerAndEndpoint() {
        knowsOnly(
                "starter",
                "org.etascope.core..",
                "org.etascope.dl4j..",
                "org.etascope.prometheus..",
                "org.deeplearning4j..",
                "org.nd4j..",
                "org.slf4j..");
    }

    @Test
    void programs_areKnownByNobody() {
        noClasses()
                .that(not(resideInAPackage("org.etascope.examples..")))
                .should()
                .dependOnClassesThat(resideInAnyPackage("org.etascope.examples..", "org.etascope.cli.."))
                .check(HOUSE);
    }

    @Test
    void packages_haveNoCycle() {
        slices().matching("org.etascope.(**)").should().beFreeOfCycles().check(HOUSE);
    }

    @Test
    void libraries_neverWriteToTheTerminal() {
        NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS.check(HOUSE.that(not(resideInAPackage("org.etascope.examples.."))));
    }

    @Test
    void everyModule_isLookedAt() {
        for (String module : new String[] {"core", "dl4j", "micrometer", "prometheus", "examples"}) {
            assertThat(HOUSE.containPackage("org.etascope." + module))
                    .as(module)
                    .isTrue();
        }
    }
}
