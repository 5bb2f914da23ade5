package org.etascope.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.etascope.logs.RunDatabase;
import org.jspecify.annotations.Nullable;

/**
 * A file that someone else writes: read to its end, then waited on for more. It looks again five times a second, which
 * works on every file system, network ones included.
 *
 * <p>A file that becomes shorter or is replaced ends the stream with {@link Ended}, so that half a line before it is not
 * taken for a whole one; {@link #open} then begins anew. A file that is gone is read on until another one has its name.
 */
final class FollowedFile {
    private static final long POLL_MILLIS = 200;

    private final Path path;
    private final RunDatabase.@Nullable Run run;
    private final CountDownLatch stop = new CountDownLatch(1);
    private @Nullable Tail tail;

    /** A log to be followed, or a database and which of its runs. */
    FollowedFile(Path path, RunDatabase.@Nullable Run run) {
        this.path = path;
        this.run = run;
    }

    /** There is no more to come from this stream: not an end of the file, whose last line would then count. */
    static final class Ended extends IOException {
        private static final long serialVersionUID = 1;

        Ended() {
            super("the stream has ended");
        }
    }

    /** Ends the stream at its next look. Any thread. */
    void stop() {
        stop.countDown();
    }

    boolean stopped() {
        return stop.getCount() == 0;
    }

    /** {@return the file from its beginning, as soon as it exists and, if it was read before, has changed} */
    InputStream open() throws IOException {
        if (run != null) {
            return run.open(() -> {
                pause();
                return true;
            });
        }
        while (true) {
            try {
                BasicFileAttributes now = Files.readAttributes(path, BasicFileAttributes.class);
                if (now.isDirectory()) {
                    throw Failure.failed(path + " is a directory; name the log in it.");
                }
                if (tail == null || tail.differs(now)) {
                    tail = new Tail(Files.newByteChannel(path, StandardOpenOption.READ), now);
                    return tail;
                }
            } catch (NoSuchFileException e) {
                // It may come.
            }
            pause();
        }
    }

    /** Of the current stream: the file is written as a whole each time, so its end is an end. */
    void endsAreEnds() {
        if (tail != null) {
            tail.endIsEnd = true;
        }
    }

    private void pause() throws IOException {
        try {
            if (stop.await(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
                throw new Ended();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Ended();
        }
    }

    private final class Tail extends InputStream {
        private final SeekableByteChannel channel;
        private final BasicFileAttributes opened;
        private volatile boolean endIsEnd;
        private boolean over;

        Tail(SeekableByteChannel channel, BasicFileAttributes opened) {
            this.channel = channel;
            this.opened = opened;
        }

        /** After an end that was one, any change counts; otherwise this stream ended because of one. */
        boolean differs(BasicFileAttributes now) {
            return over
                    || replaced(now)
                    || now.size() != opened.size()
                    || !now.lastModifiedTime().equals(opened.lastModifiedTime());
        }

        private boolean replaced(BasicFileAttributes now) {
            return !Objects.equals(now.fileKey(), opened.fileKey());
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] bytes, int from, int length) throws IOException {
            while (true) {
                int n = channel.read(ByteBuffer.wrap(bytes, from, length));
                if (n > 0 || length == 0) {
                    return n;
                }
                if (endIsEnd) {
                    return -1;
                }
                if (stopped() || changed()) {
                    over = true;
                    throw new Ended();
                }
                pause();
            }
        }

        private boolean changed() throws IOException {
            try {
                BasicFileAttributes now = Files.readAttributes(path, BasicFileAttributes.class);
                if (replaced(now)) {
                    // The writer may have added something between our last look and its leaving.
                    return channel.size() <= channel.position();
                }
                return now.size() < channel.position();
            } catch (NoSuchFileException e) {
                return false;
            }
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
