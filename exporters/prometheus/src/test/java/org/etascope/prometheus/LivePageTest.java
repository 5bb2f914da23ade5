package org.etascope.prometheus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.etascope.core.CurvePoint;
import org.etascope.core.EnergyReport;
import org.etascope.core.Figure;
import org.etascope.core.LayerPoint;
import org.etascope.core.LayerResiduals;
import org.etascope.core.ModelSize;
import org.etascope.core.Outcome;
import org.etascope.core.RunMonitor;
import org.etascope.recording.CurveCsv;
import org.etascope.recording.Recording;
import org.etascope.recording.RunReport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/** The live page says what the run says. */
class LivePageTest extends PageInChromium {
    /** Figures on the page and the values of the JSON that they must equal. */
    private static final Map<String, String> FIGURES = Map.ofEntries(
            Map.entry("#tokens", "/tokens"),
            Map.entry("#rate", "/tokens_per_second"),
            Map.entry("#eta", "/eta"),
            Map.entry("#eta-error", "/eta_standard_error"),
            Map.entry("#transmitted-eta", "/eta"),
            Map.entry("#transmitted-bits", "/information_transmitted_bits"),
            Map.entry("#transmitted-per-parameter", "/transmitted_bits_per_parameter"),
            Map.entry("#absorbed-eta", "/eta_absorbed"),
            Map.entry("#absorbed-bits", "/information_absorbed_bits"),
            Map.entry("#dataset-eta", "/eta_dataset"),
            Map.entry("#dataset-bits", "/information_dataset_bits"),
            Map.entry("#loss", "/current_loss_nats"),
            Map.entry("#loss-in-bits", "/bits_per_token"),
            Map.entry("#mean-loss", "/mean_loss_nats"),
            Map.entry("#validation-loss", "/validation_loss_nats"),
            Map.entry("#baseline-loss", "/baseline_nats"),
            Map.entry("#slope", "/nats_per_doubling"),
            Map.entry("#slope-remark", "/saturation_threshold_nats_per_doubling"),
            Map.entry("#tile-time-left", "/seconds_left"),
            Map.entry("#tile-landauer", "/landauer_floor_joules"),
            Map.entry("#tile-perplexity", "/perplexity"),
            Map.entry("#tile-compression", "/compression_ratio"),
            Map.entry("#tile-effective", "/effective_tokens"),
            Map.entry("#tile-learning-rate", "/learning_rate"),
            Map.entry("#tile-gap", "/generalization_gap_nats"),
            Map.entry("#planned-end", "/forecast/planned_end/loss_nats"),
            Map.entry("#planned-end-at", "/forecast/planned_end/tokens"),
            Map.entry("#gain", "/forecast/planned_end/gain_nats"),
            Map.entry("#next-doubling", "/forecast/next_doubling/gain_nats"),
            Map.entry("#decay-now", "/forecast/decay_now/gain_nats"));

    @TempDir
    Path directory;

    /** The page looks every few seconds, and as soon as the machine is back online. */
    private static void lookAtOnce() {
        browser.script("dispatchEvent(new Event('online'))");
    }

    private static void awaitText(String selector, String text) {
        soon().untilAsserted(() -> assertThat(browser.text(selector)).contains(text));
    }

