package org.etascope.cli.log;

import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;

/**
 * Points in time as logs write them: seconds or milliseconds since 1970-01-01 UTC, or ISO 8601 (with a space for the T
 * if they like). A time without a zone is taken as UTC. Anything else is no time, which is no fault: -1.
 */
final class Times {
    /** 1973 in seconds: below it a number is no point in time but a duration. */
    private static final double EARLIEST_SECONDS = 1e8;
    /** 1973 in milliseconds: from here on a number counts milliseconds. */
    private static final double EARLIEST_MILLIS = 1e11;

    private static final double LATEST_MILLIS = 1e14;
    private static final int LONGEST = 40;

    private Times() {}

    static long millis(double value) {
        if (!(value >= EARLIEST_SECONDS && value < LATEST_MILLIS)) {
            return -1;
        }
        return Math.round(value < EARLIEST_MILLIS ? 1e3 * value : value);
    }

    static long millis(byte[] text, int from, int to) {
        try {
            return millis(Numbers.parse("time", text, from, to));
        } catch (NotANumberException e) {
            return to - from > LONGEST ? -1 : iso(new String(text, from, to - from, StandardCharsets.US_ASCII));
        }
    }

    private static long iso(String text) {
        String time = text.trim().replace(' ', 'T');
        try {
            return OffsetDateTime.parse(time).toInstant().toEpochMilli();
        } catch (DateTimeParseException e) {
            try {
                return LocalDateTime.parse(time).toInstant(ZoneOffset.UTC).toEpochMilli();
            } catch (DateTimeParseException notATime) {
                return -1;
            }
        }
    }
}
