package org.etascope.cli;

import java.util.function.LongSupplier;
import org.etascope.logs.LossPoint;

/** The time of a run's current moment, milliseconds since 1970-01-01 UTC. */
interface RunClock extends LongSupplier {
    /** A point has come, which stands for so many steps. */
    void at(LossPoint point, long steps);

    /** {@return the clock of a run that goes on now; the log's own times come first} */
    static RunClock live() {
        return new RunClock() {
            private long logged = -1;

            @Override
            public void at(LossPoint point, long steps) {
                logged = point.epochMillis;
            }

            @Override
            public long getAsLong() {
                return logged >= 0 ? logged : System.currentTimeMillis();
            }
        };
    }
}