    private JsonNode api(String path) throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(endpoint.uri().resolve(path)).build();
        return new ObjectMapper()
                .readTree(HttpClient.newHttpClient()
                        .send(request, BodyHandlers.ofString())
                        .body());
    }

    /** The values of a line as it is drawn; null where it has a hole. */
    private static List<?> line(String chart, String label) {
        return (List<?>) browser.script("""
            const line = document.querySelector(arguments[0]).chart.lines.find((l) => l.label === arguments[1]);
            return line ? line.points[1] : [];
            """, chart, label);
    }

    private static long points(String chart, String label) {
        return line(chart, label).stream().filter(Objects::nonNull).count();
    }

    @Test
    void page_longRun_showsWhatTheApiSays() throws Exception {
        RunMonitor run = LongRun.replayed("gpt2-124M", 12_000);
        serve(run);

        browser.open(endpoint.uri().toString());
        awaitShown(run);

        JsonNode api = api("/api/runs/gpt2-124M");
        FIGURES.forEach((selector, path) -> assertThat(browser.value(selector))
                .as("%s and %s", selector, path)
                .isEqualTo(api.at(path).asDouble()));
        assertThat(browser.text("#answers"))
                .contains(run.snapshot().forecast().plannedEnd().sentence())
                .contains(run.snapshot().forecast().decayNow().sentence());
        assertThat(browser.text("#sentence"))
                .isEqualTo(api.get("sentence").asText())
                .isEqualTo(run.snapshot().verdict().sentence());
        assertThat(browser.text("#phase")).isEqualTo("training");
        assertThat(browser.text("#eta"))
                .startsWith(String.format("%.3f", run.snapshot().ledger().eta()));
        assertThat(browser.text("#facts-list")).contains("124,475,904 parameters \u00d7 16 bit", "by first step");
        assertThat(points("#eta-chart", "absorbed")).isGreaterThan(100);
        assertThat(points("#loss-chart", "current L")).isEqualTo(run.curve().size());
        assertThat(points("#loss-chart", "validation"))
                .isEqualTo(run.validationCurve().size());
        assertThat(points("#slope-chart", "gained"))
                .isPositive()
                .isEqualTo(run.curve().stream()
                        .filter(point -> !Double.isNaN(point.slope().perEFold()))
                        .count());
        assertChartsDrawn();
        assertThat(browser.screenshot("desk-light.png")).isNotEmptyFile();
        assertThat(browser.complaints()).isEmpty();
        assertThat(browser.requests())
                .isNotEmpty()
                .allSatisfy(request -> assertThat(URI.create(request).getAuthority())
                        .isEqualTo(endpoint.uri().getAuthority()));
    }

    @Test
    void page_trainingGoesOn_followsByItself() {
        RunMonitor run = trained("char-lm", 200);
        serve(run);
        browser.open(endpoint.uri().toString());
        awaitShown(run);

        train(run, 201, 4_000);

        awaitShown(run);
        assertThat(browser.value("#eta")).isEqualTo(run.snapshot().ledger().eta());
        assertThat(browser.text("#freshness")).startsWith("updated ");
    }

    @Test
    void page_noStepForLong_turnsGreyAndSaysSince() {
        RunMonitor run = monitor("stalled");
        for (int t = 1; t <= 300; t++) {
            run.step(1600, 4 - Math.log(t) / 3, System.currentTimeMillis() - 600_000 + t);
        }
        serve(run);

        browser.open(endpoint.uri().toString());
        awaitShown(run);

        assertThat(browser.text("#freshness")).startsWith("no step for 10\u00a0min");
        assertThat(browser.findAll("body.stale")).hasSize(1);
        assertThat((List<?>) browser.script(FAINT_TEXT)).isEmpty();
    }

    @Test
    void page_saturatedRun_saysSoWithItsCause() {
        RunMonitor run = monitor("flat");
        run.learningRate(1e-3);
        train(run, 1, 30_000);
        serve(run);

        browser.open(endpoint.uri().toString());
        awaitShown(run);

        assertThat(browser.text("#phase")).isEqualTo("saturated");
        assertThat(browser.text("#sentence"))
                .startsWith("flat under the current learning rate and data: ")
                .isEqualTo(run.snapshot().verdict().sentence());
        assertThat(browser.text("#cause"))
                .contains(run.snapshot().verdict().saturation().cause().sentence());
        assertThat(browser.script("return document.querySelector('#slope-chart').chart.spans.map((s) => s.from)"))
                .isEqualTo(List.of((long) run.snapshot().verdict().saturation().atTokens()));
        assertThat(browser.screenshot("saturated.png")).isNotEmptyFile();
    }

    @Test
    void page_energy_isShownWithItsPriceAndWhatIsMissing() {
        RunMonitor run = RunMonitor.builder("energy")
                .modelSize(new ModelSize(100_000, 32))
                .build();
        for (int t = 1; t <= 2_000; t++) {
            run.step(1_000, 1.5 + 2.4 * Math.pow(t, -0.3), 1_700_000_000_000L + 1_000L * t);
            run.energy(new EnergyReport(200, 1, true, true, List.of("CPU package"), "GPU-b: Not Supported"));
        }
        serve(run);
        browser.open(endpoint.uri().toString());
        awaitShown(run);

        assertThat(browser.text("#tile-joules")).isEqualTo("400\u00a0kJ");
        assertThat(browser.text("#tile-per-token")).isEqualTo("200\u00a0mJ");
        assertThat(browser.text("#tile-price")).matches("\\d\\.\\d\\d\u00a0J");
        assertThat(browser.text("#energy-tiles"))
                .contains("which other runs shared")
                .doesNotContain("NaN", "undefined", "null");
        assertThat(browser.text("#energy-remark"))
                .startsWith("400 kJ measured at this machine: CPU package, 100 % of the run's time; ")
                .endsWith(" Not all is measured: GPU-b: Not Supported.");
        assertThat(browser.text("#orders-figure")).matches("10\\^\\d\\d\\.\\d");
        assertThat(browser.script("return document.querySelector('#orders-bar').value"))
                .isEqualTo(Figure.LOG10_ENERGY_RATIO.value(run.snapshot()));
        assertAccessible("energy");
        assertThat(browser.screenshot("energy.png")).isNotEmptyFile();
    }

    @Test
    void page_layers_areACurveAndATable() {
        RunMonitor run = trained("deep", 2_000);
        SplittableRandom random = new SplittableRandom(4);
        int[] ids = random.ints(400, 0, 9).toArray();
        LayerResiduals residuals = new LayerResiduals(new int[] {2, 2, 2, 2}, ids);
        for (int layer = 0; layer < 4; layer++) {
            for (int i = 0; i < ids.length; i++) {
                double noise = random.nextDouble() * (16 - 4 * layer);
                residuals.add(layer, i, new double[] {ids[i] + noise, random.nextDouble()}, 0);
            }
        }
        run.layers(residuals);
        serve(run);

        browser.open(endpoint.uri().toString());
        awaitShown(run);

        LayerPoint layers = run.snapshot().layers();
        assertThat(browser.text("#decay-ratio"))
                .contains(String.format(Locale.ROOT, "%.3f", layers.law().decayRatio()));
        assertThat(browser.text("#layers-note"))
                .contains("layer " + layers.law().furthestLayer() + " is furthest");
        for (int layer = 1; layer <= 4; layer++) {
            assertThat(browser.text("#layer-bars tr:nth-child(" + layer + ")"))
                    .startsWith(Integer.toString(layer))
                    .contains(String.format(Locale.ROOT, "%.4f", layers.residual(layer)));
        }
        assertThat(painted("#layers-chart")).isPositive();
        assertAccessible("layers");
        assertThat(browser.screenshot("layers.png")).isNotEmptyFile();
    }

    @Test
    void page_beforeTheFirstStep_waitsAndShowsNoZeros() {
        RunMonitor run = monitor("char-lm");
        serve(run);
        browser.open(endpoint.uri().toString());

        awaitText("#sentence", "waiting for the first step");
        assertThat(browser.find("main").getText()).doesNotContain("0");
        assertThat(browser.find("#eta-chart").isDisplayed()).isFalse();

        train(run, 1, 300);
        lookAtOnce();
        awaitShown(run);
        assertThat(browser.find("#eta-chart").isDisplayed()).isTrue();
        assertChartsDrawn();
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void page_runWithoutEta_saysWhy() {
        RunMonitor run = monitor("regression");
        run.unsupported("mean squared error is no code length");
        run.skip();
        serve(run);

        browser.open(endpoint.uri().toString());

        awaitText("#sentence", "no \u03b7 for this run: mean squared error is no code length");
        assertThat(browser.text("#phase")).isEqualTo("not measured");
    }

    @Test
    void page_resumedWithoutState_drawsItsSegmentsApart() {
        RunMonitor run = trained("resumed", 1_000);
        run.beginSegment();
        train(run, 1_001, 3_000);
        serve(run);

        browser.open(endpoint.uri().toString());
        awaitShown(run);

        assertThat(line("#loss-chart", "current L").stream().filter(Objects::isNull))
                .hasSize(1);
        assertThat(points("#loss-chart", "current L")).isEqualTo(run.curve().size());
        assertThat(browser.text("#facts-list")).contains("gone on without stored state");
    }

    @Test
    void page_withoutARun_waitsForOne() {
        serve();
        browser.open(endpoint.uri().toString());
        awaitText("#sentence", "waiting for a run");

        RunMonitor run = trained("char-lm", 300);
        endpoint.watch(run);

        awaitShown(run);
    }

    @Test
    void page_runEnds_keepsItsLastValues() {
        RunMonitor run = trained("char-lm", 500);
        serve(run);
        browser.open(endpoint.uri().toString());
        awaitShown(run);

        run.close();
        lookAtOnce();

        awaitText("#freshness", "ended ");
        assertThat(browser.text("#freshness")).endsWith(", last values");
        assertThat(browser.text("#phase")).isEqualTo("ended");
        assertThat(browser.text("#outcome")).contains("ended after ");
        assertThat(browser.findAll("#dot.training")).isEmpty();
        assertThat(browser.value("#eta")).isEqualTo(run.snapshot().ledger().eta());
    }

    @Test
    void page_serverEndsAndComesBack_keepsItsValuesAndGoesOn() {
        RunMonitor run = trained("char-lm", 500);
        serve(run);
        int port = endpoint.uri().getPort();
        browser.open(endpoint.uri().toString());
        awaitShown(run);
        double eta = browser.value("#eta");

        endpoint.close(Duration.ZERO);

        awaitText("#freshness", "ended ");
        assertThat(browser.text("#freshness")).endsWith(", last values");
        soon().untilAsserted(() -> assertThat(browser.findAll("body.stale")).hasSize(1));
        assertThat(browser.text("#phase")).isEqualTo("no contact");
        assertThat(browser.script("return getComputedStyle(document.querySelector('.grid')).filter"))
                .as("the curves keep the colours that tell them apart")
                .isEqualTo("none");
        assertThat(browser.value("#eta")).isEqualTo(eta);
        assertChartsDrawn();
        assertThat(browser.screenshot("server-gone.png")).isNotEmptyFile();

        RunMonitor resumed = trained("char-lm", 700);
        endpoint = PrometheusEndpoint.builder().port(port).monitor(resumed).start();

        awaitShown(resumed);
        assertThat(browser.findAll("body.stale")).isEmpty();
        assertThat(browser.text("#freshness")).startsWith("updated ");
    }

    @Test
    void page_severalRuns_areChosenLaidOverAndCompared() throws Exception {
        RunMonitor one = trained("one", 3_000);
        RunMonitor two = trained("two", 800);
        serve(one, two);
        browser.open(endpoint.uri() + "#run=one");
        awaitShown(one);

        browser.find("[aria-label='lay two over the run shown']").click();
        browser.find("[aria-label='two as the baseline']").click();

        soon().untilAsserted(() ->
                assertThat(points("#loss-chart", "two")).isEqualTo(two.curve().size()));
        assertThat(points("#eta-chart", "two")).isEqualTo(two.curve().size());
        // Both losses where the shorter run ends: what the curves themselves say there.
        CurvePoint end = two.curve().get(two.curve().size() - 1);
        CurvePoint same = one.curve().get(two.curve().size() - 1);
        assertThat(same.tokens()).isEqualTo(end.tokens());
        assertThat(browser.value("tr.shown td.difference"))
                .isCloseTo(same.currentLossNats() - end.currentLossNats(), within(1e-12));
        assertThat((List<?>)
                        browser.script("return document.querySelector('#loss-chart').chart.lines.map((l) => l.colour)"))
                .as("a colour means a run")
                .doesNotHaveDuplicates();
        assertThat(browser.screenshot("compared.png")).isNotEmptyFile();
        assertThat(browser.address()).contains("with=two", "base=two");

        browser.open(browser.address());
        awaitShown(one);
        soon().untilAsserted(() ->
                assertThat(points("#loss-chart", "two")).as("by its address").isPositive());

        runButton("two").click();
        awaitShown(two);
        assertThat(browser.findAll(".to-run[aria-current=true]").get(0).getText())
                .isEqualTo("two");
    }

    @Test
    void page_lossesNotFinite_areAHoleWithCountAndSteps() {
        RunMonitor run = trained("char-lm", 1_000);
        for (int i = 0; i < 12; i++) {
            run.step(1600, Double.NaN);
        }
        train(run, 1_001, 2_000);
        serve(run);

        browser.open(endpoint.uri().toString());
        awaitShown(run);

        assertThat(browser.text("#nonfinite")).isEqualTo("12 losses not finite, steps 1,001 to 1,012");
        assertThat(line("#loss-chart", "current L").stream().filter(Objects::isNull))
                .hasSize(1);
        assertThat(browser.find("#lane .non_finite").getAttribute("aria-label"))
                .startsWith("12 losses not finite, steps 1,001 to 1,012; 1.60\u00a0M tokens");
    }

    @Test
    void page_beforeTheFirstBin_inventsNoAxesAndNoSlope() {
        RunMonitor run = trained("char-lm", 2);
        serve(run);

        browser.open(endpoint.uri().toString());
        awaitShown(run);

        assertThat(browser.findAll(".grid canvas")).isEmpty();
        assertThat(browser.text("#loss-chart")).isEqualTo("No bin of the curve is closed yet.");
        assertThat(browser.text("#sentence")).isEqualTo("too early for a verdict (0 of 16 bins)");
        assertThat(browser.text("#remark")).isEmpty();
    }

    @Test
    void page_failedRun_saysSoAsPlainlyAsTheVerdict() {
        RunMonitor run = trained("char-lm", 1_000);
        run.end(Outcome.FAILED);
        serve(run);

        browser.open(endpoint.uri().toString());
        awaitShown(run);

        assertThat(browser.text("#phase")).isEqualTo("failed");
        assertThat(browser.text("#outcome")).startsWith("\u2715 failed after ");
        assertThat(browser.find("#outcome").isDisplayed()).isTrue();
        assertAccessible("failed");
    }

    @Test
    void page_blownUp_saysSoAndMarksIt() {
        RunMonitor run = trained("char-lm", 2_000);
        for (int t = 0; t < 200; t++) {
            run.step(1600, 6 + 0.02 * (t * 7919 % 13 - 6));
        }
        serve(run);

        browser.open(endpoint.uri().toString());
        awaitShown(run);

        assertThat(browser.text("#phase")).isEqualTo("blow up");
        assertThat(browser.text("#sentence"))
                .endsWith(": blow-up")
                .isEqualTo(run.snapshot().verdict().sentence());
        assertThat(browser.findAll("#lane .blow_up")).hasSize(1);
    }

    @Test
    void page_zoomAndAxis_areOneForAllChartsAndStayInTheAddress() {
        RunMonitor run = trained("char-lm", 3_000);
        serve(run);
        browser.open(endpoint.uri() + "#x=steps&from=1000&to=2000");
        awaitShown(run);

        String range = "const x = document.querySelector(arguments[0]).chart.plot.scales.x; return [x.min, x.max]";
        for (String chart : List.of("#loss-chart", "#eta-chart", "#slope-chart")) {
            soon().untilAsserted(() ->
                    assertThat(browser.script(range, chart)).as(chart).isEqualTo(List.of(1000L, 2000L)));
        }
        browser.find("#loss-chart").sendKeys("+");
        assertThat(browser.address()).contains("from=1250&to=1750");
        browser.find("#whole").click();
        assertThat(browser.address()).doesNotContain("from=").contains("x=steps");
        assertThat(browser.find("#window").isDisplayed()).isFalse();
    }

    @Test
    void page_tables_keepTheirElementsWhileTrainingGoesOn() {
        RunMonitor run = trained("char-lm", 1_000);
        serve(run);
        browser.open(endpoint.uri().toString());
        awaitShown(run);
        WebElement cell = browser.find("#transmitted-bits");

        train(run, 1_001, 1_500);
        lookAtOnce();
        awaitShown(run);

        // A selection lives in its element: a table made anew cannot be copied from.
        assertThat(cell.getAttribute("textContent")).isEqualTo(browser.text("#transmitted-bits"));
    }

    @Test
    void page_notification_isAskedForOnAClickAloneAndTellsOfTheEnd() {
        RunMonitor run = trained("char-lm", 1_000);
        serve(run);
        browser.open(endpoint.uri().toString());
        awaitShown(run);
        browser.script("""
            window.asked = 0;
            window.told = [];
            window.Notification = class {
              static requestPermission() { asked++; return Promise.resolve('granted'); }
              constructor(title, { body }) { told.push(title + ' | ' + body); }
            };
            """);

        browser.find("#notify").click();
        soon().until(() -> browser.findAll("#notify[aria-pressed=true]").size() == 1);
        assertThat(browser.script("return told")).isEqualTo(List.of());
        run.end(Outcome.FINISHED);
        lookAtOnce();

        soon().untilAsserted(() -> assertThat(String.valueOf(browser.script("return told")))
                .startsWith("[char-lm: finished | finished: ")
                .contains(run.snapshot().verdict().sentence()));
        assertThat(browser.script("return asked")).isEqualTo(1L);
    }

    @Test
    void page_events_areReachedByKeyboard() {
        RunMonitor run = trained("char-lm", 1_000);
        run.saved();
        train(run, 1_001, 2_000);
        run.saved();
        serve(run);
        browser.open(endpoint.uri().toString());
        awaitShown(run);

        WebElement last = browser.find("#lane button[tabindex='0']");
        last.sendKeys(Keys.ARROW_LEFT);

        assertThat(browser.text("#happening")).startsWith("state saved, step 1,000; 1.60\u00a0M tokens");
        assertThat(browser.findAll("#lane button[tabindex='0']")).hasSize(1);
    }

    @Test
    void page_curve_isDownloadedAsTheServerWouldWriteIt() throws Exception {
        RunMonitor run = trained("char-lm", 1_000);
        run.close();
        serve(run);
        browser.open(endpoint.uri().toString());
        awaitShown(run);
        browser.script("URL.createObjectURL = (blob) => { window.saved = blob; return 'data:,'; };");

        browser.find("#save-csv").click();

        StringBuilder csv = new StringBuilder();
        CurveCsv.write(csv, Recording.of(run));
        List<String> rows = String.valueOf(
                        browser.later("const done = arguments[arguments.length - 1]; window.saved.text().then(done);"))
                .lines()
                .toList();
        List<String> expected = csv.toString().lines().toList();
        assertThat(rows.get(0)).isEqualTo(expected.get(0));
        assertThat(rows).hasSameSizeAs(expected);
        browser.find("#save-png").click();
        soon().until(() -> browser.script("return window.saved.type").equals("image/png"));
    }

    @Test
    void page_arrowKeys_speakTheCurvesValues() {
        RunMonitor run = trained("char-lm", 2_000);
        serve(run);
        browser.open(endpoint.uri().toString());
        awaitShown(run);

        WebElement chart = browser.find("#loss-chart");
        chart.sendKeys(Keys.HOME);

        assertThat(chart.getAttribute("aria-label")).startsWith("Loss over the run: current ");
        assertThat(browser.text("#announcer"))
                .startsWith(
                        String.format("%,d tokens, step ", run.curve().get(0).tokens()))
                .contains("current L");
    }

    @Test
    void report_openedAsAFile_drawsItsChartsAndAsksForNothing() throws Exception {
        RunMonitor run = trained("</script><b>char-lm", 2_000);
        run.close();
        Path file = directory.resolve("report.html");
        RunReport.write(Recording.of(run), file);

        browser.open(file.toUri().toString());

        awaitShown(run);
        assertThat(browser.text("#freshness")).startsWith("ended ");
        assertThat(browser.value("#eta")).isEqualTo(run.snapshot().ledger().eta());
        assertChartsDrawn();
        assertThat(browser.screenshot("report.png")).isNotEmptyFile();
        assertThat(browser.complaints()).isEmpty();
        assertThat(browser.requests()).containsExactly(file.toUri().toString());
        assertThat(Files.size(file)).isLessThan(1 << 20);
    }

    @Test
    void report_ofSeveralRuns_laysThemOverEachOtherAndShowsTheOneChosen() throws Exception {
        List<Recording> runs = Stream.of("first", "second", "</script>third")
                .map(name -> {
                    RunMonitor run = trained(name, 2_000);
                    run.close();
                    return Recording.of(run);
                })
                .toList();
        Path file = Files.writeString(directory.resolve("compare.html"), RunReport.html(runs));

        browser.open(file.toUri().toString());

        soon().until(() -> browser.text("#run").equals("first"));
        assertThat(browser.text("#runs-count")).startsWith("3 runs");
        assertThat(browser.script("return document.querySelectorAll('#runs-rows input:checked').length"))
                .isEqualTo(3L);
        assertThat(browser.text("#runs-rows")).contains("0.000 at 3.17\u00a0M tokens");
        browser.script("document.querySelectorAll('#runs-rows .to-run')[1].click()");
        soon().until(() -> browser.text("#run").equals("second"));
        assertThat(browser.complaints()).isEmpty();
        assertThat(browser.requests()).containsExactly(file.toUri().toString());
    }
}
