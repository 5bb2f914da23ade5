package org.etascope.logs;

import java.io.IOException;
import java.io.InputStream;

/** Reads one kind of log into records of named values. For one stream and one thread. */
interface LossLog {
    /** Reads unzipped bytes to their end, which may block between lines, and tells everything found, in order. */
    void read(InputStream in, Records records) throws IOException;
}
