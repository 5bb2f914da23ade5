package org.etascope.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.spark.api.RDDTrainingApproach;
import org.deeplearning4j.spark.impl.multilayer.SparkDl4jMultiLayer;
import org.deeplearning4j.spark.impl.paramavg.ParameterAveragingTrainingMaster;
import org.etascope.core.RunMonitor;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.dataset.DataSet;

/** The lines of docs/spark.md are compiled, and run. */
class GuideTest {
    private static final Path SOURCE = Path.of("src/test/java/org/etascope/spark/GuideTest.java");

    @Test
    void guide_recipe_isTheCodeBelow() throws IOException {
        assertThat(code("(?s)<!-- recipe: averaging -->\\s*```java\\n(.*?)```", Path.of("../docs/spark.md")))
                .isEqualTo(code("(?sm)// recipe: averaging\\n(.*?)^ *// end$", SOURCE));
    }

    private static String code(String pattern, Path file) throws IOException {
        Matcher matcher = Pattern.compile(pattern).matcher(Files.readString(file));
        assertThat(matcher.find()).isTrue();
        return matcher.group(1).stripTrailing().stripIndent().strip();
    }

    @Test
    void recipe_trains() {
        try (JavaSparkContext spark = Trainings.context()) {
            SparkDl4jMultiLayer net = new SparkDl4jMultiLayer(
                    spark,
                    Trainings.network(),
                    new ParameterAveragingTrainingMaster.Builder(2, Trainings.MINIBATCH)
                            .batchSizePerWorker(Trainings.MINIBATCH)
                            .rddTrainingApproach(RDDTrainingApproach.Direct)
                            .build());
            RunMonitor run = recipe(net, spark.parallelize(Trainings.minibatches(8), 2), 2);
            assertThat(run.snapshot().progress().uniqueTokens()).isPositive();
            assertThat(run.snapshot().timeline().ended()).isTrue();
        }
    }

    private static RunMonitor recipe(SparkDl4jMultiLayer net, JavaRDD<DataSet> data, int epochs) {
        // recipe: averaging
        RunMonitor monitor = RunMonitor.builder("char-lm").build();
        SparkEta eta = SparkEta.attach(net, monitor); // net: SparkDl4jMultiLayer or SparkComputationGraph
        for (int epoch = 0; epoch < epochs; epoch++) {
            net.fit(data);
            eta.endEpoch();
        }
        eta.close();
        // end
        return monitor;
    }
}
