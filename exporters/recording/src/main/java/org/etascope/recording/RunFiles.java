package org.etascope.recording;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.zip.CRC32C;

/** Where the files of a run lie: {@code runs/<run>/}, with a directory name that is safe whatever the run is called. */
public final class RunFiles {
    /** Name of the journal in a run's directory. */
    public static final String JOURNAL = "journal.jsonl";

    /** Name of the report in a run's directory. */
    public static final String REPORT = "report.html";

    /** Name of the curve's table in a run's directory. */
    public static final String CURVE = "curve.csv";

    private static final int LONGEST = 80;

    /** Names that Windows keeps for devices, with any ending. */
    private static final Set<String> DEVICES = Set.of(
            "con", "prn", "aux", "nul", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8", "com9", "lpt1",
            "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9");

    private RunFiles() {}

    /**
     * {@return the directory of a run; it need not exist}
     *
     * @param runs the directory of all runs
     * @param run the run's name, any text
     */
    public static Path directory(Path runs, String run) {
        return runs.resolve(safe(run));
    }

    /** Letters, digits, dot, hyphen and underscore stay; a name that has to change gets a checksum, to stay its own. */
    private static String safe(String run) {
        String safe = run.replaceAll("[^A-Za-z0-9._-]", "_").replaceFirst("^[.-]", "_");
        safe = safe.substring(0, Math.min(LONGEST, safe.length()));
        String stem = safe.replaceFirst("\\..*", "").toLowerCase(Locale.ROOT);
        if (safe.equals(run) && !safe.endsWith(".") && !DEVICES.contains(stem)) {
            return safe;
        }
        CRC32C crc = new CRC32C();
        crc.update(run.getBytes(StandardCharsets.UTF_8));
        return String.format("_%s-%08x", safe, crc.getValue());
    }
}
