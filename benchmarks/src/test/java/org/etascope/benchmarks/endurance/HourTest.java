package org.etascope.benchmarks.endurance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The short form of {@code bin/soak hour}: a quarter of a minute. */
class HourTest {
    @TempDir
    private Path folder;

    @Test
    @Timeout(180)
    @EnabledOnOs(value = OS.LINUX, disabledReason = "looks into /proc")
    void run_aQuarterOfAMinute_nothingGrowsAndNothingIsLost() throws Exception {
        Hour hour = new Hour(0.25);
        System.out.print(hour.run(folder));
        assertThat(hour.faults()).isEmpty();
    }
}
