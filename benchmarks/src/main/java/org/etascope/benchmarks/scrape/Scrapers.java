package org.etascope.benchmarks.scrape;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Scrapes a server at a steady rate over several connections that stay open, in the words of a Prometheus server: a
 * program of its own, so that its work is not that of the training process.
 *
 * <p>Prints a line each second: the scrapes so far and how many of them failed. The last line has behind that the median
 * and the 99th percentile of the time that one took, in milliseconds.
 */
final class Scrapers {
    static final int CONNECTIONS = 8;
    static final int PER_SECOND = 200;

    private static final int TIMEOUT_MILLIS = 10_000;

    private final URI address;
    private final byte[] request;
    private final Queue<Long> nanos = new ConcurrentLinkedQueue<>();
    private final AtomicLong failures = new AtomicLong();

    private Scrapers(URI address) {
        this.address = address;
        // What Prometheus 2.42 sends.
        this.request = ("GET " + address.getPath() + " HTTP/1.1\r\n"
                        + "Host: " + address.getAuthority() + "\r\n"
                        + "User-Agent: Prometheus/2.42.0\r\n"
                        + "Accept: application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;"
                        + "q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1\r\n"
                        + "Accept-Encoding: gzip\r\n"
                        + "X-Prometheus-Scrape-Timeout-Seconds: 10\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    /** Arguments: the address to scrape, and for how many seconds. */
    public static void main(String[] args) throws InterruptedException {
        new Scrapers(URI.create(args[0])).run(Integer.parseInt(args[1]));
    }

    private void run(int seconds) throws InterruptedException {
        ScheduledExecutorService clients = Executors.newScheduledThreadPool(CONNECTIONS);
        List<Future<?>> running = new ArrayList<>();
        long period = TimeUnit.SECONDS.toNanos(CONNECTIONS) / PER_SECOND;
        for (int i = 0; i < CONNECTIONS; i++) {
            running.add(clients.scheduleAtFixedRate(
                    new Client()::scrape, i * period / CONNECTIONS, period, TimeUnit.NANOSECONDS));
        }
        for (int second = 1; second <= seconds; second++) {
            TimeUnit.SECONDS.sleep(1);
            if (second < seconds) {
                System.out.println(nanos.size() + " " + failures);
            }
        }
        running.forEach(scraping -> scraping.cancel(false));
        clients.shutdown();
        clients.awaitTermination(2L * TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
        long[] sorted = nanos.stream().mapToLong(Long::longValue).sorted().toArray();
        System.out.println(String.format(
                Locale.ROOT, "%d %s %.3f %.3f", sorted.length, failures, millis(sorted, 0.5), millis(sorted, 0.99)));
    }

    private static double millis(long[] sorted, double quantile) {
        return sorted[(int) (quantile * (sorted.length - 1))] / 1e6;
    }

    /** One connection. */
    private final class Client {
        private Socket socket = new Socket();
        private InputStream in = InputStream.nullInputStream();

        private void scrape() {
            long begun = System.nanoTime();
            try {
                if (!socket.isConnected()) {
                    socket = new Socket(address.getHost(), address.getPort());
                    socket.setSoTimeout(TIMEOUT_MILLIS);
                    socket.setTcpNoDelay(true);
                    in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
                }
                socket.getOutputStream().write(request);
                readMetrics();
            } catch (IOException e) {
                failures.incrementAndGet();
                socket = new Socket();
            }
            nanos.add(System.nanoTime() - begun);
        }

        private void readMetrics() throws IOException {
            String status = line();
            int length = -1;
            for (String header = line(); !header.isEmpty(); header = line()) {
                String lower = header.toLowerCase(Locale.ROOT);
                if (lower.startsWith("content-length:")) {
                    length = Integer.parseInt(
                            lower.substring("content-length:".length()).strip());
                }
            }
            byte[] body = in.readNBytes(Math.max(0, length));
            // One byte stands for one character here, which is all that the search below needs.
            if (!status.startsWith("HTTP/1.1 200")
                    || body.length != length
                    || !new String(body, StandardCharsets.ISO_8859_1).contains("etascope_steps_total")) {
                throw new IOException("not an answer with metrics: " + status);
            }
        }

        private String line() throws IOException {
            StringBuilder line = new StringBuilder();
            for (int c = in.read(); c != '\n'; c = in.read()) {
                if (c < 0) {
                    throw new EOFException("the server closed the connection");
                }
                line.append((char) c);
            }
            return line.toString().strip();
        }
    }
}
