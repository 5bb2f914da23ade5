package org.etascope.core;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/**
 * Everything a run must keep to go on exactly: statistics with their compensation, H and its provenance, U, bins,
 * detector, phase, segment. Immutable.
 *
 * <p>Its bytes are: "ETASCOPE", format version, payload length, payload, CRC-32C of all before. Reading checks all of
 * it before anything is used; a truncated, altered or newer state is refused with one line and never half-loaded. Bytes
 * written and read back are identical.
 *
 * <p>{@link #write} is atomic: a temporary file in the same directory, flushed to the device, then renamed. A process
 * killed at any moment leaves the old state or the new one.
 */
public final class RunState {
    private static final long MAGIC = 0x4554_4153_434F_5045L; // "ETASCOPE"
    /** 2 brought the detector's sums and events, and what a forecast needs: learning rates and bins. 1 is read. */
    private static final int VERSION = 2;

    private static final int OLDEST_VERSION = 1;
    private static final int HEADER_BYTES = Long.BYTES + Integer.BYTES + Integer.BYTES;
    /** No state is larger, however long the run and its name; more is not read, it must not ask for gigabytes. */
    public static final int MOST_BYTES = 4 << 20;

    private final String run;
    private final ModelSize size;
    private final TokenUnit unit;
    private final boolean verdictBeginsAnew;
    private final byte[] core;
    private final RunStatistics statistics;
    private final Baseline baseline;
    private final int segment;

    private RunState(
            String run,
            ModelSize size,
            TokenUnit unit,
            byte[] core,
            RunAccumulator decoded,
            boolean verdictBeginsAnew) {
        this.run = run;
        this.size = size;
        this.unit = unit;
        this.verdictBeginsAnew = verdictBeginsAnew;
        this.core = core;
        this.statistics = decoded.statistics();
        this.baseline = decoded.baseline();
        this.segment = decoded.data().segment();
    }

    static RunState of(RunInfo info, RunAccumulator accumulator) {
        return of(info.run(), info.size(), info.unit(), accumulator, false);
    }

