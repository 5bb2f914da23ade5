package org.etascope.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import org.etascope.core.RunState;
import org.etascope.core.WholeFile;
import org.etascope.logs.RunDatabase;
import org.jspecify.annotations.Nullable;

/**
 * What {@code watch} keeps across restarts: the run's state and how much of which file is in it, in one file that is
 * replaced as a whole, so that the two always agree.
 *
 * @param run the run's state
 * @param position where in the log it stands
 * @param taken points of any kind taken from the file
 * @param headLength how much of the file's beginning identifies it, bytes
 * @param headChecksum CRC-32C of that beginning
 */
record WatchState(RunState run, RunFeed.Position position, long taken, int headLength, long headChecksum) {
    private static final long MAGIC = 0x4554_4157_4154_4348L; // "ETAWATCH"
    private static final int VERSION = 1;
    private static final int LONGEST_HEAD = 4096;
    private static final int MOST_BYTES = 1 << 21;
    private static final String FILE = "watch.state";

    /** {@return the file in a state directory} */
    static Path in(Path directory) {
        return directory.resolve(FILE);
    }

    /** Makes the directory, if it is not there. */
    static void prepare(Path directory) {
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw Failure.failed(
                    "--state " + directory + " is no directory, and none can be made: " + Failure.reason(e));
        }
    }

    /** {@return what is kept of a run in its directory, null if there is none or nothing in it} */
    static @Nullable WatchState stored(@Nullable Path directory, String name) {
        if (directory == null) {
            return null;
        }
        prepare(directory);
        Path path = in(directory);
        try {
            WatchState found = Files.exists(path) ? read(path) : null;
            if (found != null && !found.run.run().equals(name)) {
                throw Failure.failed(path + " is of run \"" + found.run.run() + "\", this is \"" + name
                        + "\": name another --state directory, or the run with --run.");
            }
            return found;
        } catch (IOException e) {
            throw Failure.failed(path + " cannot be used: " + Failure.reason(e)
                    + ". Delete it to begin anew, or name another --state directory.");
        }
    }

    /** {@return the state of a feed that reads that file; a log that is no file has no beginning to know it by} */
    static WatchState of(RunState run, RunFeed feed, Path log) throws IOException {
        // The beginning of a database changes, and its run is known by its name.
        byte[] head = head(log, RunDatabase.isOne(log) ? Long.BYTES : LONGEST_HEAD);
        return new WatchState(run, feed.position(), feed.taken(), head.length, checksum(head, head.length));
    }

    /** {@return whether the file begins as the one this state was taken from} */
    boolean isOf(Path log) throws IOException {
        byte[] head = head(log, headLength);
        return headLength > 0 && head.length == headLength && checksum(head, head.length) == headChecksum;
    }

    private static byte[] head(Path log, int length) throws IOException {
        if (!Files.isRegularFile(log)) {
            return new byte[0];
        }
        try (InputStream in = Files.newInputStream(log)) {
            return in.readNBytes(length);
        }
    }

    void write(Path file) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeLong(MAGIC);
            out.writeInt(VERSION);
            out.writeLong(position.step());
            out.writeLong(position.interval());
            out.writeLong(position.totalTokens());
            out.writeDouble(position.tokensPerStep());
            out.writeLong(taken);
            out.writeInt(headLength);
            out.writeLong(headChecksum);
            out.write(run.toBytes());
            out.writeLong(checksum(bytes.toByteArray(), bytes.size()));
        }
        WholeFile.write(file, bytes::writeTo);
    }

    static WatchState read(Path file) throws IOException {
        if (Files.size(file) > MOST_BYTES) {
            throw new IOException("it is too large");
        }
        byte[] bytes = Files.readAllBytes(file);
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
        if (bytes.length < Long.BYTES || in.readLong() != MAGIC) {
            throw new IOException("it is no state of etascope watch");
        }
        int version = in.readInt();
        if (version != VERSION) {
            throw new IOException("it has format version " + version + ", this Etascope reads " + VERSION);
        }
        RunFeed.Position position = new RunFeed.Position(in.readLong(), in.readLong(), in.readLong(), in.readDouble());
        long taken = in.readLong();
        int headLength = in.readInt();
        long headChecksum = in.readLong();
        byte[] run = in.readNBytes(Math.max(0, in.available() - Long.BYTES));
        if (in.readLong() != checksum(bytes, bytes.length - Long.BYTES)) {
            throw new IOException("it is altered or cut off");
        }
        return new WatchState(RunState.fromBytes(run), position, taken, headLength, headChecksum);
    }

    private static long checksum(byte[] bytes, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, length);
        return crc.getValue();
    }
}
