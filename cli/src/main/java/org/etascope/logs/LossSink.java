package org.etascope.logs;

/** What a {@link LossLog} tells while it reads. */
public interface LossSink {
    /**
     * A logged value was found.
     *
     * @param point the value; the reader uses the object again, so it is good during this call only
     */
    void point(LossPoint point);

    /**
     * Lines or records without any loss were passed over.
     *
     * @param count how many
     */
    default void text(long count) {}

    /**
     * Something that should hold a loss cannot be read. The reader goes on if this returns.
     *
     * @param where the place within the file, ready to follow its name: ":12" or ": record 12"
     * @param problem what is wrong with which value
     */
    default void unreadable(String where, String problem) {}

    /**
     * The log says something of the run as a whole.
     *
     * @param role what, such as {@link Role#PARAMETERS}
     * @param value how much
     */
    default void fact(Role role, double value) {}

    /**
     * How the log is understood, where that is not obvious.
     *
     * @param sentence for people
     */
    default void note(String sentence) {}
}
