package org.etascope.core;

import java.io.IOException;

/** A stored state that cannot be used. The message is one line: what is wrong, and where. Nothing of it was loaded. */
public final class InvalidStateException extends IOException {
    private static final long serialVersionUID = 1;

    InvalidStateException(String message) {
        super(message);
    }
}
