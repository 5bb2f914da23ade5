package org.etascope.prometheus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import org.awaitility.core.ConditionFactory;
import org.etascope.core.ModelSize;
import org.etascope.core.RunMonitor;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;

/** A page of the real endpoint in a real Chromium, for tests to look at. */
abstract class PageInChromium {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** Text whose contrast with its ground is below 4.5, or 3 where it is large. */
    static final String FAINT_TEXT = """
        const parse = (c) => c.match(/[\\d.]+/g).map(Number);
        const luminance = (c) => c.slice(0, 3).map((v) => v / 255)
          .map((v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
          .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
        const ground = (e) => {
          for (let at = e; at; at = at.parentElement) {
            const c = parse(getComputedStyle(at).backgroundColor);
            if (c.length === 3 || c[3] === 1) return c;
          }
          return [255, 255, 255];
        };
        return [...document.querySelectorAll('body *')].filter((e) => e.checkVisibility()
            && [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim())).filter((e) => {
          const style = getComputedStyle(e);
          const size = parseFloat(style.fontSize);
          const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
          const a = luminance(parse(style.color));
          const b = luminance(ground(e));
          return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05) < (large ? 3 : 4.5);
        }).map((e) => e.tagName + '#' + e.id + ' ' + e.textContent);
        """;

    static Browser browser;
    PrometheusEndpoint endpoint;

    @BeforeAll
    static void openBrowser() {
        browser = new Browser();
    }

    @AfterAll
    static void closeBrowser() {
        if (browser != null) {
            browser.close();
        }
    }

    @AfterEach
    void closeEndpoint() {
        if (endpoint != null) {
            endpoint.close(Duration.ZERO);
        }
    }

    static RunMonitor monitor(String name) {
        return RunMonitor.builder(name)
                .modelSize(new ModelSize(96_816, 32))
                .vocabularySize(95)
                .build();
    }

    static void train(RunMonitor monitor, int fromStep, int toStep) {
        for (int t = fromStep; t < toStep; t++) {
            double noise = 0.02 * (t * 7919 % 13 - 6);
            monitor.step(1600, 1.4 + 3.2 / Math.sqrt(1 + Math.min(t, 900) / 5.0) + noise);
        }
    }

    static RunMonitor trained(String name, int steps) {
        RunMonitor monitor = monitor(name);
        train(monitor, 1, steps + 1);
        return monitor;
    }

    void serve(RunMonitor... monitors) {
        endpoint = PrometheusEndpoint.builder().port(0).start();
        List.of(monitors).forEach(endpoint::watch);
    }

    /** Looks often: there are hundreds of such looks, and the page is mostly there at once. */
    static ConditionFactory soon() {
        return await().atMost(PATIENCE).pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(20));
    }

    static void awaitShown(RunMonitor monitor) {
        soon().untilAsserted(() -> {
            assertThat(browser.text("#run")).isEqualTo(monitor.name());
            assertThat(browser.value("#tokens"))
                    .isEqualTo(monitor.snapshot().progress().tokens());
        });
    }

    /** How many of a chart's pixels have been painted. */
    static long painted(String canvas) {
        return (Long) browser.script("""
            const canvas = document.querySelector(arguments[0] + ' canvas');
            if (!canvas) return 0;
            const data = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
            let painted = 0;
            for (let i = 3; i < data.length; i += 4) painted += data[i] > 0;
            return painted;
            """, canvas);
    }

    static void assertChartsDrawn() {
        for (String chart : List.of("#eta-chart", "#loss-chart", "#slope-chart", "#strip")) {
            soon().untilAsserted(() -> assertThat(painted(chart)).as(chart).isGreaterThan(2_000));
        }
    }

    static WebElement runButton(String name) {
        return browser.findAll(".to-run").stream()
                .filter(button -> button.findElement(By.tagName("bdi"))
                        .getAttribute("title")
                        .equals(name))
                .findFirst()
                .orElseThrow();
    }

    static void assertAccessible(String what) {
        assertThat(browser.violations()).as(what).isEmpty();
    }
}
