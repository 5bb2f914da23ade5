package org.etascope.dl4j;

/** A loss that is no code length; the message says why, in one line for people. Never leaves the listener. */
final class UnreadableLossException extends RuntimeException {
    private static final long serialVersionUID = 1;

    UnreadableLossException(String reason) {
        super(reason);
    }
}
