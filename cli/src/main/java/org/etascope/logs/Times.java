package org.etascope.logs;

import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;

/**
 * Points in time as logs write them: seconds or milliseconds since 1970-01-01 UTC, or ISO 8601 (with a space for the T
 * if they like). A time without a zone is taken as UTC. Anything else is no time, which is no fault: -1.
 */
public final class Times {
    /** 1973 in seconds: below it a number is no point in time but a duration. */
    private static final double EARLIEST_SECONDS = 1e8;
    /** 1973 in milliseconds: from here on a number counts milliseconds. */
    private static final double EARLIEST_MILLIS = 1e11;

    private static final double LATEST_MILLIS = 1e14;
    private static final int LONGEST = 40;
    /** "2026-11-26 10:00:00", to the second. */
    private static final int STAMP_LENGTH = 19;

    private Times() {}

    static long millis(double value) {
        if (!(value >= EARLIEST_SECONDS && value < LATEST_MILLIS)) {
            return -1;
        }
        return Math.round(value < EARLIEST_MILLIS ? 1e3 * value : value);
    }

    /**
     * {@return milliseconds since 1970-01-01 UTC, -1 where the text is no time}
     *
     * @param text a number or ISO 8601
     */
    public static long millis(String text) {
        try {
            return millis(Numbers.parse("time", text));
        } catch (NotANumberException e) {
            return text.length() > LONGEST ? -1 : iso(text);
        }
    }

    /** {@return the time that a line begins with, in brackets or not, -1 if it begins otherwise} */
    static long atTheHeadOf(String line) {
        int from = line.startsWith(" ") ? 1 : 0;
        from += line.startsWith("[", from) ? 1 : 0;
        int to = from + STAMP_LENGTH;
        boolean stamp = line.length() >= to
                && Numbers.digitsEnd(line, from) == from + 4
                && line.charAt(from + 4) == '-'
                && line.charAt(to - 3) == ':';
        return stamp ? stamp(line, from) : -1;
    }

    private static long stamp(String line, int from) {
        try {
            LocalDateTime time = LocalDateTime.of(
                    Integer.parseInt(line, from, from + 4, 10),
                    Integer.parseInt(line, from + 5, from + 7, 10),
                    Integer.parseInt(line, from + 8, from + 10, 10),
                    Integer.parseInt(line, from + 11, from + 13, 10),
                    Integer.parseInt(line, from + 14, from + 16, 10),
                    Integer.parseInt(line, from + 17, from + 19, 10));
            return time.toInstant(ZoneOffset.UTC).toEpochMilli();
        } catch (NumberFormatException | DateTimeException e) {
            return -1;
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
