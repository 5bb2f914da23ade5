package org.etascope.cli.log;

import java.io.IOException;
import java.io.InputStream;

/** Reads one kind of log. For one stream and one thread. */
public interface LossLog {
    /**
     * Reads to the end of the stream.
     *
     * @param in the log's bytes, unzipped; may block between lines
     * @param sink told of everything found, in order
     * @throws IOException if the stream fails
     */
    void read(InputStream in, LossSink sink) throws IOException;
}
