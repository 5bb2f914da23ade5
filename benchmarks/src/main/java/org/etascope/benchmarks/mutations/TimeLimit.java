package org.etascope.benchmarks.mutations;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/**
 * Does work on a thread of its own and finds out when it hangs: when it costs more processor time than the limit, or takes
 * longer than that by the clock twice in a row. Once by the clock alone may be a busy machine's doing. Work that does not
 * end within ten times the limit is given up.
 */
final class TimeLimit implements AutoCloseable {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final Duration limit;
    private final Thread worker;
    private final ExecutorService executor;
    private long mostCpuNanos;

    TimeLimit(Duration limit) throws InterruptedException, ExecutionException {
        this.limit = limit;
        this.executor = Executors.newSingleThreadExecutor(task -> {
            Thread thread = new Thread(task, "etascope-limited");
            thread.setDaemon(true);
            return thread;
        });
        this.worker = executor.submit(Thread::currentThread).get();
    }

    /** Work that took too long. */
    static final class HangException extends Exception {
        private static final long serialVersionUID = 1;

        HangException(String message) {
            super(message);
        }
    }

    /**
     * {@return what the work gives}
     *
     * @param work done once, or twice if the first time is slow by the clock: the same both times
     */
    <T> T run(Callable<T> work) throws HangException, ExecutionException, InterruptedException {
        long start = System.nanoTime();
        T result = once(work);
        if (System.nanoTime() - start <= limit.toNanos()) {
            return result;
        }
        start = System.nanoTime();
        result = once(work);
        long nanos = System.nanoTime() - start;
        if (nanos > limit.toNanos()) {
            throw new HangException("it took " + nanos / 1_000_000 + " ms, the second time in a row that is too long");
        }
        return result;
    }

    private <T> T once(Callable<T> work) throws HangException, ExecutionException, InterruptedException {
        long before = THREADS.getThreadCpuTime(worker.getId());
        Future<T> future = executor.submit(work);
        T result;
        try {
            result = future.get(10 * limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new HangException("it has not ended, and stands at "
                    + Arrays.stream(worker.getStackTrace()).map(String::valueOf).collect(Collectors.joining(" < ")));
        }
        long cpuNanos = THREADS.getThreadCpuTime(worker.getId()) - before;
        mostCpuNanos = Math.max(mostCpuNanos, cpuNanos);
        if (cpuNanos > limit.toNanos()) {
            throw new HangException("it took " + cpuNanos / 1_000_000 + " ms of processor time");
        }
        return result;
    }

    /** {@return the processor time of the work that took most} */
    Duration mostCpu() {
        return Duration.ofNanos(mostCpuNanos);
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
