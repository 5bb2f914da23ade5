package org.etascope.cli;

import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.etascope.core.RunMonitor;
import org.etascope.core.RunSnapshot;
import org.etascope.core.Verdict;
import org.etascope.recording.Format;
import org.jspecify.annotations.Nullable;

/**
 * A followed run on the terminal: two lines that rewrite themselves, or, where the output is no terminal, one plain line
 * of key=value every ten seconds in which something happened. Reads snapshots on a thread of its own.
 */
final class LiveDisplay implements AutoCloseable {
    private static final long LIVE_SECONDS = 1;
    private static final long PLAIN_SECONDS = 10;
    /** So long nothing is said of a log that holds no loss: many a training takes its time to begin. */
    private static final long HINT_SECONDS = 10;

    /** From the line's beginning: a typed Ctrl-C leaves its sign there. */
    private static final String UP_TWO_AND_CLEAR = "\r\033[2A\033[J";

    private final Terminal terminal;
    private final Supplier<@Nullable RunMonitor> run;
    private final ScheduledExecutorService timer;
    private final long startNanos = System.nanoTime();
    private boolean hinted;
    private long shownPoints = -1;
    private boolean shown;

    LiveDisplay(Terminal terminal, Supplier<@Nullable RunMonitor> run) {
        this.terminal = terminal;
        this.run = run;
        this.timer = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "etascope-display");
            thread.setDaemon(true);
            return thread;
        });
        long period = terminal.live() ? LIVE_SECONDS : PLAIN_SECONDS;
        var unused = timer.scheduleAtFixedRate(this::show, period, period, TimeUnit.SECONDS);
    }

    private synchronized void show() {
        RunMonitor monitor = run.get();
        if (monitor == null) {
            hint();
            return;
        }
        RunSnapshot now = monitor.snapshot();
        if (now.progress().points() == shownPoints || !hasBegun(now)) {
            return;
        }
        shownPoints = now.progress().points();
        if (terminal.live()) {
            rewrite(now);
        } else {
            terminal.out().println(plain(now));
        }
        terminal.out().flush();
    }

    /** {@return whether there is anything to show: zeros would be an invention} */
    static boolean hasBegun(RunSnapshot now) {
        return now.progress().points() + now.progress().nonFiniteSteps() > 0;
    }

    private void hint() {
        if (!hinted && System.nanoTime() - startNanos >= TimeUnit.SECONDS.toNanos(HINT_SECONDS)) {
            hinted = true;
            terminal.print(
                    "no loss so far; if the log has some already, name its format with --format, or its columns or"
                            + " keys with --map");
            terminal.out().flush();
        }
    }

    private void rewrite(RunSnapshot now) {
        if (shown) {
            terminal.out().print(UP_TWO_AND_CLEAR);
        }
        shown = true;
        Verdict verdict = now.verdict();
        String lines = String.format(
                Locale.ROOT,
                "  step %-10s %9s tokens   loss %s nats (%s bits/token)%n  η %s   %s",
                Format.whole(now.progress().steps()),
                Format.si(now.progress().tokens()),
                Format.fixed(now.losses().current(), 3),
                Format.fixed(now.losses().bitsPerToken(), 2),
                Format.withError(now.ledger().eta(), now.ledger().transmitted().standardError()),
                verdict.sentence());
        terminal.out().println(Terminal.unbroken(terminal.text(lines)));
    }

    static String plain(RunSnapshot now) {
        Verdict verdict = now.verdict();
        return String.format(
                Locale.ROOT,
                "run=%s step=%d tokens=%d loss=%.4f eta=%.5g eta_error=%.2g nats_per_doubling=%.4f"
                        + " nats_per_doubling_error=%.4f phase=%s",
                now.info().run().replace(' ', '_'),
                now.progress().steps(),
                now.progress().tokens(),
                now.losses().current(),
                now.ledger().eta(),
                now.ledger().transmitted().standardError(),
                verdict.slope().natsPerDoubling(),
                verdict.slope().natsPerDoublingError(),
                verdict.phase().label());
    }

    @Override
    public void close() {
        timer.shutdownNow();
        show();
    }
}
