package org.etascope.cli;

import org.etascope.core.LearningRateSchedule;
import org.etascope.core.RunMonitor;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How long a run is meant to be and how its learning rate is meant to go: what its forecast needs. */
final class ScheduleOptions {
    @Option(
            names = "--planned-steps",
            paramLabel = "N",
            description = "optimiser steps of the whole run: its end is then forecast, with --schedule")
    @Nullable
    Long plannedSteps;

    @Option(
            names = "--schedule",
            paramLabel = "S",
            description = "how the learning rate goes until then: constant, linear, cosine[:FLOOR], wsd:START[:FLOOR],"
                    + " step:AT:RATE or list:R0:R1:... (shares of the steps and of the peak); it also stands in for rates"
                    + " that the log does not tell")
    @Nullable
    String schedule;

    @Option(
            names = "--warmup-steps",
            paramLabel = "W",
            description = "steps of a linear warm-up before it (default: 0)")
    long warmupSteps;

    /** Gives the builder what is known, the user's word before the log's; an {@link IllegalArgumentException} says what is not allowed. */
    void apply(RunMonitor.Builder builder, @Nullable Long stepsByTheLog) {
        Long steps = plannedSteps == null ? stepsByTheLog : plannedSteps;
        if (steps != null) {
            builder.plannedSteps(steps);
        }
        String text = schedule;
        if (text != null) {
            builder.schedule(LearningRateSchedule.parse(text).withWarmup(warmupSteps));
        } else if (warmupSteps != 0) {
            throw new IllegalArgumentException("--warmup-steps belongs to a --schedule, and there is none");
        }
    }
}
