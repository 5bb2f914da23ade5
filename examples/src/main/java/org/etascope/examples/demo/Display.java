package org.etascope.examples.demo;

import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.etascope.core.Condition;
import org.etascope.core.Phase;
import org.etascope.core.RunEvent;
import org.etascope.core.RunMonitor;
import org.etascope.core.RunObserver;
import org.etascope.core.RunSnapshot;
import org.etascope.core.Verdict;
import org.etascope.recording.Format;

/**
 * Shows a run while it trains, from a thread of its own, so that a slow terminal never holds up training: two lines that
 * rewrite themselves on a terminal, one {@code key=value} line every five seconds otherwise. What happens on the way stays
 * on the screen as lines of its own.
 */
final class Display {
    private static final Duration REWRITE = Duration.ofMillis(250);
    private static final Duration LINE = Duration.ofSeconds(5);
    /** To the start of the line above. */
    private static final String UP = "\r\u001B[1A";

    private static final String CLEAR = "\u001B[2K";
    private static final String RESET = "\u001B[0m";
    private static final String GREEN = "\u001B[32m";
    private static final String YELLOW = "\u001B[33m";
    private static final String RED = "\u001B[31m";

    private static final Set<Condition> BAD =
            EnumSet.of(Condition.FAULT, Condition.RISING, Condition.RISEN, Condition.BLOW_UP);

    private final Screen screen;
    private final RunMonitor monitor;
    private final Duration budget;
    private final long startNanos = System.nanoTime();
    private final Speed speed = new Speed();
    private final Queue<String> told = new ConcurrentLinkedQueue<>();
    private final Ticker ticker;
    private boolean modelShown;
    private boolean drawn;

    private Display(Screen screen, RunMonitor monitor, Duration budget) {
        this.screen = screen;
        this.monitor = monitor;
        this.budget = budget;
        monitor.addObserver(new RunObserver() {
            @Override
            public void happened(String run, RunEvent event) {
                tell("step " + event.step() + ": " + event.sentence());
            }
        });
        this.ticker = Ticker.start("etascope-display", screen.terminal() ? REWRITE : LINE, this::show);
    }

    /**
     * {@return a display that runs until it is closed}
     *
     * @param screen where to
     * @param monitor the run
     * @param budget time to train
     */
    static Display start(Screen screen, RunMonitor monitor, Duration budget) {
        return new Display(screen, monitor, budget);
    }

    /** Shows a line that stays, with the time; any thread may call it. */
    void tell(String line) {
        told.add(String.format(Locale.ROOT, "%5s  %s", Format.clock((System.nanoTime() - startNanos) / 1e9), line));
    }

    private void show() {
        RunSnapshot snapshot = monitor.snapshot();
        if (!snapshot.baseline().known()) {
            return;
        }
        if (!modelShown) {
            modelShown = true;
            screen.line(ProgressText.model(snapshot));
            screen.line("");
        }
        showTold();
        Duration elapsed = Duration.ofNanos(System.nanoTime() - startNanos);
        double lately = speed.at(elapsed.toNanos() / 1e9, snapshot.process().tokens());
        ProgressText text = new ProgressText(snapshot, elapsed, budget, lately);
        if (screen.terminal()) {
            rewrite(text.lines(screen.columns()), colour(snapshot.verdict()));
        } else {
            screen.line(text.keyValues());
        }
    }

    private void showTold() {
        for (String line = told.poll(); line != null; line = told.poll()) {
            // Over the two lines that are there; they come again below it.
            screen.out().print(drawn ? UP + CLEAR : "");
            screen.line(line);
            screen.out().print(drawn ? CLEAR : "");
            drawn = false;
        }
    }

    private void rewrite(List<String> lines, String colour) {
        String frame = (drawn ? UP : "") + CLEAR + lines.get(0) + "\n" + CLEAR
                + (screen.colour() ? colour + lines.get(1) + RESET : lines.get(1));
        drawn = true;
        screen.out().print(screen.shown(frame));
        screen.out().flush();
    }

    private static String colour(Verdict verdict) {
        if (verdict.conditions().stream().anyMatch(BAD::contains)) {
            return RED;
        }
        return verdict.phase() == Phase.SATURATED ? YELLOW : GREEN;
    }

    /** Shows the last moment and stops. */
    void close() {
        if (ticker.stop()) {
            show();
            screen.out().print(drawn ? System.lineSeparator() : "");
        }
    }
}
