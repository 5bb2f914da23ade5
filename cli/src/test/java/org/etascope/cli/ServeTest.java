package org.etascope.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.etascope.core.RunMonitor;
import org.etascope.recording.JournalWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code serve}: what is in a folder is on the page, and nothing of it is trained. */
class ServeTest {
    @TempDir
    Path folder;

    private void record(String name, int steps) {
        RunMonitor run = RunMonitor.builder(name).build();
        JournalWriter journal = JournalWriter.start(run, folder.resolve(name));
        try (journal) {
            for (int t = 1; t <= steps; t++) {
                run.step(1000, 2 + 8 * Math.pow(1 + t / 5.0, -0.4));
            }
            run.close();
        }
    }

    private static HttpResponse<String> get(String uri) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(URI.create(uri)).build(), HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void serve_aFolder_showsItsRunsUntilItIsInterrupted() throws Exception {
        record("a", 100);
        record("b", 2_000);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        CompletableFuture<Integer> exit = new CompletableFuture<>();
        Thread serving = new Thread(() -> exit.complete(Main.run(
                new String[] {"serve", folder.toString(), "--port=0"},
                new ByteArrayInputStream(new byte[0]),
                new PrintStream(out, true, UTF_8),
                new PrintStream(out, true, UTF_8))));
        serving.start();
        Pattern address = Pattern.compile("Etascope {2}2 recordings in .* (http://127\\.0\\.0\\.1:\\d+)\\R");
        await().until(() -> address.matcher(out.toString(UTF_8)).find());
        Matcher said = address.matcher(out.toString(UTF_8));
        assertThat(said.find()).isTrue();
        String uri = said.group(1);

        await().until(() -> get(uri + "/-/ready").statusCode() == 200);
        JsonNode list = new ObjectMapper().readTree(get(uri + "/api/runs").body());
        assertThat(list.findValuesAsText("run")).containsExactly("b", "a");
        JsonNode run = new ObjectMapper().readTree(get(uri + "/api/runs/b").body());
        assertThat(run.get("tokens").asLong()).isEqualTo(2_000_000);
        assertThat(run.at("/series/tokens").size()).isGreaterThan(100);
        assertThat(get(uri + "/metrics").body()).doesNotContain("run=\"");
        assertThat(get(uri + "/").body()).contains("<title>");

        serving.interrupt();
        assertThat(exit.get()).isZero();
    }

    @Test
    void serve_whatIsNoFolder_oneLine() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "");
        for (Path wrong : new Path[] {file, folder.resolve("none")}) {
            CommandLineRun run = CommandLineRun.of("serve", wrong.toString());
            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.error()).startsWith("etascope: " + wrong).contains("wanted: one with recordings");
        }
        assertThat(CommandLineRun.of("serve").exitCode()).isEqualTo(2);
        assertThat(CommandLineRun.of("serve", folder.toString(), "--port=70000").error())
                .contains("--port 70000 is out of range");
    }
}
