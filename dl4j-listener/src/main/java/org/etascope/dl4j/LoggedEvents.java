package org.etascope.dl4j;

import org.etascope.core.RunEvent;
import org.etascope.core.RunObserver;
import org.etascope.core.RunSnapshot;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A log line for each turning point of a run, and one for its end. */
final class LoggedEvents implements RunObserver {
    private static final Logger LOG = LoggerFactory.getLogger(EtaListener.class);

    @Override
    public void happened(String run, RunEvent event) {
        LOG.info("Run {}, step {}: {}.", run, event.step(), event.sentence());
    }

    @Override
    public void ended(RunSnapshot last) {
        LOG.info(
                "Run {} ended after {} steps: {}.",
                last.info().run(),
                last.progress().steps(),
                last.verdict().sentence());
    }
}
