package org.etascope.prometheus;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.etascope.core.RunMonitor;
import org.junit.jupiter.api.Test;

/**
 * A training with a heap of 64 MB, of which its runs take a part and the training itself all it can get again and again,
 * while clients take what they can get: nobody there may ever run out of memory.
 */
class SmallHeapTest {
    private static final int RUNS = 40;
    private static final int CONNECTIONS = 2_000;
    private static final Duration ATTACK = Duration.ofSeconds(12);

    /** The training: it ends at the first error, and says how far it came when it is told to stop. */
    static final class Training {
        public static void main(String[] args) throws Exception {
            List<RunMonitor> runs = new ArrayList<>();
            PrometheusEndpoint.Builder builder = PrometheusEndpoint.builder().port(0);
            for (int i = 0; i < RUNS; i++) {
                RunMonitor run = LongRun.replayed("run-" + i, 2_000);
                runs.add(run);
                builder.monitor(run);
            }
            PrometheusEndpoint endpoint = builder.start();
            System.out.println("port " + endpoint.uri().getPort());
            long steps = 0;
            while (System.in.available() == 0) {
                for (RunMonitor run : runs) {
                    run.step(1_000, 3.1 + steps % 7 * 0.01);
                    steps++;
                }
                // What a training needs of the heap: gone at once, but it has to be there.
                byte[] needed = new byte[8 << 20];
                Thread.sleep(1 + needed[0]);
            }
            System.out.println("steps " + steps);
            Runtime.getRuntime().halt(0);
        }
    }

    private static Process training() throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-XX:+ExitOnOutOfMemoryError",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Training.class.getName())
                .redirectErrorStream(true)
                .start();
    }

    /** {@return the number in the first line that matches; what the process said, if there is none} */
    private static long said(BufferedReader out, Pattern wanted) throws IOException {
        StringBuilder all = new StringBuilder();
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            Matcher found = wanted.matcher(line);
            if (found.matches()) {
                return Long.parseLong(found.group(1));
            }
            all.append(line).append('\n');
        }
        throw new AssertionError("the training is gone: " + all);
    }

    private static SocketChannel client(int port, String request) throws IOException {
        SocketChannel client = SocketChannel.open();
        client.setOption(StandardSocketOptions.SO_RCVBUF, 4_096);
        client.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        client.configureBlocking(false);
        try {
            client.write(ByteBuffer.wrap(request.getBytes(ISO_8859_1)));
        } catch (IOException e) {
            // It has been closed already.
        }
        return client;
    }

    private static String get(int port, String path) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(30_000);
            socket.getOutputStream()
                    .write(("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                            .getBytes(ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), UTF_8);
        }
    }

    @Test
    void clients_thatTakeAllTheyCan_leaveTheTrainingItsMemory() throws Exception {
        String end = " HTTP/1.1\r\nHost: localhost\r\n\r\n";
        String large = "X-Large: " + "a".repeat(1_000) + "\r\n";
        List<IntFunction<String>> attacks = List.of(
                i -> "GET /metrics HTTP/1.1\r\nHost: localhost\r\n" + large.repeat(126),
                i -> "GET /metrics HTTP/1.1\r\nHost: localhost\r\n" + large.repeat(7),
                i -> ("GET /metrics" + end).repeat(50),
                i -> "GET /metrics?name[]=etascope_eta_ratio&name[]=x" + i + end,
                i -> ("GET /api/runs/run-" + i % RUNS + end).repeat(20),
                i -> ("GET /api/runs/run-" + i % RUNS + "/changes?since=" + i + end).repeat(20),
                i -> ("GET /api/runs?run=run-" + i % RUNS + "&as=report" + end).repeat(20));
        Process training = training();
        try (BufferedReader out = new BufferedReader(new InputStreamReader(training.getInputStream(), UTF_8))) {
            int port = (int) said(out, Pattern.compile("port (\\d+)"));
            long until = System.nanoTime() + ATTACK.toNanos();
            List<SocketChannel> clients = new ArrayList<>();
            for (int i = 0; System.nanoTime() < until; i++) {
                clients.add(client(port, attacks.get(i % attacks.size()).apply(i)));
                if (clients.size() > CONNECTIONS) {
                    clients.remove(0).close();
                }
                if (i % 500 == 0) {
                    assertThat(get(port, "/metrics")).contains("etascope_steps_total{run=\"run-7\",worker=\"\",} ");
                }
            }
            String metrics = get(port, "/metrics");
            training.getOutputStream().write('\n');
            training.getOutputStream().flush();

            assertThat(said(out, Pattern.compile("steps (\\d+)"))).isGreaterThan(RUNS * 100L);
            assertThat(training.waitFor()).isZero();
            assertThat(metrics)
                    .containsPattern("etascope_endpoint_rejected_total\\{reason=\"connections\",} [1-9]")
                    .containsPattern("etascope_endpoint_rejected_total\\{reason=\"bytes\",} [1-9]")
                    .doesNotContain("code=\"500\"", "code=\"503\"");
            for (SocketChannel client : clients) {
                client.close();
            }
        } finally {
            training.destroyForcibly();
        }
    }
}
