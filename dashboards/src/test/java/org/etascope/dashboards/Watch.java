package org.etascope.dashboards;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;

/** A process that watches logs. */
final class Watch implements AutoCloseable {
    private final int port = Programs.freePort();
    private final Process process;

    Watch(Path directory, Path logs, String endAfter) {
        process = Programs.start(
                directory.resolve("watch-" + port + ".out"),
                "java",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                "org.etascope.cli.Main",
                "watch",
                logs,
                "--params=1M",
                "--tokens-per-step=1000",
                "--end-after=" + endAfter,
                "--port=" + port);
        await("watch").atMost(Duration.ofSeconds(30)).until(this::listens);
    }

    private boolean listens() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    String address() {
        return "127.0.0.1:" + port;
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
