package org.etascope.benchmarks.endurance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** One kill and one of the disks of {@code bin/soak crash}. */
@Execution(ExecutionMode.CONCURRENT)
@EnabledOnOs(value = OS.LINUX, disabledReason = "needs prlimit and tmpfs")
class CrashTest {
    @TempDir
    private Path folder;

    @Test
    @Timeout(300)
    void demo_killedAndResumed_endsAsTheUncutRun() throws Exception {
        Killed killed = new Killed(folder);
        assertThat(killed.kill(1)).endsWith("the final run equal to the uncut one bit for bit");
        assertThat(killed.faults()).isEmpty();
    }

    @Test
    @Timeout(300)
    void demo_onADiskThatFails_trainsOnAndKeepsItsCheckpoint() throws Exception {
        SavedRun uncut = FailingDisk.uncut(folder);
        // A full disk needs the right to mount one; where that is missing, a quota makes the same writes fail.
        FailingDisk disk = FailingDisk.FULL.possible() ? FailingDisk.FULL : FailingDisk.QUOTA;
        assertThat(disk.possible()).as(disk.title()).isTrue();
        assertThat(disk.faults(folder, uncut)).as(disk.title()).isEmpty();
    }
}
