package org.etascope.spark;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.spark.TaskFailedReason;
import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.api.plugin.SparkPlugin;
import org.etascope.core.Background;
import org.jspecify.annotations.Nullable;

/**
 * Brings the steps of SharedTrainingMaster's workers to the driver, since Deeplearning4j does not. To be named in the
 * configuration before the Spark context is made:
 *
 * <pre>{@code
 * new SparkConf().set("spark.plugins", "org.etascope.spark.EtascopePlugin")
 * }</pre>
 *
 * <p>Not needed for ParameterAveragingTrainingMaster.
 */
public final class EtascopePlugin implements SparkPlugin {
    private static final Duration BETWEEN_MESSAGES = Duration.ofMillis(500);

    /** Creates the plugin; Spark does that. */
    public EtascopePlugin() {}

    @Override
    public DriverPlugin driverPlugin() {
        return new DriverPlugin() {
            @Override
            public Object receive(Object message) {
                if (message instanceof StepMessage steps) {
                    SparkEta.receive(steps);
                }
                return true;
            }
        };
    }

    @Override
    public ExecutorPlugin executorPlugin() {
        return new OnExecutor();
    }

    private static final class OnExecutor implements ExecutorPlugin {
        private @Nullable Outbox outbox;
        private @Nullable Future<?> flushes;

        @Override
        public void init(PluginContext context, Map<String, String> extraConf) {
            Outbox own = new Outbox(context);
            own.open();
            outbox = own;
            flushes = Background.every(BETWEEN_MESSAGES, own::flush);
        }

        @Override
        public void onTaskSucceeded() {
            flush();
        }

        @Override
        public void onTaskFailed(TaskFailedReason failureReason) {
            flush();
        }

        private void flush() {
            Outbox own = outbox;
            if (own != null) {
                own.flush();
            }
        }

        @Override
        public void shutdown() {
            if (flushes != null) {
                flushes.cancel(true);
            }
            Outbox own = outbox;
            if (own != null) {
                own.close();
            }
        }
    }
}
