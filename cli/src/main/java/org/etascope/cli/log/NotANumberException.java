package org.etascope.cli.log;

/** A value is not what it should be. Without a stack trace: a damaged file may hold millions of them. */
final class NotANumberException extends Exception {
    private static final long serialVersionUID = 1;
    private static final int LONGEST_QUOTE = 40;

    private final boolean unfinished;

    private NotANumberException(String message, boolean unfinished) {
        super(message, null, false, false);
        this.unfinished = unfinished;
    }

    /** {@return the exception that says what the value is and what is allowed} */
    static NotANumberException of(String name, String value, String wanted) {
        return new NotANumberException(name + " \"" + printable(value) + "\" is not " + wanted, false);
    }

    /**
     * {@return the exception for a line that is not what its format says}
     *
     * @param message what is wrong
     * @param unfinished whether more text could still mend it
     */
    static NotANumberException line(String message, boolean unfinished) {
        return new NotANumberException(message, unfinished);
    }

    boolean unfinished() {
        return unfinished;
    }

    /** One line, of bounded length, without control characters that could repaint a terminal. */
    static String printable(String value) {
        String cut = value.length() > LONGEST_QUOTE ? value.substring(0, LONGEST_QUOTE) + "..." : value;
        return cut.replaceAll("[\\p{Cntrl}\\x{FFFD}]", "?");
    }
}
