package org.etascope.starter;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Scrapes a server at a steady rate over several connections: a program of its own, so that its work is not that of the
 * training process. Prints scrapes, failures, and the median and 99th percentile of the time in milliseconds.
 */
final class ScrapeLoad {
    private static final int CONNECTIONS = 8;
    private static final int SCRAPES_PER_SECOND = 200;

    private ScrapeLoad() {}

    /** Arguments: the address to scrape, and for how many seconds. */
    public static void main(String[] args) throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(args[0]))
                .timeout(Duration.ofSeconds(10))
                .build();
        Queue<Long> nanos = new ConcurrentLinkedQueue<>();
        AtomicLong failures = new AtomicLong();
        ScheduledExecutorService clients = Executors.newScheduledThreadPool(CONNECTIONS);
        List<Future<?>> running = new ArrayList<>();
        long period = TimeUnit.SECONDS.toNanos(CONNECTIONS) / SCRAPES_PER_SECOND;
        for (int i = 0; i < CONNECTIONS; i++) {
            HttpClient client =
                    HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
            running.add(clients.scheduleAtFixedRate(
                    () -> scrape(client, request, nanos, failures),
                    i * period / CONNECTIONS,
                    period,
                    TimeUnit.NANOSECONDS));
        }
        clients.awaitTermination(Long.parseLong(args[1]), TimeUnit.SECONDS);
        running.forEach(scraping -> scraping.cancel(false));
        clients.shutdown();
        clients.awaitTermination(20, TimeUnit.SECONDS);
        long[] sorted = nanos.stream().mapToLong(Long::longValue).sorted().toArray();
        System.out.println(sorted.length + " " + failures + " " + millis(sorted, 0.5) + " " + millis(sorted, 0.99));
    }

    private static void scrape(HttpClient client, HttpRequest request, Queue<Long> nanos, AtomicLong failures) {
        long begun = System.nanoTime();
        try {
            HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() != 200 || !response.body().contains("etascope_steps_total")) {
                failures.incrementAndGet();
            }
        } catch (Exception e) {
            failures.incrementAndGet();
        }
        nanos.add(System.nanoTime() - begun);
    }

    private static double millis(long[] sorted, double quantile) {
        return sorted[(int) (quantile * (sorted.length - 1))] / 1e6;
    }
}
