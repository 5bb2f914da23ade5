package org.etascope.benchmarks.endurance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.etascope.benchmarks.Machine;
import org.etascope.benchmarks.MarkedSection;

/** Kills the demo a hundred times, lets its disk fail in three ways, and writes what was found. */
public final class Crash {
    private static final int KILLS = 100;

    private Crash() {}

    /**
     * Starts the program. It fails if anything was lost, doubled or unreadable.
     *
     * @param args the page to write into (default: standard output), then the number of kills (default 100)
     * @throws IOException if a file or process fails
     * @throws InterruptedException if interrupted
     * @throws TimeoutException if the demo does not start
     */
    public static void main(String[] args) throws IOException, InterruptedException, TimeoutException {
        int kills = args.length > 1 ? Integer.parseInt(args[1]) : KILLS;
        Path folder = Files.createTempDirectory("etascope-crash");
        List<String> faults = new ArrayList<>();
        StringBuilder text = new StringBuilder(Machine.describe()).append(".\n\n");

        Killed killed = new Killed(Files.createDirectory(folder.resolve("killed")));
        text.append("- ").append(killed.kill(kills)).append(".\n");
        faults.addAll(killed.faults());

        SavedRun uncut = FailingDisk.uncut(Files.createDirectory(folder.resolve("uncut")));
        for (FailingDisk disk : FailingDisk.values()) {
            text.append("- ").append(disk.title()).append(": ");
            if (disk.possible()) {
                List<String> found = disk.faults(Files.createDirectory(folder.resolve(disk.name())), uncut);
                found.forEach(fault -> faults.add(disk.title() + ": " + fault));
                text.append(found.isEmpty() ? FailingDisk.PASSED : "FAULTS");
            } else {
                text.append("not tried, this user may not do that here");
            }
            text.append(".\n");
        }

        MarkedSection.put(args, "crash", text.toString());
        if (faults.isEmpty()) {
            Killed.delete(folder);
        } else {
            faults.forEach(System.err::println);
            System.err.println("all files are in " + folder);
            System.exit(1);
        }
    }
}
