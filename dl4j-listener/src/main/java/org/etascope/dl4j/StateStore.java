package org.etascope.dl4j;

/** Where a run's state is kept beside a saved model. */
public enum StateStore {
    /** Inside the model's zip, as the entry {@code etascope.state}: nothing to lose on the way. */
    IN_MODEL,
    /** In a file beside it, {@code <model>.etascope}: the model file stays as Deeplearning4j wrote it. */
    SIDECAR
}
