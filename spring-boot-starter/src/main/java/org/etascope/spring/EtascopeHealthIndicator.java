package org.etascope.spring;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.etascope.core.Condition;
import org.etascope.core.Outcome;
import org.etascope.core.RunMonitor;
import org.etascope.core.RunSnapshot;
import org.springframework.boot.actuate.health.AbstractHealthIndicator;
import org.springframework.boot.actuate.health.Health;

/**
 * Whether the trainings of this application go on as they should.
 *
 * <p>Down while a run has no finite losses ({@link Condition#FAULT}), has come apart ({@link Condition#BLOW_UP}), has
 * failed, or has not had a step for too long; the detail of that run says which. A run that is finished, that was stopped
 * by somebody or that has ended otherwise is not down, and neither is an application without a run. Any thread; a look at
 * the health costs a snapshot a run.
 */
public final class EtascopeHealthIndicator extends AbstractHealthIndicator {
    private final Iterable<RunMonitor> monitors;
    private final Duration staleAfter;
    private final Clock clock;

    /**
     * A part of the application's health.
     *
     * @param monitors the runs
     * @param staleAfter a run without a step for longer is down
     * @param clock what the time is
     */
    public EtascopeHealthIndicator(Iterable<RunMonitor> monitors, Duration staleAfter, Clock clock) {
        super("the runs could not be looked at");
        this.monitors = monitors;
        this.staleAfter = staleAfter;
        this.clock = clock;
    }

    @Override
    protected void doHealthCheck(Health.Builder builder) {
        builder.up();
        for (Iterator<RunMonitor> runs = monitors.iterator(); runs.hasNext(); ) {
            RunSnapshot now = runs.next().snapshot();
            String trouble = trouble(now);
            Map<String, Object> detail = new LinkedHashMap<>();
            if (!trouble.isEmpty()) {
                builder.down();
                detail.put("trouble", trouble);
            }
            detail.put("state", now.timeline().words());
            detail.put("steps", now.progress().steps());
            detail.put("verdict", now.verdict().sentence());
            builder.withDetail(now.info().run(), detail);
        }
    }

    /** Empty where all is well. */
    private String trouble(RunSnapshot now) {
        if (now.timeline().ended()) {
            return now.timeline().outcome() == Outcome.FAILED ? "failed" : "";
        }
        if (now.verdict().conditions().contains(Condition.FAULT)) {
            return "the losses are not finite";
        }
        if (now.verdict().conditions().contains(Condition.BLOW_UP)) {
            return "the loss has blown up";
        }
        double last = now.timeline().lastStepSeconds();
        Instant since = seconds(Double.isNaN(last) ? now.timeline().startSeconds() : last);
        Duration idle = Duration.between(since, clock.instant());
        return idle.compareTo(staleAfter) > 0 ? "no step for " + idle.toSeconds() + " s" : "";
    }

    private static Instant seconds(double seconds) {
        return Instant.ofEpochMilli(Math.round(seconds * 1e3));
    }
}
