package org.etascope.starter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.etascope.core.RunMonitor;
import org.etascope.core.RunObserver;
import org.etascope.core.RunSnapshot;
import org.etascope.micrometer.RunMeters;
import org.etascope.recording.JournalWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.dataset.DataSet;

/** A JVM that trains one network after the other, as a notebook or a search for settings does, keeps none of the runs. */
class ManyRunsTest {
    private static final int FIRST = 50;
    private static final int RUNS = 350;

    /** A run that is kept takes 80 KB at least; this is 14 KB for each, the noise of a heap of some 30 MB. */
    private static final long HEAP_TOLERANCE_BYTES = 4 << 20;

    /** A pool may have opened one more thread by then. */
    private static final int TOLERANCE = 4;

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final MultiLayerNetwork net = EtascopeTest.net();
    private final DataSet data = EtascopeTest.successors(16);

    @TempDir
    Path directory;

    /** What a JVM could have more and more of. */
    private record Holdings(int meters, int threads, long files, long heapBytes) {}

    @Test
    void manyRuns_openedAndClosed_leaveNothingBehind() throws Exception {
        for (int i = 0; i < FIRST; i++) {
            run(i);
        }
        Holdings before = holdings();
        for (int i = FIRST; i < RUNS; i++) {
            run(i);
        }
        // What ends does so on threads of its own.
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            Holdings after = holdings();
            assertThat(after.meters()).isZero();
            assertThat(after.threads()).isLessThanOrEqualTo(before.threads() + TOLERANCE);
            assertThat(after.files()).isLessThanOrEqualTo(before.files() + TOLERANCE);
            assertThat(after.heapBytes()).isLessThan(before.heapBytes() + HEAP_TOLERANCE_BYTES);
        });
        assertThat(net.getListeners()).isEmpty();
    }

    private void run(int number) throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        Etascope watched = Etascope.attach(net, 0, "run-" + number % 7);
        RunMonitor monitor = watched.monitor();
        RunObserver observer = new RunObserver() {
            @Override
            public void ended(RunSnapshot last) {
                ended.countDown();
            }
        };
        monitor.addObserver(observer);
        RunMeters meters = new RunMeters(monitor);
        meters.bindTo(registry);
        try (JournalWriter journal = JournalWriter.start(monitor, directory)) {
            net.fit(data);
            assertThat(journal.file().getParent()).isEqualTo(directory);
            if (number % 10 == 0) {
                scrape(watched.endpoint().uri());
            }
            watched.endpoint().close(Duration.ZERO);
        }
        ended.await();
        meters.close();
        monitor.removeObserver(observer);
        net.setListeners();
        clear();
    }

    private static void scrape(URI page) throws Exception {
        URLConnection connection = page.resolve("/metrics").toURL().openConnection();
        // Kept open, they would be the client's files and not the server's.
        connection.setRequestProperty("Connection", "close");
        try (InputStream metrics = connection.getInputStream()) {
            assertThat(new String(metrics.readAllBytes(), StandardCharsets.UTF_8))
                    .contains("etascope_steps_total");
        }
    }

    private void clear() throws Exception {
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
    }

    private Holdings holdings() throws Exception {
        long heap = Long.MAX_VALUE;
        for (int i = 0; i < 5; i++) {
            System.gc();
            heap = Math.min(
                    heap,
                    ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        }
        return new Holdings(
                registry.getMeters().size(), ManagementFactory.getThreadMXBean().getThreadCount(), openFiles(), heap);
    }

    /** {@return how many files and sockets are open, 0 where the system does not say} */
    private static long openFiles() throws Exception {
        Path own = Path.of("/proc/self/fd");
        if (!Files.isDirectory(own)) {
            return 0;
        }
        try (Stream<Path> files = Files.list(own)) {
            return files.count();
        }
    }
}
