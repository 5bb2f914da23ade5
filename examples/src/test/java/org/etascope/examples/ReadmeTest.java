package org.etascope.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.etascope.core.RunSnapshot;
import org.etascope.starter.Etascope;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;

/** The README's code is this file's code, and it runs; its links lead somewhere. */
class ReadmeTest {
    private static final Path HOME = Path.of("..");
    private static final Path HERE = Path.of("src/test/java/org/etascope/examples/ReadmeTest.java");

    static void attach(MultiLayerNetwork net, DataSetIterator data, int epochs) {
        // README
        RunSnapshot end = Etascope.run(net, 9464, "char-lm", n -> n.fit(data, epochs));
        System.out.println(end.verdict().sentence());
        // end
    }

    private static String readme() throws IOException {
        return Files.readString(HOME.resolve("README.md"));
    }

    private static List<String> found(String pattern, String text) {
        return Pattern.compile(pattern)
                .matcher(text)
                .results()
                .map((MatchResult result) -> result.group(1))
                .toList();
    }

    /** LanguageModel, which {@link ExamplesTest} runs, does the same on any port. */
    @Test
    void code_inTheReadme_isTheCodeOfThisTest() throws IOException {
        String here = Files.readString(HERE);
        List<String> theirs = found("(?s)```java\\n(.*?)```", readme());

        assertThat(theirs).hasSize(1);
        assertThat(theirs.get(0).lines().filter(line -> line.startsWith("import ")))
                .allSatisfy(line -> assertThat(here).contains(line));
        assertThat(onOneLine(theirs.get(0).replaceAll("(?m)^import .*$", "")))
                .isEqualTo(
                        onOneLine(found("(?s)// README\\n(.*?) *// end", here).get(0)));
    }

    private static String onOneLine(String code) {
        return code.strip().replaceAll("\\s+", " ");
    }

    @Test
    void readme_isAPageOrTwo() throws IOException {
        assertThat(readme().lines()).hasSizeLessThanOrEqualTo(90);
    }

    @Test
    void links_inReadme_leadToFiles() throws IOException {
        List<String> targets = found("\\]\\(((?!http)[^)#]+)[^)]*\\)", readme());

        assertThat(targets).isNotEmpty();
        for (String target : targets) {
            assertThat(HOME.resolve(target)).as("README links to it").exists();
        }
    }

    @Test
    void programs_inReadme_exist() throws IOException {
        List<String> programs = Stream.of(readme())
                .flatMap(text -> found("(bin/[a-z]+)", text).stream())
                .distinct()
                .toList();

        assertThat(programs).contains("bin/demo", "bin/test");
        for (String program : programs) {
            assertThat(Files.isExecutable(HOME.resolve(program))).as(program).isTrue();
        }
    }
}
