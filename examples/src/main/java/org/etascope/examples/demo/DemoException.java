package org.etascope.examples.demo;

/** Ends the demo with one line for the user: what is wrong, where, and what to do about it. */
final class DemoException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** The input or the run failed. */
    static final int FAILED = 1;
    /** The command line was wrong. */
    static final int USAGE = 2;

    private final int exitCode;

    private DemoException(int exitCode, String line) {
        super(line);
        this.exitCode = exitCode;
    }

    static DemoException failed(String line) {
        return new DemoException(FAILED, line);
    }

    static DemoException usage(String line) {
        return new DemoException(USAGE, line);
    }

    int exitCode() {
        return exitCode;
    }
}
