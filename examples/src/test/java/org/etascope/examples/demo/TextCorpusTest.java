package org.etascope.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextCorpusTest {
    @TempDir
    Path folder;

    private static TextCorpus of(String text) {
        return new TextCorpus("text", text, 5, 2);
    }

    private Path file(byte[] content) throws IOException {
        return Files.write(folder.resolve("text.txt"), content);
    }

    @Test
    void window_oneEpoch_readsEachPlaceOnce_andTheNextEpochInAnotherOrder() {
        // Each window begins with a symbol of its own.
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 20; i++) {
            text.append((char) ('a' + i)).append("----");
        }
        TextCorpus corpus = of(text + "-");
        int[] window = new int[6];
        int[][] firsts = new int[2][20];
        for (int i = 0; i < 40; i++) {
            corpus.window(i, window);
            firsts[i / 20][i % 20] = window[0];
        }

        assertThat(corpus.facts().uniqueTokens()).isEqualTo(100);
        Set<Integer> seen = new HashSet<>();
        for (int first : firsts[0]) {
            assertThat(seen.add(first)).as("window begins with %s", first).isTrue();
        }
        assertThat(firsts[1]).containsExactlyInAnyOrder(firsts[0]).isNotEqualTo(firsts[0]);
    }

    @Test
    void uniqueTokens_textThatEndsWithinABatch_countsWholeBatchesOnly() {
        assertThat(of("ab".repeat(15)).facts().uniqueTokens()).isEqualTo(20);
        assertThat(of("ab".repeat(15) + "a").facts().uniqueTokens()).isEqualTo(30);
    }

    @Test
    void symbols_rareCharacters_shareOne() {
        String common = "ab".repeat(500_000);

        assertThat(of(common).facts().symbols()).isEqualTo(2);
        assertThat(of(common + "éüø").facts().symbols()).isEqualTo(3);
    }

    @Test
    void symbols_moreCharactersThanFit_shareOne() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 3000; i++) {
            text.append((char) (0x4E00 + i));
        }

        assertThat(of(text.toString()).facts().symbols()).isEqualTo(256);
    }

    @Test
    void fingerprint_otherText_differs() {
        assertThat(of("abcabcabcabcabc").facts().fingerprint())
                .isEqualTo(of("abcabcabcabcabc").facts().fingerprint())
                .isNotEqualTo(of("abcabcabcabcabb").facts().fingerprint());
    }

    @Test
    void tooShort_namesLengthAndNeed() {
        assertThatThrownBy(() -> of("abcdefghij")).hasMessage("text has 10 characters, one batch needs 11");
    }

    @Test
    void oneCharacterOnly_isRefused() {
        assertThatThrownBy(() -> of("a".repeat(50)))
                .hasMessage("text repeats a single character: there is nothing to predict");
    }

    @Test
    void ofFile_notUtf8_namesTheByte() throws IOException {
        Path file = file("Käse".repeat(20).getBytes(StandardCharsets.ISO_8859_1));

        assertThatThrownBy(() -> TextCorpus.ofFile(file, 5, 2))
                .hasMessage("--corpus " + file + " is not UTF-8 text (byte 1)");
    }

    @Test
    void ofFile_emptyMissingOrFolder_saysWhich() throws IOException {
        Path empty = file(new byte[0]);
        Path missing = folder.resolve("missing.txt");

        assertThatThrownBy(() -> TextCorpus.ofFile(empty, 5, 2)).hasMessage("--corpus " + empty + " is empty");
        assertThatThrownBy(() -> TextCorpus.ofFile(missing, 5, 2))
                .hasMessage("--corpus " + missing + " does not exist");
        assertThatThrownBy(() -> TextCorpus.ofFile(folder, 5, 2))
                .hasMessage("--corpus " + folder + " is not a file: give one UTF-8 text");
    }

    @Test
    void ofFile_utf8_isRead() throws IOException {
        Path file = file("η is a Greek letter; Käse is cheese. ".repeat(5).getBytes(StandardCharsets.UTF_8));

        assertThat(TextCorpus.ofFile(file, 5, 2).facts().description()).isEqualTo(file + ", 185 characters");
    }

    @Test
    void javaSources_defaultCorpus_isJavaWithoutLicenceHeaders() {
        String text = JavaSources.read();

        assertThat(text).contains("package org.deeplearning4j.nn.multilayer;").contains("public class");
        assertThat(text.length()).isBetween(3_000_000, 4_000_000);
        assertThat(text).doesNotContain("SPDX-License-Identifier");
        assertThat(new TextCorpus("Java source", text, 50, 32).facts().symbols())
                .isBetween(90, 100);
    }
}
