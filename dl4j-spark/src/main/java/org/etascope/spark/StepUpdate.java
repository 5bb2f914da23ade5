package org.etascope.spark;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
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
    private static final int NUMBERS = 6;

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

    @Override
    public int encodingLengthBytes() {
        return encode().length;
    }

    @Override
    public byte[] encode() {
        byte[] text = String.join("\n", session, worker, unit, refusal == null ? "" : refusal)
                .getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate((NUMBERS + 1) * Long.BYTES + Integer.BYTES + text.length)
                .putLong(timeStamp)
                .putLong(iteration)
                .putLong(epoch)
                .putDouble(learningRate)
                .putLong(tokens)
                .putDouble(nats)
                .putDouble(vocabulary)
                .putInt(text.length)
                .put(text)
                .array();
    }

    @Override
    public void encode(ByteBuffer buffer) {
        buffer.put(encode());
    }

    @Override
    public void encode(OutputStream outputStream) throws IOException {
        outputStream.write(encode());
    }

    @Override
    public void decode(byte[] bytes) {
        decode(ByteBuffer.wrap(bytes));
    }

    @Override
    public void decode(ByteBuffer buffer) {
        timeStamp = buffer.getLong();
        iteration = buffer.getLong();
        epoch = buffer.getLong();
        learningRate = buffer.getDouble();
        tokens = buffer.getLong();
        nats = buffer.getDouble();
        vocabulary = buffer.getDouble();
        byte[] text = new byte[buffer.getInt()];
        buffer.get(text);
        String[] parts = new String(text, StandardCharsets.UTF_8).split("\n", 4);
        session = parts[0];
        worker = parts[1];
        unit = parts[2];
        refusal = parts[3].isEmpty() ? null : parts[3];
    }

    @Override
    public void decode(InputStream inputStream) throws IOException {
        decode(inputStream.readAllBytes());
    }
}
