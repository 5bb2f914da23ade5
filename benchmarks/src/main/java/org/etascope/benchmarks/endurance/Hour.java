package org.etascope.benchmarks.endurance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.etascope.benchmarks.Machine;
import org.etascope.benchmarks.MarkedSection;
import org.etascope.benchmarks.Median;

/**
 * The demo, trained for an hour, scraped twenty times a second and saved every few seconds, watched from outside: what its
 * process holds in the last quarter of its time must be what it held in the second.
 */
public final class Hour {
    private static final double MINUTES = 60;
    private static final double WARM_MINUTES = 10;
    private static final int LOOKS = 240;
    private static final double MEBIBYTE = 1 << 20;

    /** What the process held at one moment. */
    private record Look(double liveMebibytes, double residentMebibytes, double threads, double files, double tokens) {}

    private final double minutes;
    private final List<Look> looks = new ArrayList<>();
    private final List<String> faults = new ArrayList<>();
    private long scrapes;

    Hour(double minutes) {
        this.minutes = minutes;
    }

    /**
     * Starts the program. It fails if anything grew or went wrong.
     *
     * @param args the page to write into (default: standard output), then the number of minutes (default 60)
     * @throws IOException if a file or process fails
     * @throws InterruptedException if interrupted
     * @throws TimeoutException if the demo does not start
     */
    public static void main(String[] args) throws IOException, InterruptedException, TimeoutException {
        String machine = Machine.describe();
        Hour hour = new Hour(args.length > 1 ? Double.parseDouble(args[1]) : MINUTES);
        Path folder = Files.createTempDirectory("etascope-hour");
        String text = machine + ". " + hour.run(folder);
        MarkedSection.put(args, "hour", text);
        if (hour.faults().isEmpty()) {
            Killed.delete(folder);
        } else {
            hour.faults().forEach(System.err::println);
            System.err.println("all files are in " + folder);
            System.exit(1);
        }
    }

    List<String> faults() {
        return faults;
    }

    /** {@return what was found, as text} */
    String run(Path folder) throws IOException, InterruptedException, TimeoutException {
        Map<String, Double> last;
        try (DemoProcess demo = DemoProcess.start(
                        folder,
                        List.of(),
                        "--run",
                        "hour",
                        "--checkpoint-every",
                        "5",
                        "--minutes",
                        Double.toString(minutes));
                Scraper scraper = new Scraper(demo.address(), Duration.ofMillis(50))) {
            while (demo.alive()) {
                Map<String, Double> now = scraper.last();
                if (now.getOrDefault("etascope_steps_total", 0.0) > 0 && demo.alive()) {
                    look(demo.pid(), now);
                }
                TimeUnit.MILLISECONDS.sleep(Math.round(minutes * 60_000 / LOOKS));
            }
            demo.join();
            last = scraper.last();
            scrapes = scraper.scrapes();
            require("scrapes that were not of one moment", scraper.torn() == 0, scraper.torn());
        }
        SavedRun saved = SavedRun.of(folder.resolve("runs/hour/checkpoint.zip"));
        saved.contradictions().forEach(faults::add);
        require("tokens of the last scrape", saved.run().ledger().tokens() == tokens(last), tokens(last));
        double errors = last.getOrDefault("etascope_listener_errors_total", Double.NaN);
        require("faults counted", errors == 0, errors);
        return text(last);
    }

    private static double tokens(Map<String, Double> metrics) {
        return metrics.getOrDefault("etascope_run_tokens", Double.NaN);
    }

    private void look(long pid, Map<String, Double> now) throws IOException {
        Path process = Path.of("/proc", Long.toString(pid));
        double resident = Double.NaN;
        double threads = Double.NaN;
        double files;
        try (Stream<Path> open = Files.list(process.resolve("fd"));
                Stream<String> status = Files.lines(process.resolve("status"))) {
            files = open.count();
            for (String line : status.toList()) {
                String[] words = line.split("\\s+", -1);
                if (words[0].equals("VmRSS:")) {
                    resident = Double.parseDouble(words[1]) / 1024;
                } else if (words[0].equals("Threads:")) {
                    threads = Double.parseDouble(words[1]);
                }
            }
        } catch (IOException e) {
            // It has just ended.
            return;
        }
        if (Double.isNaN(resident)) {
            // It has just ended, and nobody has asked for its exit code yet.
            return;
        }
        double live = now.getOrDefault("jvm_gc_live_data_size_bytes", Double.NaN) / MEBIBYTE;
        looks.add(new Look(live, resident, threads, files, tokens(now)));
    }

    private String text(Map<String, Double> last) {
        // The rows first: what they find counts.
        String rows = row("threads", Look::threads, Median::middle, 2)
                + row("open files and sockets", Look::files, Median::middle, 4)
                // The least of a quarter: arrays outside the heap pile up until the JVM collects.
                + row("memory, MiB", Look::residentMebibytes, Median::least, memory(48))
                + row("live heap after a collection, MiB", Look::liveMebibytes, Median::least, memory(8));
        return String.format(
                Locale.ROOT,
                """
                %.1f minutes, %,.0f steps, %,d scrapes, a checkpoint every 5 s: %s.

                | what the process holds | second quarter | last quarter | allowed |
                |---|---:|---:|---|
                %s""",
                minutes,
                last.getOrDefault("etascope_steps_total", Double.NaN),
                scrapes,
                faults.isEmpty() ? "no fault counted, every scrape of one moment" : "FAULTS",
                rows);
    }

    /** A JVM takes a while until it holds all it needs: no growth counts in a run of a few minutes. */
    private double memory(double allowedMebibytes) {
        return minutes < WARM_MINUTES ? Double.POSITIVE_INFINITY : allowedMebibytes;
    }

    private String row(
            String what, ToDoubleFunction<Look> figure, ToDoubleFunction<Median> judged, double allowedGrowth) {
        Median before = quarter(1, figure);
        Median after = quarter(3, figure);
        double growth = judged.applyAsDouble(after) - judged.applyAsDouble(before);
        require(what + " grew", growth <= allowedGrowth, growth);
        return String.format(
                Locale.ROOT,
                "| %s | %s | %s | %s |%n",
                what,
                before.text("%.0f"),
                after.text("%.0f"),
                Double.isInfinite(allowedGrowth) ? "still warming up" : String.format("%.0f more", allowedGrowth));
    }

    private Median quarter(int which, ToDoubleFunction<Look> figure) {
        int size = looks.size() / 4;
        return Median.of(looks.subList(which * size, which * size + Math.max(1, size)).stream()
                .mapToDouble(figure)
                .toArray());
    }

    private void require(String what, boolean right, Object found) {
        if (!right) {
            faults.add(what + ": " + found);
        }
    }
}
