package org.etascope.core;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * Writes files that hold either all of what is written or what they held before, whatever happens meanwhile. A symbolic
 * link in the file's place is replaced, and never written through. Any thread, but one at a time for each file.
 */
public final class WholeFile {
    private WholeFile() {}

    /** What a file is to hold. */
    public interface Content {
        /**
         * Writes it.
         *
         * @param out where to; closed by the caller
         * @throws IOException if the file system refuses
         */
        void writeTo(OutputStream out) throws IOException;
    }

    /**
     * Writes a file beside its place, flushes it to the device, and puts it in its place.
     *
     * @param file where to; its directory must exist
     * @param content what it is to hold
     * @throws IOException if the file system refuses; the old file is then untouched
     */
    public static void write(Path file, Content content) throws IOException {
        // Always the same name: what a killed process has left is taken away by the next one.
        Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
        Files.deleteIfExists(temporary);
        try {
            try (FileChannel channel =
                            FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
                    OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel))) {
                content.writeTo(out);
                out.flush();
                channel.force(true);
            }
            rename(temporary, file);
            flushDirectory(file.toAbsolutePath().resolveSibling(""));
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private static void rename(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (AtomicMoveNotSupportedException e) {
            // Some network file systems: a plain rename is the best there is.
            Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** The rename itself reaches the device with its directory. Windows cannot open one, and needs no such flush. */
    private static void flushDirectory(Path directory) {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException e) {
            // The file itself is complete; only its survival of a power cut in this second is not promised.
        }
    }
}
