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
import org.etascope.core.RunMonitor;
import org.etascope.dl4j.EtaListener;
import org.etascope.prometheus.PrometheusEndpoint;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.adapter.SingletonDataSetIterator;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;

/** The README's code is this file's code, and it runs; its links lead somewhere. */
class ReadmeTest {
    private static final Path HOME = Path.of("..");
    private static final Path HERE = Path.of("src/test/java/org/etascope/examples/ReadmeTest.java");

    private static String sixLines(MultiLayerNetwork net, DataSetIterator data, int epochs) {
        // README
        RunMonitor monitor = RunMonitor.builder("char-lm").build();
        PrometheusEndpoint endpoint =
                PrometheusEndpoint.builder().monitor(monitor).start();
        net.setListeners(new EtaListener(monitor));
        net.fit(data, epochs);
        String verdict = monitor.snapshot().verdict().sentence();
        endpoint.close();
        // end
        return verdict;
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

    @Test
    void code_inTheReadme_isTheCodeOfThisTest() throws IOException {
        String ours =
                found("(?s)// README\\n(.*?) *// end", Files.readString(HERE)).get(0);
        List<String> theirs = found("(?s)```java\\n(.*?)```", readme());

        assertThat(theirs).hasSize(1);
        assertThat(theirs.get(0).lines()).hasSize(6);
        assertThat(onOneLine(theirs.get(0))).isEqualTo(onOneLine(ours));
    }

    /** The formatter breaks lines here that the README does not. */
    private static String onOneLine(String code) {
        return code.strip().replaceAll("\\s+", " ");
    }

    @Test
    void code_ofTheReadme_runs() {
        // Any free port: the default one may be in use where this test runs.
        System.setProperty("etascope.port", "0");
        try {
            DataSet batch =
                    Scenario.SATURATE.batches(Scenario.SATURATE.corpus("")).at(0);

            assertThat(sixLines(Scenario.SATURATE.network(16), new SingletonDataSetIterator(batch), 30))
                    .startsWith("learning: ");
        } finally {
            System.clearProperty("etascope.port");
        }
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
