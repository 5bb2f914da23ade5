package org.etascope.benchmarks.endurance;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.etascope.benchmarks.Machine;
import org.etascope.benchmarks.MarkedSection;
import org.etascope.core.ModelSize;
import org.etascope.core.Phase;
import org.etascope.core.Progress;
import org.etascope.core.RunMonitor;
import org.etascope.core.RunSnapshot;
import org.etascope.core.RunState;

/**
 * A run of a billion steps, as fast as they go, in which everything goes wrong now and then: losses that are not finite,
 * steps without tokens, a clock that goes back, a resume from stored bytes.
 *
 * <p>Losses are multiples of 2⁻³² nats and so are their products with the tokens, which a double holds exactly. So the
 * exact code length is a sum of whole numbers, and what the monitor's differs from it is the monitor's error.
 */
public final class ManySteps {
    private static final long STEPS = 1_000_000_000;
    private static final int LOSS_BITS = 32;
    /** From this step on the loss falls no more. */
    private static final long FLAT_FROM = 200_000;

    private static final int RESUMES = 20;
    /** Largest relative error of C that is allowed: four and a half roundings of a double. */
    private static final double TOLERANCE = 1e-15;

    private static final int MOST_STATE_BYTES = 128 << 10;

    private final long steps;
    private final SplittableRandom random = new SplittableRandom(1);
    private final ExactSum codeLength = new ExactSum();
    private final List<String> faults = new ArrayList<>();
    private RunMonitor monitor = monitor();
    private long finite;
    private long tokens;
    private long nonFinite;
    private long skipped;
    private long saturatedAtStep;
    private long otherPhases;

    ManySteps(long steps) {
        this.steps = steps;
    }

    /**
     * Starts the program. It fails if a figure is wrong.
     *
     * @param args the page to write into (default: standard output), then the number of steps (default 1,000,000,000)
     * @throws IOException if the page cannot be written
     */
    public static void main(String[] args) throws IOException {
        String machine = Machine.describe();
        ManySteps run = new ManySteps(args.length > 1 ? Long.parseLong(args[1]) : STEPS);
        String text = machine + ". " + run.run();
        MarkedSection.put(args, "steps", text);
        if (!run.faults().isEmpty()) {
            run.faults().forEach(System.err::println);
            System.exit(1);
        }
    }

    List<String> faults() {
        return faults;
    }

    private static RunMonitor monitor() {
        return RunMonitor.builder("a billion steps")
                .modelSize(new ModelSize(96_816, 32))
                .vocabularySize(64)
                .build();
    }

    /** {@return what was found, as text} */
    String run() throws IOException {
        long lookEvery = Math.max(1, steps / 1_000);
        long resumeEvery = Math.max(1, steps / RESUMES);
        for (long step = 1; step <= steps; step++) {
            step(step);
            if (step % lookEvery == 0) {
                look(step);
            }
            if (step % resumeEvery == 0) {
                resume();
            }
        }
        return outcome();
    }

    private void step(long step) {
        // The clock goes back by an hour every 2^20 steps.
        long millis = 50 * step - (step >> 20) * 3_600_000;
        long dice = random.nextLong();
        int fault = (int) (dice >>> 54);
        long size = 1_000 + (dice & 1023);
        if (fault == 0) {
            monitor.step(size, Double.NaN, millis);
            nonFinite++;
        } else if (fault == 1) {
            monitor.step(size, (dice & 1) == 0 ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY, millis);
            nonFinite++;
        } else if (fault == 2) {
            monitor.step(-(dice & 1), 2, millis);
            skipped++;
        } else {
            long noise = (dice >>> 10) & ((1L << LOSS_BITS) - 1);
            long loss = units(step) + (noise >> 2);
            monitor.step(size, loss * 0x1p-32, millis);
            codeLength.add(size * loss);
            finite++;
            tokens += size;
        }
    }

    /** {@return the loss without noise, in multiples of 2⁻³² nats} */
    private static long units(long step) {
        return (long) ((1.2 + 3 / Math.sqrt(1 + Math.min(step, FLAT_FROM) / 50.0)) * 0x1p32);
    }

    private void look(long step) {
        Phase phase = monitor.snapshot().verdict().phase();
        if (phase == Phase.SATURATED && saturatedAtStep == 0) {
            saturatedAtStep = step;
        } else if (phase != Phase.SATURATED && saturatedAtStep > 0) {
            otherPhases++;
        }
    }

    /** As another process would: nothing but the bytes goes over. */
    private void resume() throws IOException {
        byte[] bytes = monitor.state().toBytes();
        require("bytes of the state, at most", bytes.length <= MOST_STATE_BYTES, bytes.length);
        monitor = monitor();
        monitor.restore(RunState.fromBytes(bytes));
    }

    private String outcome() {
        RunSnapshot last = monitor.snapshot();
        Progress progress = last.progress();
        require("steps", progress.steps() == finite, progress.steps());
        require("tokens", last.ledger().tokens() == tokens, last.ledger().tokens());
        require("non-finite steps", progress.nonFiniteSteps() == nonFinite, progress.nonFiniteSteps());
        require("skipped steps", progress.skippedSteps() == skipped, progress.skippedSteps());
        BigDecimal exact = codeLength.times2ToTheMinus(LOSS_BITS);
        double error = new BigDecimal(last.ledger().codeLengthNats())
                .subtract(exact)
                .abs()
                .divide(exact, MathContext.DECIMAL64)
                .doubleValue();
        require("relative error of C", error <= TOLERANCE, error);
        require("step of saturation", saturatedAtStep > FLAT_FROM, saturatedAtStep);
        require("looks that found another phase after it", otherPhases == 0, otherPhases);
        return String.format(
                Locale.ROOT,
                "%,d steps, %,d of them without a finite loss and %,d without tokens, %d resumes from bytes: all counts and"
                        + " the %,d tokens exact; C off by %.1e relative (allowed %.0e); state %,d bytes; flat from step %,d,"
                        + " saturated at step %,d at the latest and ever after (%,d looks)%s.%n",
                steps,
                nonFinite,
                skipped,
                RESUMES,
                tokens,
                error,
                TOLERANCE,
                monitor.state().toBytes().length,
                FLAT_FROM,
                saturatedAtStep,
                1_000,
                faults.isEmpty() ? "" : ". FAULTS");
    }

    private void require(String what, boolean right, Object found) {
        if (!right) {
            faults.add(what + ": " + found + " is wrong");
        }
    }
}
