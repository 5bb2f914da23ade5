package org.etascope.recording;

import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.etascope.core.CurvePoint;
import org.etascope.core.Figure;

/**
 * The log-binned curve of a run as CSV: one line per bin, oldest first, the columns of {@code series} in the JSON. Full
 * double precision; what is not known is empty. Nothing needs a quote.
 */
public final class CurveCsv {
    private CurveCsv() {}

    /**
     * Writes the curve of a run.
     *
     * @param out where to
     * @param recording the run
     * @throws IOException if {@code out} refuses
     */
    public static void write(Appendable out, Recording recording) throws IOException {
        List<Figure> columns = Figure.columns();
        out.append(columns.stream().map(Figure::key).collect(Collectors.joining(",", "", "\n")));
        for (CurvePoint point : recording.curve()) {
            out.append(columns.stream()
                    .map(column -> Objects.toString(column.read(point, recording.snapshot()), ""))
                    .collect(Collectors.joining(",", "", "\n")));
        }
    }
}
