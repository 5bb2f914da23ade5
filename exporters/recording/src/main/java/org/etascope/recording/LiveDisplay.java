package org.etascope.recording;

import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.etascope.core.Condition;
import org.etascope.core.Phase;
import org.etascope.core.RunEvent;
import org.etascope.core.RunMonitor;
import org.etascope.core.RunObserver;
import org.etascope.core.RunSnapshot;
import org.etascope.core.Verdict;
import org.jspecify.annotations.Nullable;

/**
 * Shows a run while it goes on: two lines that rewrite themselves on a terminal, otherwise one {@code key=value} line for
 * every five seconds in which something came. What happens on the way stays on the screen as lines of its own.
 *
 * <p>It reads snapshots on a thread of its own, not on the shared one, so that a terminal that takes no more text (Ctrl-S)
 * holds up nothing else. Any thread may call.
 */
public final class LiveDisplay implements AutoCloseable {
    private static final Duration REWRITE = Duration.ofMillis(500);
    private static final Duration LINE = Duration.ofSeconds(5);
    private static final Duration FIRST = Duration.ofMillis(250);
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    /** From the line's beginning: a typed Ctrl-C leaves its sign there. */
    private static final String UP_TWO_AND_CLEAR = "\r\u001B[2A\u001B[J";

    /** A window that has become too narrow cuts the lines off, so that they stay two. */
    private static final String NO_BREAK = "\u001B[?7l";

    private static final String BREAK = "\u001B[?7h";
    private static final String RESET = "\u001B[0m";
    private static final String GREEN = "\u001B[32m";
    private static final String YELLOW = "\u001B[33m";
    private static final String RED = "\u001B[31m";

    private static final Set<Condition> BAD =
            EnumSet.of(Condition.FAULT, Condition.RISING, Condition.RISEN, Condition.BLOW_UP);

    private final Screen screen;
    private final RunMonitor monitor;
    private final @Nullable Duration budget;
    private final long startNanos = System.nanoTime();
    private final Queue<String> told = new ConcurrentLinkedQueue<>();
    private final RunObserver events = new RunObserver() {
        @Override
        public void happened(String run, RunEvent event) {
            tell("step " + event.step() + ": " + event.sentence());
        }
    };
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread daemon = new Thread(task, "etascope-display");
        daemon.setDaemon(true);
        return daemon;
    });
    private boolean drawn;
    private long shownSteps = -1;

    private LiveDisplay(Screen screen, RunMonitor monitor, @Nullable Duration budget) {
        this.screen = screen;
        this.monitor = monitor;
        this.budget = budget;
    }

    /**
     * {@return a display that runs until it is closed}
     *
     * @param screen where to
     * @param monitor the run
     * @param budget time that the run has; null if its planned steps, if it has any, tell how far it is
     */
    public static LiveDisplay start(Screen screen, RunMonitor monitor, @Nullable Duration budget) {
        LiveDisplay display = new LiveDisplay(screen, monitor, budget);
        monitor.addObserver(display.events);
        Duration pause = screen.terminal() ? REWRITE : LINE;
        var unused = display.thread.scheduleWithFixedDelay(
                display::show, FIRST.toMillis(), pause.toMillis(), TimeUnit.MILLISECONDS);
        return display;
    }

    /**
     * Shows a line that stays, with the time; never waits.
     *
     * @param line the line
     */
    public void tell(String line) {
        told.add(line);
    }

    private synchronized void show() {
        RunSnapshot now = monitor.snapshot();
        long steps = now.progress().steps() + now.progress().nonFiniteSteps();
        // Before the first step zeros would be an invention.
        if (steps == 0 || (steps == shownSteps && told.isEmpty() && !screen.terminal())) {
            return;
        }
        shownSteps = steps;
        Recording run = Recording.of(monitor);
        double seconds = (System.nanoTime() - startNanos) / 1e9;
        ProgressText text = new ProgressText(run, seconds, share(run.snapshot(), seconds));
        if (screen.terminal()) {
            if (drawn) {
                screen.out().print(UP_TWO_AND_CLEAR);
            } else {
                SummaryTable.setting(run.snapshot()).forEach(screen::line);
                screen.line("");
            }
            drawn = true;
            sayTold(line -> String.format(Locale.ROOT, "%5s  %s", Format.clock(seconds), line));
            draw(text.lines(screen), colour(run.snapshot().verdict()));
        } else {
            sayTold(text::keyValues);
            screen.line(text.keyValues());
        }
        screen.out().flush();
    }

    private double share(RunSnapshot now, double seconds) {
        if (budget != null) {
            return Math.min(1, seconds * 1e3 / budget.toMillis());
        }
        double done = now.progress().steps() / monitor.plannedSteps();
        return Math.min(
                1, Double.isNaN(done) ? now.progress().tokens() / now.info().plannedTokens() : done);
    }

    private void sayTold(UnaryOperator<String> shown) {
        for (String line = told.poll(); line != null; line = told.poll()) {
            screen.line(shown.apply(line));
        }
    }

    private void draw(List<String> lines, String colour) {
        String second = screen.colour() ? colour + lines.get(1) + RESET : lines.get(1);
        screen.out().println(NO_BREAK + lines.get(0) + System.lineSeparator() + second + BREAK);
    }

    private static String colour(Verdict verdict) {
        if (verdict.conditions().stream().anyMatch(BAD::contains)) {
            return RED;
        }
        return verdict.phase() == Phase.SATURATED ? YELLOW : GREEN;
    }

    /** Shows the last moment and stops; waits at most two seconds for a terminal that takes nothing. */
    @Override
    public void close() {
        thread.shutdown();
        try {
            if (thread.awaitTermination(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                show();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        monitor.removeObserver(events);
    }
}
