package org.etascope.spark;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.deeplearning4j.core.storage.Persistable;
import org.deeplearning4j.core.storage.StatsStorageRouter;
import org.deeplearning4j.core.storage.StorageMetaData;

/** Where Deeplearning4j puts what came with the averaged parameters, on the driver, one round at a time. */
final class DriverRouter implements StatsStorageRouter {
    private final StepLedger ledger;

    DriverRouter(StepLedger ledger) {
        this.ledger = ledger;
    }

    @Override
    public void putUpdate(Persistable update) {
        putUpdate(List.of(update));
    }

    @Override
    public void putUpdate(Collection<? extends Persistable> updates) {
        List<StepUpdate> steps = new ArrayList<>();
        for (Persistable update : updates) {
            if (update instanceof StepUpdate step) {
                steps.add(step);
            }
        }
        ledger.averaged(steps);
    }

    @Override
    public void putStorageMetaData(StorageMetaData metaData) {}

    @Override
    public void putStorageMetaData(Collection<? extends StorageMetaData> metaData) {}

    @Override
    public void putStaticInfo(Persistable info) {}

    @Override
    public void putStaticInfo(Collection<? extends Persistable> info) {}
}
