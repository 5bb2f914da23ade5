package org.etascope.benchmarks.page;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.LongAdder;

/** Stands between a browser and an endpoint on this machine and counts the bytes that go either way, headers included. */
final class CountingRelay implements AutoCloseable {
    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final int target;
    private final LongAdder bytes = new LongAdder();

    CountingRelay(int target) throws IOException {
        this.target = target;
        daemon(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    long bytes() {
        return bytes.sum();
    }

    private static void daemon(Runnable work) {
        Thread thread = new Thread(work, "relay");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        try {
            while (!server.isClosed()) {
                Socket client = server.accept();
                Socket endpoint = new Socket(InetAddress.getLoopbackAddress(), target);
                daemon(() -> copy(client, endpoint));
                daemon(() -> copy(endpoint, client));
            }
        } catch (IOException e) {
            // The relay was closed.
        }
    }

    private void copy(Socket from, Socket to) {
        try (from;
                to;
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            byte[] buffer = new byte[8192];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                bytes.add(n);
                out.write(buffer, 0, n);
            }
        } catch (IOException e) {
            // One of the two has gone; both are closed.
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
