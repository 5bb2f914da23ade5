package org.etascope.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the shell proposes, asked of a shell. */
class CompletionTest {
    @TempDir
    private Path directory;

    /** {@return what is proposed for the last of these words} */
    private List<String> proposed(String... words) throws IOException, InterruptedException {
        CommandLineRun script = CommandLineRun.of("completion");
        assertThat(script.exitCode()).isZero();
        String ask = script.out() + "\nCOMP_WORDS=(etascope '" + String.join("' '", words) + "')\nCOMP_CWORD="
                + words.length + "\n_complete_etascope\nprintf '%s\\n' \"${COMPREPLY[@]}\"\n";
        Path file = Files.writeString(directory.resolve("ask.sh"), ask);
        Process bash = new ProcessBuilder("bash", file.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        List<String> found =
                new String(bash.getInputStream().readAllBytes(), UTF_8).lines().toList();
        assertThat(bash.waitFor()).isZero();
        return found;
    }

    @Test
    void shell_proposesCommandsOptionsAndValues() throws Exception {
        assertThat(proposed("re")).containsExactlyInAnyOrder("replay", "report");
        assertThat(proposed("replay", "--tok")).containsExactly("--tokens-per-step");
        assertThat(proposed("replay", "--format", "ml")).containsExactlyInAnyOrder("mlflow-metric", "mlflow");
        assertThat(proposed("watch", "--until", "")).containsExactly("saturated", "blow_up", "ended", "failed");
        assertThat(proposed("replay", "--series", "v")).containsExactly("validation");
    }

    @Test
    void help_saysHowToHaveIt() {
        assertThat(CommandLineRun.of("completion", "--help").out()).contains("source <(etascope completion)");
    }
}
