package org.etascope.core;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The turning points of a run, oldest first; beyond 256 the oldest are forgotten. They are counted in tokens; {@link
 * RunMonitor} gives them out in the run's unit. Single writer; a list once given never
 * changes. An event is rare, so it may copy the list.
 */
final class EventLog {
    static final int MOST = 256;

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

    void save(DataOutput out) throws IOException {
        out.writeLong(count);
        out.writeInt(events.size());
        for (RunEvent event : events) {
            out.writeUTF(event.kind().name());
            out.writeUTF(event.entered() == null ? "" : event.entered().name());
            out.writeDouble(event.nats());
            out.writeDouble(event.errorNats());
            out.writeDouble(event.sinceTokens());
            out.writeLong(event.step());
            out.writeLong(event.tokens());
            out.writeDouble(event.seconds());
        }
    }

    static EventLog load(DataInput in) throws IOException {
        EventLog log = new EventLog();
        log.count = in.readLong();
        int n = StateFormat.count(in.readInt(), MOST);
        List<RunEvent> events = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            RunEvent.Kind kind = StateFormat.constant(RunEvent.Kind.class, in.readUTF());
            events.add(new RunEvent(
                    kind,
                    phase(in.readUTF()),
                    in.readDouble(),
                    in.readDouble(),
                    in.readDouble(),
                    in.readLong(),
                    in.readLong(),
                    in.readDouble(),
                    TokenUnit.TOKEN));
        }
        log.events = List.copyOf(events);
        return log;
    }

    private static @Nullable Phase phase(String name) throws InvalidStateException {
        return name.isEmpty() ? null : StateFormat.constant(Phase.class, name);
    }
}
