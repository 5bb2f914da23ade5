package org.etascope.core;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The turning points of a run, oldest first; beyond 256 the oldest are forgotten. They are counted in tokens; {@link
 * RunMonitor} gives them out in the run's unit. Single writer; a list once given never
 * changes. An event is rare, so it may copy the list.
 */
final class EventLog extends StateFields.Part {
    static final int MOST = 256;
    private static final RunEvent BLANK =
            new RunEvent(RunEvent.Kind.SATURATED, null, 0, 0, 0, 0, 0, 0, TokenUnit.TOKEN);

    private List<RunEvent> events = List.of();
    private long count;

    void add(RunEvent event) {
        List<RunEvent> longer = new ArrayList<>(events);
        if (longer.size() == MOST) {
            longer.remove(0);
        }
        longer.add(event);
        events = List.copyOf(longer);
        count++;
    }

    /** More is known of the last event of this kind. */
    void amendLast(RunEvent.Kind kind, double nats) {
        for (int i = events.size() - 1; i >= 0; i--) {
            RunEvent old = events.get(i);
            if (old.kind() == kind) {
                List<RunEvent> amended = new ArrayList<>(events);
                amended.set(
                        i,
                        new RunEvent(
                                kind,
                                old.entered(),
                                nats,
                                old.errorNats(),
                                old.sinceTokens(),
                                old.step(),
                                old.tokens(),
                                old.seconds(),
                                old.unit()));
                events = List.copyOf(amended);
                return;
            }
        }
    }

    List<RunEvent> events() {
        return events;
    }

    /** Events ever added. */
    long count() {
        return count;
    }

    @Override
    void fields(StateFields state) throws IOException {
        count = state.next(count);
        events = List.copyOf(state.next(
                events,
                MOST,
                BLANK,
                event -> new RunEvent(
                        state.next(event.kind()),
                        phase(state.next(
                                event.entered() == null ? "" : event.entered().name())),
                        state.next(event.nats()),
                        state.next(event.errorNats()),
                        state.next(event.sinceTokens()),
                        state.next(event.step()),
                        state.next(event.tokens()),
                        state.next(event.seconds()),
                        event.unit())));
    }

    private static @Nullable Phase phase(String name) throws InvalidStateException {
        return name.isEmpty() ? null : StateFields.constant(Phase.class, name);
    }
}
