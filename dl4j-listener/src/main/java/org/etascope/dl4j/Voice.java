package org.etascope.dl4j;

import java.util.Locale;
import org.etascope.core.OneLine;
import org.etascope.core.RunEvent;
import org.etascope.core.RunObserver;
import org.etascope.core.RunSnapshot;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says a run's turning points in the log, at INFO. Once per run, however many listeners it has. */
final class Voice implements RunObserver {
    private static final Logger LOG = LoggerFactory.getLogger("org.etascope.run");

    /** Says what is watched from now on. */
    static void attached(RunSnapshot now) {
        LOG.info(
                "Run {}: {} of {} parameters, {} bits each, {} classes.",
                OneLine.of(now.info().run()),
                OneLine.of(now.info().model()),
                grouped(now.info().size().parameters()),
                grouped(now.info().size().bitsPerParameter()),
                grouped(now.info().vocabularySize()));
    }

    /** Says where a run stands. */
    static void step(RunSnapshot now) {
        LOG.info(
                "Run {}, step {}: loss {} nats, D {} {}, eta {}; {}.",
                OneLine.of(now.info().run()),
                now.progress().steps(),
                decimals(now.losses().last()),
                grouped(now.progress().tokens()),
                now.info().unit().plural(),
                decimals(now.ledger().eta()),
                now.verdict().sentence());
    }

    @Override
    public void happened(String run, RunEvent event) {
        LOG.info(
                "Run {}, step {}, D {} {}: {}.",
                OneLine.of(run),
                event.step(),
                grouped(event.tokens()),
                event.unit().plural(),
                event.sentence());
    }

    @Override
    public void ended(RunSnapshot last) {
        if (last.progress().points() == 0 && last.progress().skippedSteps() == 0) {
            LOG.info(
                    "Run {} ended without a step: nothing was reported to it.",
                    OneLine.of(last.info().run()));
        } else {
            LOG.info(
                    "Run {} ended after {} steps: loss {} nats, D {} {}, eta {}; {}.",
                    OneLine.of(last.info().run()),
                    grouped(last.progress().steps()),
                    decimals(last.losses().last()),
                    grouped(last.progress().tokens()),
                    last.info().unit().plural(),
                    decimals(last.ledger().eta()),
                    last.verdict().sentence());
        }
    }

    private static String grouped(double count) {
        return Double.isNaN(count) ? "–" : String.format(Locale.ROOT, "%,.0f", count);
    }

    private static String decimals(double value) {
        return Double.isNaN(value) ? "–" : String.format(Locale.ROOT, "%.4f", value);
    }
}
