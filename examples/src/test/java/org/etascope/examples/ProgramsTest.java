package org.etascope.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** bin/demo and bin/test as bash runs them, with a house and a Maven of paper. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "bin/ is bash")
class ProgramsTest {
    /** Beginning of a report as Surefire writes it. */
    private static final String REPORT = """
            <testsuite xmlns:xsi="x" version="3.0.2" name="a.FirstTest" time="0.1" tests="4" errors="0" skipped="1" failures="%d">
              <testcase name="one" classname="a.FirstTest" time="0.1"/>
              <testcase name="two" classname="a.FirstTest" time="0.1">
                <skipped message="NEEDS prometheus" type="x"><![CDATA[x]]></skipped>
              </testcase>
            </testsuite>
            """;

    @TempDir
    Path house;

    private record Outcome(int exitCode, String out, String errors) {}

    @BeforeEach
    void build() throws IOException {
        Files.createDirectories(house.resolve("bin"));
        Files.createDirectories(house.resolve("tools"));
        for (String program : new String[] {"demo", "test", "lib.sh"}) {
            Files.copy(Path.of("..", "bin", program), house.resolve("bin").resolve(program));
        }
    }

    private void tool(String name, String script) throws IOException {
        Path tool = Files.writeString(house.resolve("tools").resolve(name), "#!/bin/bash\n" + script);
        assertThat(tool.toFile().setExecutable(true)).isTrue();
    }

    private void tools(String version) throws IOException {
        tool("java", "echo 'openjdk version \"" + version + "\" 2025-04-15' >&2\n");
        tool("javac", "exit 0\n");
    }

    private Outcome run(Map<String, String> environment, String path, String program, String... arguments)
            throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(
                "/bin/bash", house.resolve("bin").resolve(program).toString());
        builder.command().addAll(List.of(arguments));
        builder.environment().keySet().removeAll(Set.of("CI", "JAVA_HOME"));
        builder.environment().put("PATH", path);
        builder.environment().putAll(environment);
        Path out = house.resolve("out");
        Path errors = house.resolve("errors");
        int exitCode = builder.redirectOutput(out.toFile())
                .redirectError(errors.toFile())
                .start()
                .waitFor();
        return new Outcome(
                exitCode,
                Files.readString(out, StandardCharsets.UTF_8),
                Files.readString(errors, StandardCharsets.UTF_8));
    }

    private String withTools() {
        return house.resolve("tools") + ":/usr/bin:/bin";
    }

    /** What a bare system has: no Java, no Maven. */
    private String bare() throws IOException {
        for (String name : new String[] {"dirname", "sed", "head", "find", "cat", "mktemp", "touch", "rm"}) {
            Path real = Files.exists(Path.of("/usr/bin", name)) ? Path.of("/usr/bin", name) : Path.of("/bin", name);
            Files.createSymbolicLink(house.resolve("tools").resolve(name), real);
        }
        return house.resolve("tools").toString();
    }

    private void assertOneLine(Outcome outcome, String beginning) {
        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.errors().lines()).hasSize(1);
        assertThat(outcome.errors()).startsWith(beginning);
    }

    @Test
    void demo_onABareSystem_isOneLineThatSaysWhatToInstall() throws Exception {
        String path = bare();
        assertOneLine(run(Map.of(), path, "demo"), "demo: no Java found: install Java 17 or newer");
        tools("11.0.2");
        assertOneLine(run(Map.of(), path, "demo"), "demo: Java 11 found: install Java 17 or newer");
        Files.writeString(house.resolve("pom.xml"), "");
        tools("17.0.15");
        Files.delete(house.resolve("tools/javac"));
        assertOneLine(run(Map.of(), path, "demo"), "demo: Java without a compiler found: a build needs a JDK 17");
    }

    @Test
    void demo_withoutMaven_callsTheWrapper() throws Exception {
        String path = bare();
        tools("17.0.15");
        Files.writeString(house.resolve("pom.xml"), "");
        Path wrapper = Files.writeString(house.resolve("mvnw"), "#!/bin/bash\necho \"wrapper: $*\" >&2; exit 1\n");
        assertThat(wrapper.toFile().setExecutable(true)).isTrue();

        Outcome outcome = run(Map.of(), path, "demo");

        assertThat(outcome.exitCode()).isNotZero();
        assertThat(outcome.errors()).contains("wrapper: ").contains("-pl examples");
    }

    @Test
    void demo_secondStart_bypassesMaven() throws Exception {
        tools("17.0.15");
        tool("java", """
                case "$1" in
                  -version) echo 'openjdk version "17.0.15" 2025-04-15' >&2 ;;
                  *) echo "trains with $*" ;;
                esac
                """);
        tool(
                "mvn",
                "echo built >> " + house.resolve("builds")
                        + "; mkdir -p examples/target; echo jars > examples/target/demo.classpath\n");
        Files.createDirectories(house.resolve("examples/src/main"));
        Files.writeString(house.resolve("pom.xml"), "");

        assertThat(run(Map.of(), withTools(), "demo", "--minutes", "1").out()).contains("Demo --minutes 1");
        Outcome second = run(Map.of(), withTools(), "demo", "--minutes", "1");
        assertThat(second.exitCode()).isZero();
        assertThat(second.errors()).isEmpty();
        assertThat(Files.readString(house.resolve("builds")).lines()).hasSize(1);

        Files.writeString(house.resolve("examples/src/main/New.java"), "class New {}");
        run(Map.of(), withTools(), "demo");
        assertThat(Files.readString(house.resolve("builds")).lines()).hasSize(2);
    }

    /** A Maven that writes the report and ends so. */
    private void maven(int failures) throws IOException {
        tools("17.0.15");
        Files.writeString(house.resolve("report.xml"), REPORT.formatted(failures));
        tool(
                "mvn",
                "mkdir -p a/target/surefire-reports; cp report.xml a/target/surefire-reports/TEST-a.FirstTest.xml\n"
                        + "exit " + failures + "\n");
    }

    @Test
    void test_someSkippedAndFailed_namesThemAndCountsOnlyThisRun() throws Exception {
        Path old = Files.createDirectories(house.resolve("b/target/surefire-reports"));
        Files.writeString(old.resolve("TEST-b.OldTest.xml"), REPORT.formatted(2));
        maven(1);
        Outcome outcome = run(Map.of(), withTools(), "test");

        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.out().lines())
                .containsExactly("skipped: a.FirstTest.two: NEEDS prometheus", "2 passed, 1 failed, 1 skipped");
    }

    @Test
    void test_skippedOnly_passesByHand_failsWhereCiIsSet() throws Exception {
        maven(0);

        assertThat(run(Map.of(), withTools(), "test").exitCode()).isZero();
        Outcome strict = run(Map.of("CI", "true"), withTools(), "test");
        assertThat(strict.exitCode()).isEqualTo(1);
        assertThat(strict.errors()).isEqualTo("test: nothing may be skipped where CI is set\n");
        assertThat(strict.out()).endsWith("3 passed, 0 failed, 1 skipped\n");
    }

    @Test
    void test_unknownOption_isOneLine() throws Exception {
        Outcome outcome = run(Map.of(), withTools(), "test", "--fast");

        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.errors()).isEqualTo("test: --fast is not known, allowed: --install, --help\n");
    }
}
