package org.etascope.cli;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.etascope.core.RunEvent;
import org.etascope.core.RunObserver;

/** What {@code watch} waits for in its runs; the first one that meets it ends the watching. */
final class Until implements RunObserver {
    /** Something to wait for, by its name on the command line, and the exit code once it is met. */
    enum Event {
        SATURATED(3),
        BLOW_UP(4),
        ENDED(0),
        FAILED(1);

        private final int exitCode;

        Event(int exitCode) {
            this.exitCode = exitCode;
        }

        /** {@return its name on the command line} */
        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** For the shell's completion. */
    static final class Labels extends ArrayList<String> {
        private static final long serialVersionUID = 1;

        Labels() {
            super(Stream.of(Event.values()).map(Event::label).toList());
        }
    }

    private record Met(String run, Event event) {}

    private final Set<Event> wanted;
    private final CompletableFuture<Met> met = new CompletableFuture<>();
    private final Set<String> open = ConcurrentHashMap.newKeySet();

    /** Waits for any of these, named as after --until; without one for nothing. */
    Until(List<String> names) {
        this.wanted = EnumSet.noneOf(Event.class);
        for (String name : names) {
            try {
                wanted.add(Event.valueOf(name.toUpperCase(Locale.ROOT).replace('-', '_')));
            } catch (IllegalArgumentException e) {
                throw Failure.usage("--until \"" + name + "\" is unknown, allowed: saturated, blow_up, ended, failed");
            }
        }
    }

    @Override
    public void happened(String run, RunEvent event) {
        switch (event.kind()) {
            case SATURATED -> tell(run, Event.SATURATED);
            case BLOW_UP -> tell(run, Event.BLOW_UP);
            default -> {
                // Nothing that one can wait for.
            }
        }
    }

    /** A log is watched. */
    void begins(String run) {
        open.add(run);
    }

    /** A log's run has ended: the last one counts. */
    void ended(String run) {
        if (open.remove(run) && open.isEmpty()) {
            tell(run, Event.ENDED);
        }
    }

    /** A log can be read no longer. */
    void failed(String run) {
        tell(run, Event.FAILED);
    }

    boolean waitsForFailure() {
        return wanted.contains(Event.FAILED);
    }

    /** {@return whether something that was waited for has come} */
    boolean isMet() {
        return met.isDone();
    }

    private void tell(String run, Event event) {
        if (wanted.contains(event)) {
            met.complete(new Met(run, event));
        }
    }

    /** Calls back once something is met. */
    void whenMet(Runnable action) {
        var unused = met.thenRun(action);
    }

    /**
     * {@return the exit code of what was met, 0 if nothing was}
     *
     * @param command run by {@code sh -c} where something was met, with ETASCOPE_RUN and ETASCOPE_EVENT set; empty for none
     */
    int exitCode(String command, Terminal terminal) {
        Met what = met.getNow(null);
        if (what == null) {
            return 0;
        }
        terminal.print(what.run + ": " + what.event.label());
        if (!command.isEmpty()) {
            ProcessBuilder shell = new ProcessBuilder("sh", "-c", command).inheritIO();
            shell.environment().put("ETASCOPE_RUN", what.run);
            shell.environment().put("ETASCOPE_EVENT", what.event.label());
            run(shell, terminal);
        }
        return what.event.exitCode;
    }

    private static void run(ProcessBuilder shell, Terminal terminal) {
        try {
            terminal.out().flush();
            int code = shell.start().waitFor();
            terminal.print("the command ended with exit code " + code);
        } catch (java.io.IOException e) {
            terminal.complain("the command cannot be run: " + Failure.reason(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** {@return a duration such as 90s, 10m or 2h, in nanoseconds} */
    static long nanos(String name, String text) {
        try {
            long count = Long.parseLong(text.substring(0, text.length() - 1));
            TimeUnit unit = switch (text.charAt(text.length() - 1)) {
                case 's' -> TimeUnit.SECONDS;
                case 'm' -> TimeUnit.MINUTES;
                case 'h' -> TimeUnit.HOURS;
                default -> throw new NumberFormatException();
            };
            if (count > 0) {
                return unit.toNanos(count);
            }
        } catch (NumberFormatException | IndexOutOfBoundsException e) {
            // Said below, with what is allowed.
        }
        throw Failure.usage(name + " \"" + text + "\" is no duration, allowed: such as 90s, 10m, 2h");
    }
}
