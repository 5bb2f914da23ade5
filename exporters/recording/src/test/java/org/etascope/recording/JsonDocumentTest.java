package org.etascope.recording;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.etascope.core.Figure;
import org.etascope.core.RunMonitor;
import org.junit.jupiter.api.Test;

/** docs/json.md says what the list of figures says, and names every key there is. What it should say is in target/. */
class JsonDocumentTest {
    private static final Path DOCUMENT = Path.of("..", "..", "docs", "json.md");
    private static final Pattern KEY = Pattern.compile("`([a-z_]+)`");

    private static String row(Figure figure) {
        return "| `%s` | %s | %s | %s |"
                .formatted(
                        figure.key(),
                        figure.unit(),
                        figure.metric().map(name -> "`" + name + "`").orElse(""),
                        figure.sentence());
    }

    private static List<String> rows(Predicate<Figure> wanted) {
        return Arrays.stream(Figure.values())
                .filter(wanted)
                .map(JsonDocumentTest::row)
                .toList();
    }

    private static List<String> section(String title) throws IOException {
        return Files.readAllLines(DOCUMENT).stream()
                .dropWhile(line -> !line.equals("## " + title))
                .skip(1)
                .takeWhile(line -> !line.startsWith("## "))
                .filter(line -> line.startsWith("| `"))
                .toList();
    }

    private static void assertDocumented(String title, Predicate<Figure> wanted) throws IOException {
        List<String> rows = rows(wanted);
        Path target = Files.createDirectories(Path.of("target", "json.md"));
        Files.write(target.resolve(title), rows);
        assertThat(section(title)).containsExactlyElementsOf(rows);
    }

    @Test
    void replay_everyFigure_inItsOrder() throws IOException {
        assertDocumented("replay --json", Figure::inReplay);
    }

    @Test
    void run_everyFigure_inItsOrder() throws IOException {
        assertDocumented("the live page", f -> f.scope() == Figure.Scope.RUN && !f.inReplay());
    }

    @Test
    void energy_everyFigure_inItsOrder() throws IOException {
        assertDocumented("energy", f -> f.scope() == Figure.Scope.ENERGY);
    }

    @Test
    void process_everyFigure_inItsOrder() throws IOException {
        assertDocumented("process", f -> f.scope() == Figure.Scope.PROCESS);
    }

    @Test
    void series_everyColumn_inItsOrder() throws IOException {
        assertDocumented("series", Figure::inCurve);
    }

    @Test
    void document_everyKeyOfTheJson_isNamed() throws IOException {
        RunMonitor monitor = RunMonitor.builder("run").build();
        monitor.step(100, 4.6);
        Set<String> keys = new TreeSet<>();
        collect(new ObjectMapper().readTree(RunJson.run(Recording.of(monitor), 0)), keys);
        Set<String> named = KEY.matcher(Files.readString(DOCUMENT))
                .results()
                .map((MatchResult key) -> key.group(1))
                .collect(Collectors.toSet());

        assertThat(keys).hasSizeGreaterThan(90).allMatch(named::contains);
    }

    private static void collect(JsonNode node, Set<String> keys) {
        node.properties().forEach(field -> {
            keys.add(field.getKey());
            collect(field.getValue(), keys);
        });
    }
}
