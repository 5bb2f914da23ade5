package org.etascope.cli.log;

import java.io.IOException;
import java.io.InputStream;

/** A log with at most one point per line; lines without one are text around the data. */
abstract class LineLog implements LossLog {
    /** To be told by a parser of the numbers in its lines, so that it need not see others like them. */
    final LineShapes shapes = new LineShapes();

    private final LossPoint point = new LossPoint();

    /**
     * Reads one line into an empty point; whatever the point then holds is the result.
     *
     * @throws NotANumberException if the line should hold a loss but does not
     */
    abstract void parse(byte[] line, int from, int to, LossPoint result) throws NotANumberException;

    @Override
    public final void read(InputStream in, LossSink sink) throws IOException {
        Lines lines = new Lines(in);
        while (true) {
            point.clear();
            if (shapes.read(lines, point)) {
                sink.point(point);
                continue;
            }
            if (!lines.next()) {
                break;
            }
            if (lines.from() == lines.to()) {
                continue;
            }
            shapes.begin(lines);
            try {
                parse(lines.text(), lines.from(), lines.to(), point);
            } catch (NotANumberException e) {
                // The last line of a log may be half written.
                if (lines.terminated() || !e.unfinished()) {
                    sink.unreadable(":" + lines.number(), String.valueOf(e.getMessage()));
                } else {
                    sink.text(1);
                }
                continue;
            }
            if (point.holdsData()) {
                shapes.learn(lines);
                sink.point(point);
            } else if (!isHeader()) {
                sink.text(1);
            }
        }
        end(sink);
    }

    /** Whether the line just parsed belongs to the log though it holds no loss. */
    boolean isHeader() {
        return false;
    }

    /** The log has ended. */
    void end(LossSink sink) {}

    /** {@return whether that line is data of this format, readable or not} */
    final boolean recognises(byte[] line, int from, int to) {
        point.clear();
        try {
            parse(line, from, to, point);
        } catch (NotANumberException e) {
            return false;
        }
        return point.holdsData();
    }
}
