package org.etascope.core;

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

    private final SlopeWindow[] windows = {
        new SlopeWindow(1 / 6.0),
        new SlopeWindow(1 / 4.0),
        new SlopeWindow(SHORTEST_FLAT),
        new SlopeWindow(1 / 2.0),
        new SlopeWindow(3 / 4.0),
        new SlopeWindow(1)
    };
    private double scale = Double.NaN;

    void measure(LogBins bins, double now, double restart, Noise noise, double q, double averageSlope) {
        scale = averageSlope;
        for (SlopeWindow window : windows) {
            window.measure(bins, now, restart, noise, q, averageSlope);
        }
    }

    /** Without a noise level there is nothing to judge by. */
    void leaveOut() {
        for (SlopeWindow window : windows) {
            window.leaveOut();
        }
    }

    /** From narrow to wide; those not {@link SlopeWindow#present} among them. */
    SlopeWindow[] all() {
        return windows;
    }

    /** {@return the shortest flat window, null if none is} */
    @Nullable
    SlopeWindow flat() {
        for (SlopeWindow window : windows) {
            if (window.present() && window.bent()) {
                return null;
            }
            if (window.present()
                    && window.nominal() >= SHORTEST_FLAT
                    && window.lower() > -window.threshold()
                    && window.upper() < window.threshold()) {
                return window;
            }
        }
        return null;
    }

    boolean rising() {
        for (SlopeWindow window : windows) {
            if (window.present() && window.upper() < -RISING * scale) {
                return true;
            }
        }
        return false;
    }

    /** {@return the event by which a plateau that began at ln D = x is left, null if it is not} */
    RunEvent.@Nullable Kind leaving(double x) {
        RunEvent.Kind event = null;
        for (SlopeWindow window : windows) {
            if (window.present() && window.start() >= x) {
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
