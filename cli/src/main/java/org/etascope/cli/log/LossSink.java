package org.etascope.cli.log;

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
    void text(long count);

    /**
     * Something that should hold a loss cannot be read. The reader goes on if this returns.
     *
     * @param where the place within the file, ready to follow its name: ":12" or ": record 12"
     * @param problem what is wrong with which value
     */
    void unreadable(String where, String problem);
}
