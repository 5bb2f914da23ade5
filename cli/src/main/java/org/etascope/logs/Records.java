package org.etascope.logs;

import org.jspecify.annotations.Nullable;

/**
 * What a {@link LossLog} tells while it reads: records (rows, objects, lines, entries) of named values. A record that
 * turns out to hold no loss is text.
 */
interface Records {
    /**
     * A record begins; an open one is forgotten.
     *
     * @param number of its line or of itself, from 1, for messages
     */
    void begin(long number);

    /** {@return whether a value of that name is of any use} */
    boolean wants(String name);

    /** {@return the role that a name plays, null if none} */
    @Nullable
    Role roleOf(String name);

    /** The open record's step, where the log has it in a place of its own. */
    void step(long step);

    /** The open record's time, likewise; milliseconds since 1970-01-01 UTC, -1 if it is none. */
    default void time(long epochMillis) {}

    /** A value of the open record. */
    void value(String name, double value);

    /** A value of the open record that may be a number, a time or anything else; empty is a gap. */
    void value(String name, String text);

    /** The open record is one of a validation: its loss is no training loss. */
    default void ofValidation() {}

    /** The open record says that it has no such value. */
    default void none(String name) {}

    /** What the value of that name counts towards, as 500 in 12/500. */
    default void total(String name, double total) {}

    /** {@return whether the open record, which is complete, held a loss} */
    boolean end();

    /** Lines or records that are none. */
    default void text(long count) {}

    /** A record cannot be read. */
    default void unreadable(long number, String problem) {}

    /** How the log is understood, where that is not obvious. */
    default void note(String sentence) {}
}
