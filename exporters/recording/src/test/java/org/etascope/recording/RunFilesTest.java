package org.etascope.recording;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.etascope.core.CurvePoint;
import org.etascope.core.ModelSize;
import org.etascope.core.RunMonitor;
import org.junit.jupiter.api.Test;

/** What can be made of a run when it is over: report and table. */
class RunFilesTest {
    private static RunMonitor trained(String name, int steps) {
        RunMonitor monitor = RunMonitor.builder(name)
                .modelSize(new ModelSize(1000, 16))
                .vocabularySize(100)
                .build();
        for (int t = 1; t <= steps; t++) {
            monitor.step(100, 1 + 3.6 / (1 + t / 50.0) + 0.01 * (t % 7));
        }
        return monitor;
    }

    @Test
    void csv_everyColumn_holdsTheCurveToTheLastBit() throws Exception {
        Recording recording = Recording.of(trained("char-lm", 2_000));
        List<CurvePoint> curve = recording.curve();
        StringBuilder csv = new StringBuilder();

        CurveCsv.write(csv, recording);

        List<String[]> rows =
                csv.toString().lines().map(line -> line.split(",", -1)).toList();
        assertThat(rows)
                .hasSize(curve.size() + 1)
                .allSatisfy(row -> assertThat(row).hasSize(19));
        int eta = Arrays.asList(rows.get(0)).indexOf("eta_absorbed");
        int slope = Arrays.asList(rows.get(0)).indexOf("nats_per_doubling");
        assertThat(rows.get(1)[slope]).isEmpty();
        assertThat(rows.stream().skip(1).map(row -> Double.parseDouble(row[eta])))
                .containsExactlyElementsOf(curve.stream()
                        .map(point ->
                                point.ledger(recording.snapshot()).absorbed().eta())
                        .toList());
        assertThat(Double.parseDouble(rows.get(curve.size())[slope]))
                .isEqualTo(curve.get(curve.size() - 1).slope().natsPerDoubling());
    }

    @Test
    void report_hostileName_staysWithinItsString() throws Exception {
        String name = "</script><script>alert(1)</script><!-- \"'\n";

        String html = RunReport.html(Recording.of(trained(name, 300)));

        Matcher data = Pattern.compile("<script type=\"application/json\" id=\"recording\">(.*?)</script>")
                .matcher(html);
        assertThat(data.find()).isTrue();
        JsonNode json = new ObjectMapper().readTree(data.group(1));
        assertThat(json.get(0).get("run").asText()).isEqualTo(name);
        assertThat(html).doesNotContain("<script>alert").doesNotContain("{{");
        assertThat(html.split("</script", -1)).hasSize(1 + 2);
    }

    @Test
    void report_anyRun_namesNoOtherFile() {
        String html = RunReport.html(Recording.of(trained("char-lm", 300)));

        assertThat(html)
                .doesNotContain("src=")
                .doesNotContain("stylesheet")
                .doesNotContain("icon.svg")
                .contains("uPlot");
    }
}
