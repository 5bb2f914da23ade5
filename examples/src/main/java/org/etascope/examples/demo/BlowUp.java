package org.etascope.examples.demo;

import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.etascope.core.Condition;
import org.etascope.core.RunSnapshot;

/**
 * Raises a run's learning rate until the monitor tells of a blow-up, no further than until the loss has risen by half a nat;
 * puts it back, and goes on until the monitor tells of the recovery. For the training thread.
 */
final class BlowUp {
    private static final int CALM_STEPS = 300;
    private static final int STEPS_AFTERWARDS = 100;
    private static final double FACTOR_A_STEP = 1.02;
    private static final double RISEN_NATS = 0.5;

    private enum Part {
        CALM,
        RAISED,
        LOWERED,
        RECOVERED
    }

    private final double ownRate;
    private final Consumer<String> tell;
    private Part part = Part.CALM;
    private double rate;
    private double calmNats;
    private int end;

    /**
     * Nothing is changed yet.
     *
     * @param ownRate the learning rate that the network has by itself
     * @param tell shows a line
     */
    BlowUp(double ownRate, Consumer<String> tell) {
        this.ownRate = ownRate;
        this.rate = ownRate;
        this.tell = tell;
    }

    /** Sets the rate of the next step by what the monitor says of the last. */
    void steer(MultiLayerNetwork network, RunSnapshot now) {
        int step = network.getIterationCount();
        Set<Condition> conditions = now.verdict().conditions();
        switch (part) {
            case CALM -> {
                if (step >= CALM_STEPS) {
                    part = Part.RAISED;
                    calmNats = now.losses().current();
                    say(step, "raised from");
                }
            }
            case RAISED -> {
                if (conditions.contains(Condition.BLOW_UP)) {
                    part = Part.LOWERED;
                    say(step, "lowered from");
                    network.setLearningRate(ownRate);
                } else if (now.losses().last() < calmNats + RISEN_NATS) {
                    rate *= FACTOR_A_STEP;
                    network.setLearningRate(rate);
                }
            }
            case LOWERED -> {
                if (!conditions.contains(Condition.BLOW_UP) && !conditions.contains(Condition.RISEN)) {
                    part = Part.RECOVERED;
                    end = step + STEPS_AFTERWARDS;
                }
            }
            case RECOVERED -> {}
        }
    }

    private void say(int step, String what) {
        tell.accept(String.format(Locale.ROOT, "step %d: learning rate %s %.4f", step, what, rate));
    }

    /** {@return whether all has been shown} */
    boolean over(int step) {
        return part == Part.RECOVERED && step >= end;
    }
}
