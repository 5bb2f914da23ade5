package org.etascope.examples.demo;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.zip.CRC32;
import org.etascope.recording.Format;

/**
 * A text, one symbol per character. A character that makes up less than a hundred-thousandth of the text is read as one
 * symbol "other", as are all beyond the 255 most frequent ones.
 *
 * <p>Windows do not overlap. Each epoch visits all of them in an order of its own, which its number fixes.
 */
final class TextCorpus implements Corpus {
    /** Symbols are kept as bytes; one of the 256 is "other". */
    private static final int MOST_SYMBOLS = 255;

    private static final double RARE = 1e-5;
    private static final long MOST_BYTES = 256L << 20;

    private final byte[] text;
    private final int windowLength;
    private final int windowsPerEpoch;
    private final Facts facts;
    private int[] order = {};
    private long orderedEpoch = -1;

    /**
     * Reads a text.
     *
     * @param name what it is, for people
     * @param text the text
     * @param windowLength symbols that a window predicts
     * @param batchWindows windows of one training step; an epoch holds whole steps only
     * @throws DemoException if the text is too short or says nothing
     */
    TextCorpus(String name, String text, int windowLength, int batchWindows) {
        long needed = (long) windowLength * batchWindows + 1;
        if (text.length() < needed) {
            throw DemoException.failed(name + " has " + text.length() + " characters, one batch needs " + needed);
        }
        int[] codes = codes(text);
        int symbols = Arrays.stream(codes).max().orElseThrow() + 1;
        if (symbols < 2) {
            throw DemoException.failed(name + " repeats a single character: there is nothing to predict");
        }
        this.text = new byte[text.length()];
        for (int i = 0; i < this.text.length; i++) {
            this.text[i] = (byte) codes[text.charAt(i)];
        }
        this.windowLength = windowLength;
        // The last window also needs the symbol behind it.
        this.windowsPerEpoch = (text.length() - 1) / windowLength / batchWindows * batchWindows;
        CRC32 crc = new CRC32();
        crc.update(this.text);
        this.facts = new Facts(
                name + ", " + Format.si(text.length()) + " characters",
                symbols,
                (double) windowsPerEpoch * windowLength,
                Double.NaN,
                crc.getValue() << 8 | symbols - 1);
    }

    /**
     * Reads a UTF-8 file.
     *
     * @param file the file
     * @param windowLength symbols that a window predicts
     * @param batchWindows windows of one training step
     * @return the corpus
     * @throws DemoException if it cannot be read, is no text, or is too short
     */
    static TextCorpus ofFile(Path file, int windowLength, int batchWindows) {
        return new TextCorpus(file.toString(), utf8(file), windowLength, batchWindows);
    }

    private static String utf8(Path file) {
        if (!Files.exists(file)) {
            throw DemoException.failed("--corpus " + file + " does not exist");
        }
        if (!Files.isRegularFile(file)) {
            throw DemoException.failed("--corpus " + file + " is not a file: give one UTF-8 text");
        }
        if (!Files.isReadable(file)) {
            throw DemoException.failed("--corpus " + file + " cannot be read: permission denied");
        }
        try {
            long length = Files.size(file);
            if (length == 0) {
                throw DemoException.failed("--corpus " + file + " is empty");
            }
            if (length > MOST_BYTES) {
                throw DemoException.failed(
                        "--corpus " + file + " has " + length + " bytes, allowed: up to " + MOST_BYTES);
            }
            return decode(file, ByteBuffer.wrap(Files.readAllBytes(file)));
        } catch (IOException e) {
            throw DemoException.failed("--corpus " + file + " cannot be read: " + e.getMessage());
        }
    }

    private static String decode(Path file, ByteBuffer bytes) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
        } catch (CharacterCodingException e) {
            // The decoder stops in front of the first byte that it cannot place.
            throw DemoException.failed("--corpus " + file + " is not UTF-8 text (byte " + bytes.position() + ")");
        }
    }

    /** Numbers the characters, the most frequent one 0, "other" last. */
    private static int[] codes(String text) {
        int[] counts = new int[Character.MAX_VALUE + 1];
        for (int i = 0; i < text.length(); i++) {
            counts[text.charAt(i)]++;
        }
        int[] codes = new int[counts.length];
        Arrays.fill(codes, -1);
        int next = 0;
        for (int character : byFrequency(counts)) {
            if (next == MOST_SYMBOLS || counts[character] < RARE * text.length()) {
                break;
            }
            codes[character] = next++;
        }
        for (int character = 0; character < codes.length; character++) {
            if (counts[character] > 0 && codes[character] < 0) {
                codes[character] = next;
            }
        }
        return codes;
    }

    private static int[] byFrequency(int[] counts) {
        return IntStream.range(0, counts.length)
                .filter(character -> counts[character] > 0)
                .boxed()
                .sorted((a, b) -> Integer.compare(counts[b], counts[a]))
                .mapToInt(Integer::intValue)
                .toArray();
    }

    @Override
    public Facts facts() {
        return facts;
    }

    @Override
    public void window(long index, int[] into) {
        int start = order(index / windowsPerEpoch)[(int) (index % windowsPerEpoch)] * windowLength;
        for (int i = 0; i < into.length; i++) {
            into[i] = text[start + i] & 0xFF;
        }
    }

    private int[] order(long epoch) {
        if (epoch != orderedEpoch) {
            order = shuffled(windowsPerEpoch, epoch);
            orderedEpoch = epoch;
        }
        return order;
    }

    private static int[] shuffled(int count, long seed) {
        int[] order = new int[count];
        Random random = new Random(seed);
        for (int i = 0; i < count; i++) {
            int j = random.nextInt(i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        return order;
    }
}
