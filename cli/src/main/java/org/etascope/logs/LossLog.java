package org.etascope.logs;

import java.io.IOException;
import java.io.InputStream;

/** Reads one kind of log into records of named values. For one stream and one thread. */
interface LossLog {
    /**
     * Reads to the end of the stream.
     *
     * @param in the log's bytes, unzipped; may block between lines
     * @param records told of everything found, in order
     * @throws IOException if the stream fails
     */
    void read(InputStream in, Records records) throws IOException;
}
