package org.etascope.core;

import java.io.DataInput;
import java.io.IOException;
import java.util.List;

/**
 * The verdict's part of a state of format 1. Its curve is taken over; what its detector had found is not, for it had
 * measured no noise: the verdict begins anew.
 */
final class Format1 {
    private static final int DETECTORS = 2;
    private static final int WINDOWS = 2;
    private static final int FIGURES = 5;

    private boolean initial;
    private long firstSaturatedAt;
    private long lastSaturationMillis;
    private final LogBin open = new LogBin();
    private final ValidationLosses evaluations = new ValidationLosses();

    void readPhase(DataInput in) throws IOException {
        initial = in.readBoolean();
        StateFields.constant(Phase.class, in.readUTF());
        firstSaturatedAt = in.readLong();
        lastSaturationMillis = in.readLong();
        in.readLong(); // evaluations in a row
    }

    void readCurves(DataInput in) throws IOException {
        readCurve(in, open);
        new ValidationLosses().load(in); // of the training: the history has them too
        readCurve(in, new LogBin());
        evaluations.load(in);
        for (int i = 0; i < DETECTORS; i++) {
            skipDetector(in);
        }
    }

    private static void readCurve(DataInput in, LogBin open) throws IOException {
        in.readInt(); // points per bin
        double start = in.readDouble();
        long points = in.readLong();
        open.assume(start, points, in.readDouble(), in.readDouble(), in.readDouble(), in.readDouble());
        in.readDouble(); // L and its error come from the bins
        in.readDouble();
    }

    private static void skipDetector(DataInput in) throws IOException {
        for (int window = 0; window < WINDOWS; window++) {
            for (int i = 0; i < FIGURES; i++) {
                in.readDouble();
            }
            in.readInt();
        }
        in.readBoolean();
        in.readBoolean();
        in.readDouble();
    }

    void handTo(Judge judge, List<CurvePoint> history) {
        judge.assume(history, open, evaluations, initial, firstSaturatedAt, lastSaturationMillis);
    }
}
