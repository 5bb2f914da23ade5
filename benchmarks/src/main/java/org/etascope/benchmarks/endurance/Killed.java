package org.etascope.benchmarks.endurance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.etascope.core.Baseline;
import org.etascope.recording.Journal;
import org.jspecify.annotations.Nullable;

/**
 * One run of the demo, killed by SIGKILL at seeded moments and resumed each time, beside one that nobody disturbs.
 *
 * <p>The demo saves after every step, so that many kills meet it while it writes; it is scraped without end. One
 * in eight kills comes while it starts or restores. After each kill the checkpoint must hold a network and a ledger that
 * belong together, and the journal must be readable. In the end the cut run must be the uncut one, bit for bit.
 */
final class Killed {
    private static final long SEED = 20;
    private static final int LONGEST_START_MILLIS = 4_000;
    private static final int LONGEST_LIFE_MILLIS = 1_500;
    private static final int STEPS_AFTER_THE_LAST_KILL = 20;

    private final Path folder;
    private final Path run;
    private final Path checkpoint;
    private final Random random = new Random(SEED);
    private final List<String> faults = new ArrayList<>();
    private @Nullable Baseline baseline;
    private int whileStarting;
    private int whileSaving;
    private int beforeTheFirstCheckpoint;
    private int damagedLines;
    private long scrapes;

    /**
     * Prepares the run.
     *
     * @param folder an empty folder for it
     */
    Killed(Path folder) {
        this.folder = folder;
        this.run = folder.resolve("runs/cut");
        this.checkpoint = run.resolve("checkpoint.zip");
    }

    /**
     * {@return what was found, one line of text; faults are in {@link #faults()}}
     *
     * @param least so many times, and more until there is a checkpoint to go on from
     */
    String kill(int least) throws IOException, InterruptedException, TimeoutException {
        int times = 0;
        while (times < least || !Files.exists(checkpoint)) {
            killOnce(times % 8 == 7);
            times++;
            inspect("after kill " + times + ": ");
        }
        int steps = SavedRun.of(checkpoint).iterations() + STEPS_AFTER_THE_LAST_KILL;
        DemoProcess.run(folder, options("--resume", run.toString(), "--steps", Integer.toString(steps)));
        DemoProcess.run(folder, options("--run", "uncut", "--steps", Integer.toString(steps)));
        SavedRun uncut = SavedRun.of(folder.resolve("runs/uncut/checkpoint.zip"));
        SavedRun cut = SavedRun.of(checkpoint);
        cut.differences(uncut).forEach(difference -> faults.add("cut and uncut run differ in " + difference));
        Journal journal = Journal.read(run);
        if (!SavedRun.ledger(journal.recording().snapshot()).equals(SavedRun.ledger(uncut.run()))) {
            faults.add("the journal ends with another ledger");
        }
        long left = files("checkpoint.zip.");
        if (left > 1) {
            faults.add(left + " unfinished files are left");
        }
        return String.format(
                Locale.ROOT,
                "%d kills of the demo (%d while it started or restored, %d while a checkpoint was being written, %d before"
                        + " the first one), %,d scrapes, %d torn lines in the journal, %,d steps: %s",
                times,
                whileStarting,
                whileSaving,
                beforeTheFirstCheckpoint,
                scrapes,
                damagedLines,
                steps,
                faults.isEmpty()
                        ? "all checkpoints whole, the final run equal to the uncut one bit for bit"
                        : "FAULTS");
    }

    List<String> faults() {
        return faults;
    }

    private void killOnce(boolean starting) throws IOException, InterruptedException, TimeoutException {
        boolean resumes = Files.exists(checkpoint);
        if (!resumes) {
            // As its message tells a user: there is nothing to go on from.
            delete(run);
        }
        List<String> options = resumes ? options("--resume", run.toString()) : options("--run", "cut");
        try (DemoProcess demo = DemoProcess.start(folder, List.of(), options)) {
            if (starting) {
                TimeUnit.MILLISECONDS.sleep(random.nextInt(LONGEST_START_MILLIS));
                whileStarting++;
                return; // and close kills it
            }
            try (Scraper scraper = new Scraper(demo.address())) {
                while (demo.alive() && !(scraper.last().getOrDefault("etascope_steps_total", 0.0) > 0)) {
                    TimeUnit.MILLISECONDS.sleep(5);
                }
                TimeUnit.MILLISECONDS.sleep(random.nextInt(LONGEST_LIFE_MILLIS));
                if (!demo.alive()) {
                    throw new IOException("the demo ended by itself; it wrote: " + demo.output());
                }
                demo.kill();
                scrapes += scraper.scrapes();
                if (scraper.torn() > 0) {
                    faults.add(scraper.torn() + " scrapes were not of one moment");
                }
            }
        }
    }

    private static List<String> options(String... more) {
        return Stream.concat(Stream.of("--checkpoint-every", "0"), Stream.of(more))
                .toList();
    }

    private void inspect(String when) {
        if (Files.exists(run.resolve("checkpoint.zip.tmp"))) {
            whileSaving++;
        }
        if (!Files.exists(checkpoint)) {
            beforeTheFirstCheckpoint++;
            return;
        }
        try {
            SavedRun saved = SavedRun.of(checkpoint);
            saved.contradictions().forEach(fault -> faults.add(when + fault));
            Baseline now = saved.run().baseline();
            if (baseline != null && !baseline.equals(now)) {
                faults.add(when + "baseline was " + baseline + ", is " + now);
            }
            baseline = now;
            damagedLines = Journal.read(run).damagedLines();
        } catch (IOException | RuntimeException e) {
            faults.add(when + "unreadable: " + e);
        }
    }

    private long files(String beginning) throws IOException {
        try (Stream<Path> files = Files.list(run)) {
            return files.filter(file -> file.getFileName().toString().startsWith(beginning))
                    .count();
        }
    }

    static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
