package org.etascope.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.Serializable;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.deeplearning4j.spark.api.RDDTrainingApproach;
import org.deeplearning4j.spark.impl.multilayer.SparkDl4jMultiLayer;
import org.deeplearning4j.spark.impl.paramavg.ParameterAveragingTrainingMaster;
import org.etascope.core.RunMonitor;
import org.etascope.prometheus.PrometheusEndpoint;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The endpoint on the driver serves a training on Spark like any other, while it goes on. */
class EndpointTest {
    private static final Pattern TOKENS = Pattern.compile("etascope_run_tokens\\{[^}]*\\} ([0-9.E+]+)");

    /** Lets the first round through and holds the second one until it was scraped. */
    private static final class Gate extends BaseTrainingListener implements Serializable {
        private static final long serialVersionUID = 1;
        private static final CountDownLatch SCRAPED = new CountDownLatch(1);

        @Override
        public void iterationDone(Model model, int iteration, int epoch) {
            if (iteration >= 3) {
                try {
                    SCRAPED.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
        }
    }

    @Test
    @Timeout(120)
    void scrape_duringATraining_seesTheRoundsSoFar() throws Exception {
        RunMonitor monitor = RunMonitor.builder("on-spark").build();
        var worker = Executors.newSingleThreadExecutor();
        try (JavaSparkContext spark = Trainings.context();
                PrometheusEndpoint endpoint =
                        PrometheusEndpoint.builder().port(0).monitor(monitor).start()) {
            SparkDl4jMultiLayer net = new SparkDl4jMultiLayer(
                    spark,
                    Trainings.network(),
                    new ParameterAveragingTrainingMaster.Builder(2, Trainings.MINIBATCH)
                            .batchSizePerWorker(Trainings.MINIBATCH)
                            .averagingFrequency(3)
                            .rddTrainingApproach(RDDTrainingApproach.Direct)
                            .build());
            SparkEta eta = SparkEta.attach(net, monitor, new Gate());
            Future<?> training = worker.submit(() -> net.fit(spark.parallelize(Trainings.minibatches(24), 4)));
            await().atMost(Duration.ofMinutes(1)).until(() -> training.isDone() || scraped(endpoint) > 0);
            double meanwhile = scraped(endpoint);
            assertThat(training.isDone()).isFalse();
            Gate.SCRAPED.countDown();
            training.get();
            eta.endEpoch();
            double all = monitor.snapshot().progress().tokens();
            assertThat(all).isGreaterThan(meanwhile);
            await().until(() -> scraped(endpoint) == all);
        } finally {
            worker.shutdownNow();
        }
    }

    private static double scraped(PrometheusEndpoint endpoint) throws IOException, InterruptedException {
        String metrics = HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(endpoint.uri().resolve("/metrics")).build(), BodyHandlers.ofString())
                .body();
        Matcher matcher = TOKENS.matcher(metrics);
        return matcher.find() ? Double.parseDouble(matcher.group(1)) : 0;
    }
}
