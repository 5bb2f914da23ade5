package org.etascope.dashboards;

import java.time.Duration;

/**
 * Every window of the rules, as multiples of one constant.
 *
 * <p>An expression names them in angle brackets: {@code <window>} (10 intervals) is how far back the last known state is
 * looked for and how long a stall takes; {@code <gone>} (7) after how long a series counts as gone, so that two scrapes at
 * three times the interval may fail; {@code <memory>} (60) what a state that keeps itself survives without an evaluation, and
 * how long a finished run is news; {@code <history>} (10,080) how far back a text looks for the last figures of a run.
 *
 * @param scrapeInterval the time between two scrapes; three times as long works too, and any shorter one
 */
record Times(Duration scrapeInterval) {
    /** The one constant: the scrape interval that the shipped files are for, Prometheus's own default. */
    static final Times SHIPPED = new Times(Duration.ofMinutes(1));

    /** {@return an expression with its windows put in} */
    String in(String expression) {
        return expression
                .replace("<window>", of(10))
                .replace("<gone>", of(7))
                .replace("<memory>", of(60))
                .replace("<history>", of(10_080))
                .replace("<window seconds>", seconds(10))
                .replace("<gone seconds>", seconds(7));
    }

    /** {@return so many scrape intervals, as Prometheus writes a duration} */
    String of(int intervals) {
        long millis = scrapeInterval.multipliedBy(intervals).toMillis();
        if (millis % 1000 != 0) {
            return millis + "ms";
        }
        long seconds = millis / 1000;
        if (seconds % 86_400 == 0 && seconds > 0) {
            return seconds / 86_400 + "d";
        }
        if (seconds % 3600 == 0 && seconds > 0) {
            return seconds / 3600 + "h";
        }
        return seconds % 60 == 0 && seconds > 0 ? seconds / 60 + "m" : seconds + "s";
    }

    private String seconds(int intervals) {
        double seconds = scrapeInterval.multipliedBy(intervals).toMillis() / 1000.0;
        return seconds == Math.rint(seconds) ? Long.toString((long) seconds) : Double.toString(seconds);
    }
}
