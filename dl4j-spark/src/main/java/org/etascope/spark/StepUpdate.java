package org.etascope.spark;

import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import org.deeplearning4j.core.storage.Persistable;
import org.etascope.core.TokenUnit;
import org.etascope.dl4j.StepReader;
import org.jspecify.annotations.Nullable;

/**
 * What a worker has to say of one of its steps. Travels inside Deeplearning4j's own results, by Java's serialization or
 * Kryo's, and therefore is one of its "persistables" and has a constructor without arguments.
 */
final class StepUpdate implements Persistable {
    private static final long serialVersionUID = 1;

    private String session = "";
    private String worker = "";
    private long timeStamp;
    long iteration;
    long epoch;
    double learningRate;
    /** 0 if the step had no loss to be read. */
    long tokens;

    double nats;
    double vocabulary;
    private String unit = TokenUnit.TOKEN.name();

    @Nullable
    String refusal;

    StepUpdate() {}

    StepUpdate(String session, String worker, long timeStamp, StepReader reader, StepReader.@Nullable Step step) {
        this.session = session;
        this.worker = worker;
        this.timeStamp = timeStamp;
        this.vocabulary = reader.vocabularySize();
        this.unit = reader.unit().name();
        this.refusal = reader.refusal();
        if (step != null) {
            this.iteration = step.iteration();
            this.epoch = step.epoch();
            this.learningRate = step.learningRate();
            this.tokens = step.tokens();
            this.nats = step.nats();
        }
    }

    TokenUnit unit() {
        return TokenUnit.valueOf(unit);
    }

    @Override
    public String getSessionID() {
        return session;
    }

    @Override
    public String getTypeID() {
        return "etascope";
    }

    @Override
    public String getWorkerID() {
        return worker;
    }

    @Override
    public long getTimeStamp() {
        return timeStamp;
    }

    // ---- as bytes it is never asked for: nothing stores it ----

    @Override
    public int encodingLengthBytes() {
        throw asBytes();
    }

    @Override
    public byte[] encode() {
        throw asBytes();
    }

    @Override
    public void encode(ByteBuffer buffer) {
        throw asBytes();
    }

    @Override
    public void encode(OutputStream outputStream) {
        throw asBytes();
    }

    @Override
    public void decode(byte[] bytes) {
        throw asBytes();
    }

    @Override
    public void decode(ByteBuffer buffer) {
        throw asBytes();
    }

    @Override
    public void decode(InputStream inputStream) {
        throw asBytes();
    }

    private static UnsupportedOperationException asBytes() {
        return new UnsupportedOperationException("a step travels as an object");
    }
}