    private static RunState of(
            String run, ModelSize size, TokenUnit unit, RunAccumulator accumulator, boolean verdictBeginsAnew) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            accumulator.save(out);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return new RunState(run, size, unit, bytes.toByteArray(), accumulator, verdictBeginsAnew);
    }

    /** Decodes anew: each monitor that restores this state gets an accumulator of its own. */
    RunAccumulator decode(BaselineRule rule) {
        try {
            return decode(core, VERSION, rule);
        } catch (IOException e) {
            throw new UncheckedIOException("a state that was read once cannot be read again", e);
        }
    }

    private static RunAccumulator decode(byte[] core, int version, BaselineRule rule) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(core));
        RunAccumulator accumulator = RunAccumulator.load(in, version, rule);
        if (in.available() > 0) {
            throw new InvalidStateException("state holds " + in.available() + " bytes too many");
        }
        return accumulator;
    }

    /** {@return the name of the run it was taken from} */
    public String run() {
        return run;
    }

    /** {@return N as known then} */
    public ModelSize size() {
        return size;
    }

    /** {@return what the run counts as a token} */
    public TokenUnit unit() {
        return unit;
    }

    /** {@return the sufficient statistics} */
    public RunStatistics statistics() {
        return statistics;
    }

    /** {@return H and where it came from} */
    public Baseline baseline() {
        return baseline;
    }

    /**
     * {@return whether the verdict of a run that goes on from this state begins anew: the state is one of format 1, which
     * keeps the ledger and the curve but not what the verdict stands on}
     */
    public boolean verdictBeginsAnew() {
        return verdictBeginsAnew;
    }

    /** {@return the segment, see {@link Progress#segment()}} */
    public int segment() {
        return segment;
    }

    /** {@return the binary form, at most 128 KiB for a run of 1e9 steps with a name of usual length} */
    public byte[] toBytes() {
        byte[] name = run.getBytes(StandardCharsets.UTF_8);
        byte[] counted = unit.name().getBytes(StandardCharsets.UTF_8);
        int payload =
                Integer.BYTES + name.length + Long.BYTES + Double.BYTES + Integer.BYTES + counted.length + core.length;
        ByteBuffer buffer = ByteBuffer.allocate(HEADER_BYTES + payload + Integer.BYTES);
        buffer.putLong(MAGIC).putInt(VERSION).putInt(payload);
        buffer.putInt(name.length).put(name);
        buffer.putLong(size.parameters()).putDouble(size.bitsPerParameter());
        buffer.putInt(counted.length).put(counted);
        buffer.put(core);
        buffer.putInt(checksum(buffer.array(), buffer.position()));
        return buffer.array();
    }

    /**
     * Reads the binary form.
     *
     * @param bytes what {@link #toBytes} gave
     * @return the state
     * @throws InvalidStateException if the bytes are anything else; the message says what is wrong
     */
    public static RunState fromBytes(byte[] bytes) throws InvalidStateException {
        if (bytes.length < HEADER_BYTES + Integer.BYTES) {
            throw new InvalidStateException(
                    "state is truncated: " + bytes.length + " bytes, even an empty one has more");
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        if (buffer.getLong() != MAGIC) {
            throw new InvalidStateException("not an Etascope state: it does not begin with \"ETASCOPE\"");
        }
        int version = buffer.getInt();
        int expected = HEADER_BYTES + Math.max(0, buffer.getInt()) + Integer.BYTES;
        int end = bytes.length - Integer.BYTES;
        if (checksum(bytes, end) != buffer.getInt(end)) {
            throw new InvalidStateException(
                    bytes.length < expected
                            ? "state is truncated: " + bytes.length + " of " + expected + " bytes"
                            : "state is altered: its checksum does not match");
        }
        if (version < OLDEST_VERSION || version > VERSION) {
            throw new InvalidStateException("state has format version " + version + ", this Etascope reads "
                    + OLDEST_VERSION + " to " + VERSION + ": use the Etascope that wrote it, or a newer one");
        }
        return payload(new ByteArrayInputStream(bytes, HEADER_BYTES, end - HEADER_BYTES), version);
    }

    private static RunState payload(InputStream payload, int version) throws InvalidStateException {
        try (DataInputStream in = new DataInputStream(payload)) {
            String name = text(in);
            ModelSize size = new ModelSize(in.readLong(), in.readDouble());
            TokenUnit unit = version == 1 ? TokenUnit.TOKEN : StateFields.constant(TokenUnit.class, text(in));
            byte[] core = in.readAllBytes();
            RunAccumulator decoded = decode(core, version, BaselineRule.initialLoss());
            // Kept as the newest version, whichever it was.
            return of(name, size, unit, decoded, version < VERSION);
        } catch (InvalidStateException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw new InvalidStateException("state is incomplete: " + e);
        }
    }

    private static String text(DataInputStream in) throws IOException {
        return new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8);
    }

    /**
     * Writes the state so that the file holds either all of it or what it held before.
     *
     * @param file where to; its directory must exist
     * @throws IOException if the file system refuses; the old file is then untouched
     */
    public void write(Path file) throws IOException {
        WholeFile.write(file, out -> out.write(toBytes()));
    }

    /**
     * Reads a state file.
     *
     * @param file the file
     * @return the state
     * @throws InvalidStateException if it is no whole state of a known version; the message names the file
     * @throws IOException if it cannot be read
     */
    public static RunState read(Path file) throws IOException {
        long length = Files.size(file);
        if (length > MOST_BYTES) {
            throw new InvalidStateException(file + ": " + length + " bytes are too many for a state");
        }
        try {
            return fromBytes(Files.readAllBytes(file));
        } catch (InvalidStateException e) {
            throw new InvalidStateException(file + ": " + e.getMessage());
        }
    }

    private static int checksum(byte[] bytes, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }
}
