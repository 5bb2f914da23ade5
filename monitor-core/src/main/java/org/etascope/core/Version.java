package org.etascope.core;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/** The version of Etascope, as every way out of a run tells it. */
public final class Version {
    private static final List<String> LINES = read();

    /** Such as {@code 0.1.0}. */
    public static final String CURRENT = LINES.get(0);

    /** The commit that it was built from, empty where the build was not told. */
    public static final String REVISION = LINES.get(1).startsWith("$") ? "" : LINES.get(1);

    private Version() {}

    private static List<String> read() {
        try (InputStream in = Version.class.getResourceAsStream("version.txt")) {
            return new String(Objects.requireNonNull(in, "version.txt").readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
