package org.etascope.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The list of what is shipped is that of the build. */
class ShippedTest {
    private static final Pattern LISTED =
            Pattern.compile("(?m)^\\| `([\\w.-]+:[\\w.-]+)` \\| ([\\w.-]+) \\| [^|]+ \\| [^|]+ \\|$");

    /** As the build writes it: group:artifact:jar:version:scope. */
    private static final Pattern RESOLVED =
            Pattern.compile("(?m)^ +([\\w.-]+:[\\w.-]+):jar:([\\w.-]+):(?:compile|runtime)\\b");

    private static List<String> found(Pattern pattern, Path file) throws IOException {
        return pattern.matcher(Files.readString(file))
                .results()
                .map(artifact -> artifact.group(1) + " " + artifact.group(2))
                .toList();
    }

    @Test
    void securityPage_listOfArtifacts_isTheResolvedClassPath() throws IOException {
        List<String> resolved = found(RESOLVED, Path.of("target", "shipped.txt"));
        List<String> listed = found(LISTED, Path.of("..", "SECURITY.md"));

        assertThat(resolved).hasSizeGreaterThan(15);
        assertThat(listed).containsExactlyInAnyOrderElementsOf(resolved);
    }
}
