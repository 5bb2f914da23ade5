package org.etascope.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MarkedSectionTest {
    @TempDir
    private Path directory;

    @Test
    void write_pageWithMarkers_replacesOnlyWhatIsBetweenThem() throws IOException {
        Path page = directory.resolve("page.md");
        Files.writeString(page, "before\n<!-- begin: a -->\nold\n<!-- end: a -->\nafter\n");
        new MarkedSection(page, "a").write("new\n");
        new MarkedSection(page, "a").write("newer\n");
        assertThat(page).hasContent("before\n<!-- begin: a -->\n\nnewer\n\n<!-- end: a -->\nafter\n");
    }

    @Test
    void write_pageWithoutThePart_saysWhichIsMissing() throws IOException {
        Path page = directory.resolve("page.md");
        Files.writeString(page, "<!-- begin: b -->\n<!-- end: b -->\n");
        assertThatThrownBy(() -> new MarkedSection(page, "a").write("new"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("begin: a");
    }
}
