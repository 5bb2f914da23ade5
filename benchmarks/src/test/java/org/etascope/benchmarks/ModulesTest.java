package org.etascope.benchmarks;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The modules depend on each other in one direction, and each knows only what it is for. Here, since this module is the
 * last to be built and all others lie compiled beside it.
 */
class ModulesTest {
    private static final Path ROOT = Path.of("..");
    private static final JavaClasses HOUSE = new ClassFileImporter()
            .importPaths(
                    modules().map(module -> module.resolve("target/classes")).toList());

    /** The modules that have code, as the root's pom.xml lists them. */
    private static Stream<Path> modules() {
        try {
            return Pattern.compile("<module>(.*)</module>")
                    .matcher(Files.readString(ROOT.resolve("pom.xml")))
                    .results()
                    .map(module -> ROOT.resolve(module.group(1)))
                    .filter(module -> Files.exists(module.resolve("src/main/java")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What any module may use: Java itself, and annotations that leave no trace at run time. */
    private static final String[] COMMON = {"java..", "javax..", "org.jspecify.."};

    private static final String[] PROGRAMS = {
        "org.etascope.cli..", "org.etascope.examples..", "org.etascope.benchmarks..", "org.etascope.dashboards.."
    };

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
    void logs_knowTheirParsersAndUnpackers_neitherTheCommandLineNorAnExporter() {
        knowsOnly(
                "logs",
                "com.fasterxml.jackson.core..",
                "de.siegmar.fastcsv..",
                "io.airlift.compress..",
                "org.sqlite..",
                "org.tukaani.xz..");
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
    void spring_knowsCoreMicrometerAndSpringBoot_noServer() {
        knowsOnly(
                "spring",
                "org.etascope.core..",
                "org.etascope.micrometer..",
                "io.micrometer.core..",
                "org.springframework..");
    }

    @Test
    void prometheus_knowsCoreAndMicrometer_noFramework() {
        knowsOnly(
                "prometheus",
                "org.etascope.core..",
                "com.sun.management..", // the JDK's own: processor time of the process
                "org.etascope.micrometer..",
                "org.etascope.recording..",
                "io.micrometer..",
                "io.prometheus..",
                "org.eclipse.jetty..",
                "org.slf4j..");
    }

    @Test
    void recording_knowsCoreAndJackson_noServerNoRegistry() {
        knowsOnly("recording", "org.etascope.core..", "com.fasterxml.jackson..", "org.slf4j..");
    }

    @Test
    void starter_joinsListenerAndEndpoint() {
        knowsOnly(
                "starter",
                "org.etascope.core..",
                "org.etascope.dl4j..",
                "org.etascope.prometheus..",
                "org.etascope.recording..",
                "org.deeplearning4j..",
                "org.nd4j..",
                "org.slf4j..");
    }

    @Test
    void spark_knowsListenerAndSpark_noExporter() {
        knowsOnly(
                "spark",
                "org.etascope.core..",
                "org.etascope.dl4j..",
                "org.deeplearning4j..",
                "org.nd4j..",
                "org.apache.spark..",
                "scala..",
                "org.slf4j..");
    }

    @Test
    void programs_areKnownByNobody() {
        noClasses()
                .that(not(resideInAnyPackage(PROGRAMS)))
                .should()
                .dependOnClassesThat(resideInAnyPackage(PROGRAMS))
                .check(HOUSE);
    }

    @Test
    void packages_haveNoCycle() {
        slices().matching("org.etascope.(**)").should().beFreeOfCycles().check(HOUSE);
    }

    @Test
    void libraries_neverWriteToTheTerminal() {
        NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS.check(HOUSE.that(not(resideInAnyPackage(PROGRAMS))));
    }

    @Test
    void everyModule_isLookedAt() {
        assertThat(modules())
                .hasSizeGreaterThan(5)
                .allSatisfy(module -> assertThat(HOUSE.stream()
                                .map(type ->
                                        type.getSource().orElseThrow().getUri().getPath()))
                        .as("classes of %s", module)
                        .anyMatch(path -> path.contains("/" + ROOT.relativize(module) + "/target/classes/")));
    }
}
