package org.etascope.benchmarks.endurance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.etascope.core.InformationCapacity;
import org.jspecify.annotations.Nullable;

/**
 * How the disk fails under the demo once it has saved for the first time. The run must go on to its last step as if
 * nothing had happened, say so, and leave the last whole checkpoint, from which it can be resumed.
 */
enum FailingDisk {
    /** A disk of a few megabytes, filled to the last byte. */
    FULL(
            "a full disk",
            // Never the real disk: without its own it ends, and the filler is bounded.
            "mount -t tmpfs -o size=12m none . || exit 98; cd \"$PWD\"",
            "head -c 16M /dev/zero >filler 2>/dev/null",
            "rm filler"),

    /** The run's folder lets itself be read, not written. */
    READ_ONLY("a folder that becomes read-only", ":", "mount -t tmpfs -o ro none runs/disk", "umount runs/disk"),

    /** No file may grow beyond a few kilobytes. Needs no right to mount. */
    QUOTA("a quota on the size of files", ":", "prlimit --pid $demo --fsize=16384", ":");

    private static final int STEPS = 40;
    private static final String SAVED = "disk/checkpoint.zip";

    /** What is said where there was nothing to complain of. */
    static final String PASSED =
            "the run goes on to its last step with the same ledger and says that it cannot save; its"
                    + " last whole checkpoint resumes to the uncut run bit for bit";

    private final String title;
    private final String script;

    FailingDisk(String title, String prepare, String fail, String mend) {
        this.title = title;
        this.script = """
                kept=$1; shift
                %s
                "$@" & demo=$!
                until [ -f runs/%s ]; do kill -0 $demo || exit 99; sleep 0.02; done
                %s
                wait $demo; code=$?
                %s
                cp -r runs/disk "$kept"
                exit $code
                """.formatted(prepare, SAVED, fail, mend);
    }

    String title() {
        return title;
    }

    /** {@return whether this user may do it on this machine} */
    boolean possible() {
        return this == QUOTA ? succeeds("prlimit") : succeeds("unshare", "-rm", "mount", "-t", "tmpfs", "none", "/tmp");
    }

    private static boolean succeeds(String... command) {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        try {
            Process process =
                    builder.redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
            return process.onExit().join().exitValue() == 0;
        } catch (IOException e) {
            // There is no such program.
            return false;
        }
    }

    private List<String> shell(Path kept) {
        List<String> words = new ArrayList<>(this == QUOTA ? List.of() : List.of("unshare", "-rm"));
        words.addAll(List.of("bash", "-c", script, "bash", kept.toString()));
        return words;
    }

    /**
     * {@return what was wrong, empty if nothing}
     *
     * @param folder an empty folder
     * @param uncut the same run to the same step on a good disk, see {@link #uncut}
     */
    List<String> faults(Path folder, SavedRun uncut) throws IOException, InterruptedException, TimeoutException {
        List<String> faults = new ArrayList<>();
        Path kept = Files.createDirectory(folder.resolve("kept"));
        Path disk = Files.createDirectory(folder.resolve("disk"));
        try (DemoProcess demo = DemoProcess.start(disk, shell(kept), options("--run", "disk"))) {
            Map<String, Double> last;
            try (Scraper scraper = new Scraper(demo.address())) {
                demo.join();
                last = scraper.last();
            }
            require(faults, "steps", STEPS, last.get("etascope_run_steps"));
            double bits = uncut.run().ledger().codeLengthNats() / InformationCapacity.LN2;
            require(faults, "code length", bits, last.get("etascope_run_code_length_bits"));
            require(faults, "eta", uncut.run().ledger().eta(), last.get("etascope_eta_ratio"));
            if (!demo.output().contains("WARN DemoRun: no checkpoint in runs/disk")) {
                faults.add("it does not say that it could not save");
            }
            long warnings = demo.output()
                    .lines()
                    .filter(line -> line.startsWith("WARN JournalWriter"))
                    .count();
            // Where the folder was over-mounted, the journal's open file is still the good one.
            require(faults, "warnings of the journal", this == READ_ONLY ? 0 : 1, (double) warnings);
            boolean counted = last.getOrDefault("etascope_listener_errors_total", 0.0) > 0;
            require(faults, "faults counted", this == READ_ONLY ? 0 : 1, counted ? 1.0 : 0.0);
        }
        SavedRun saved = SavedRun.of(kept.resolve(SAVED));
        faults.addAll(saved.contradictions());
        if (saved.iterations() >= STEPS) {
            faults.add("the disk never failed");
        }
        DemoProcess.run(kept, options("--resume", kept.resolve("disk").toString()));
        faults.addAll(SavedRun.of(kept.resolve(SAVED)).differences(uncut));
        return faults;
    }

    /** {@return the run that nothing happens to} */
    static SavedRun uncut(Path folder) throws IOException, InterruptedException {
        DemoProcess.run(folder, options("--run", "disk"));
        return SavedRun.of(folder.resolve("runs").resolve(SAVED));
    }

    private static List<String> options(String how, String which) {
        return List.of(how, which, "--steps", Integer.toString(STEPS), "--checkpoint-every", "0.2");
    }

    private static void require(List<String> faults, String what, double wanted, @Nullable Double found) {
        if (found == null || found != wanted) {
            faults.add(what + ": " + found + ", wanted " + wanted);
        }
    }
}
