package org.etascope.prometheus;

/** The endpoint cannot do as it was told. The message is one line that names the cause and the mend. */
public class EndpointException extends RuntimeException {
    private static final long serialVersionUID = 1;

    EndpointException(String message) {
        super(message);
    }

    EndpointException(String message, Throwable cause) {
        super(message, cause);
    }
}
