package org.etascope.prometheus;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.etascope.core.RunMonitor;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/** Whatever the page has to show fits and can be read: on every width, light and dark, of any name, of any number of runs. */
class PageFitsTest extends PageInChromium {
    private static void assertNoOverflow(String what) {
        assertThat(browser.script("return document.documentElement.scrollWidth - innerWidth"))
                .as("overflow, " + what)
                .isEqualTo(0L);
        assertThat((List<?>) browser.script(
                        "return [...document.querySelectorAll('.card, .tiles div')].filter((e) => e.scrollWidth >"
                                + " e.clientWidth).map((e) => e.textContent)"))
                .as("overflow within, " + what)
                .isEmpty();
    }

    @Test
    void page_allWidths_lightAndDark_fitAndAreReadable() {
        RunMonitor run = trained("char-lm", 3_000);
        run.learningRate(1e-3);
        run.validation(1.9);
        serve(run, trained("another", 500));

        for (int width : new int[] {320, 390, 768, 1280, 1440}) {
            for (boolean dark : width == 390 || width == 1280 ? new boolean[] {false, true} : new boolean[] {false}) {
                String name = width + (dark ? "-dark" : "-light");
                browser.open(endpoint.uri() + "#run=char-lm", width, 2800, dark);
                awaitShown(run);
                browser.script("document.querySelectorAll('details').forEach((d) => { d.open = true; })");
                assertThat(browser.screenshot(name + ".png")).isNotEmptyFile();
                assertChartsDrawn();
                assertNoOverflow(name);
                assertThat((List<?>) browser.script(FAINT_TEXT)).as(name).isEmpty();
                assertAccessible(name);
            }
        }
        browser.scheme(true);
        Object dark = browser.script("return getComputedStyle(document.body).backgroundColor");
        browser.scheme(false);
        assertThat(browser.script("return getComputedStyle(document.body).backgroundColor"))
                .isNotEqualTo(dark);
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void page_hostileNames_areShownAsTheyAre() {
        List<String> names = List.of(
                "<img src=x onerror=document.title='pwned'>",
                "</script><script>alert(1)</script>",
                "\"'`&amp;\n\t\\",
                ".",
                "..",
                "../../etc/passwd",
                "a/b?c#d%2F;e=f+g",
                "\u05e9\u05dc\u05d5\u05dd \u202e \u03b7 \ud83d\udd25",
                "x".repeat(200));
        RunMonitor[] runs = names.stream().map(name -> trained(name, 100)).toArray(RunMonitor[]::new);
        serve(runs);
        browser.open(endpoint.uri().toString());
        soon().until(() -> browser.findAll(".to-run").size() == names.size());

        for (String name : names) {
            runButton(name).sendKeys(Keys.ENTER);
            soon().untilAsserted(() -> assertThat(browser.text("#run")).isEqualTo(name));
            assertThat(browser.script("return document.documentElement.scrollWidth - innerWidth"))
                    .isEqualTo(0L);
        }
        assertThat(browser.findAll("img, script:not([src])")).isEmpty();
        assertThat(browser.script("return document.title")).isNotEqualTo("pwned");
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void page_fortyRuns_namesKeepTheirEndsAndCanBeSearched() {
        serve(IntStream.range(0, 40)
                .mapToObj(i -> trained("character-language-model-width-256-depth-4-seed-" + i, 20))
                .toArray(RunMonitor[]::new));
        browser.open(endpoint.uri().toString(), 390, 1500, false);
        soon().until(() -> browser.findAll(".to-run").size() == 40);

        assertThat(browser.findAll(".to-run bdi"))
                .extracting(WebElement::getText)
                .doesNotHaveDuplicates();
        assertNoOverflow("40 runs");
        browser.find("#find").sendKeys("seed-3");
        // 3 and 30 to 39.
        soon().until(() -> browser.findAll(".to-run").size() == 11);
    }

    @Test
    void page_thousandRuns_areAllInTheTable() {
        serve(IntStream.range(0, 1_000).mapToObj(i -> trained("run-" + i, 2)).toArray(RunMonitor[]::new));
        browser.open(endpoint.uri() + "#find=run-999", 320, 1500, false);

        soon().untilAsserted(() -> assertThat(browser.text("#runs-count")).isEqualTo("1000 runs, 1000 of them live"));
        assertThat(browser.findAll(".to-run")).hasSize(1);
        browser.find("#find").clear();
        browser.find("#find").sendKeys(" ");
        soon().until(() -> browser.script("return document.querySelectorAll('.to-run').length")
                .equals(1_000L));
        assertNoOverflow("1,000 runs");
    }
}
