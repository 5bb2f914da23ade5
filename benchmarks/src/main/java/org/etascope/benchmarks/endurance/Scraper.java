package org.etascope.benchmarks.endurance;

import java.net.URI;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/** Scrapes a run again and again until it is closed, and looks whether each answer is one moment. */
final class Scraper implements AutoCloseable {
    /** η·N = bits holds to the last place of the text; this allows for a product's rounding. */
    private static final double ROUNDING = 1e-14;

    private static final long PAUSE_NANOS = 5_000_000;

    private final URI address;
    private final Thread thread = new Thread(this::scrape, "scraper");
    private volatile boolean closed;
    private volatile Map<String, Double> last = Map.of();
    private final LongAdder scrapes = new LongAdder();
    private final LongAdder torn = new LongAdder();

    /** Starts scraping an endpoint. */
    Scraper(URI address) {
        this.address = address;
        thread.setDaemon(true);
        thread.start();
    }

    private void scrape() {
        while (!closed) {
            Map<String, Double> now = DemoProcess.metrics(address);
            if (!now.isEmpty()) {
                scrapes.increment();
                torn.add(isOneMoment(now) ? 0 : 1);
                last = now;
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    private static boolean isOneMoment(Map<String, Double> now) {
        double bits = now.getOrDefault("etascope_information_transmitted_bits", Double.NaN);
        double product = now.getOrDefault("etascope_eta_ratio", Double.NaN)
                * now.getOrDefault("etascope_model_size_bits", Double.NaN);
        boolean stepped = now.getOrDefault("etascope_run_steps", 0.0) > 0;
        boolean tokensFit = now.getOrDefault("etascope_run_tokens", Double.NaN)
                == SavedRun.TOKENS_PER_STEP * now.getOrDefault("etascope_run_steps", Double.NaN);
        return !stepped || (tokensFit && Math.abs(product - bits) <= ROUNDING * Math.abs(bits));
    }

    /** {@return the last answer, empty if there was none} */
    Map<String, Double> last() {
        return last;
    }

    long scrapes() {
        return scrapes.sum();
    }

    long torn() {
        return torn.sum();
    }

    @Override
    public void close() {
        closed = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
