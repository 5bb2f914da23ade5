package org.etascope.core;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The six windows of 1/6, 1/4, 1/3, 1/2, 3/4 and 1 e-folds, and what they say together (docs/theory.md, 6.3 and 6.4).
 *
 * <ul>
 *   <li>Flat (an equivalence test, TOST): w ≥ 1/3, −κb̄ &lt; b − e and b + e &lt; κb̄, and neither this nor any shorter
 *       window is bent.
 *   <li>Rising: some window has b + e &lt; −0.10b̄.
 *   <li>Leaving a plateau: a window that starts on it has b − e &gt; 0.15b̄ (learning) or b + e &lt; −0.15b̄ (rising); of
 *       several the widest speaks.
 * </ul>
 */
final class SlopeWindows {
    private static final double SHORTEST_FLAT = 1 / 3.0;
    private static final double RISING = 0.10;
    private static final double LEAVING = 0.15;

    private static final double[] NOMINAL = {1 / 6.0, 1 / 4.0, SHORTEST_FLAT, 1 / 2.0, 3 / 4.0, 1};

    private final List<SlopeWindow> windows = new ArrayList<>(NOMINAL.length);
    private double scale = Double.NaN;

    void measure(LogBins bins, double now, double restart, Noise noise, double q, double averageSlope) {
        scale = averageSlope;
        windows.clear();
        for (double nominal : NOMINAL) {
            SlopeWindow window = SlopeWindow.of(nominal, bins, now, restart, noise, q, averageSlope);
            if (window != null) {
                windows.add(window);
            }
        }
    }

    /** Without a noise level there is nothing to judge by. */
    void leaveOut() {
        windows.clear();
    }

    /** From narrow to wide, without those that are left out. */
    List<SlopeWindow> all() {
        return windows;
    }

    /** {@return the shortest flat window, null if none is} */
    @Nullable
    SlopeWindow flat() {
        for (SlopeWindow window : windows) {
            if (window.bent()) {
                return null;
            }
            if (window.nominal() >= SHORTEST_FLAT
                    && window.lower() > -window.threshold()
                    && window.upper() < window.threshold()) {
                return window;
            }
        }
        return null;
    }

    boolean rising() {
        return windows.stream().anyMatch(window -> window.upper() < -RISING * scale);
    }

    /** {@return the event by which a plateau that began at ln D = x is left, null if it is not} */
    RunEvent.@Nullable Kind leaving(double x) {
        RunEvent.Kind event = null;
        for (SlopeWindow window : windows) {
            if (window.start() >= x) {
                if (window.lower() > LEAVING * scale) {
                    event = RunEvent.Kind.LEARNING;
                } else if (window.upper() < -LEAVING * scale) {
                    event = RunEvent.Kind.RISING;
                }
            }
        }
        return event;
    }
}
