package org.etascope.logs;

/** A value is not what it should be. Without a stack trace: a damaged file may hold millions of them. */
final class NotANumberException extends Exception {
    private static final long serialVersionUID = 1;
    private static final int LONGEST_QUOTE = 100;

    private NotANumberException(String message) {
        super(message, null, false, false);
    }

    /** {@return the exception that says what the value is and what is allowed} */
    static NotANumberException of(String name, String value, String wanted) {
        return new NotANumberException(name + " \"" + printable(value) + "\" is not " + wanted);
    }

    /** {@return the exception for a line that is not what its format says} */
    static NotANumberException line(String message) {
        return new NotANumberException(message);
    }

    /** One line, of bounded length, without control characters that could repaint a terminal. */
    static String printable(String value) {
        String cut = value.length() > LONGEST_QUOTE ? value.substring(0, LONGEST_QUOTE) + "..." : value;
        return cut.replaceAll("[\\p{Cntrl}\\x{FFFD}]", "?");
    }
}
