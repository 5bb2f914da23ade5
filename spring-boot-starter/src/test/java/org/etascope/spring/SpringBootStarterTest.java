package org.etascope.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.etascope.core.ModelSize;
import org.etascope.core.Outcome;
import org.etascope.core.RunMonitor;
import org.junit.jupiter.api.Test;
import org.springframework.boot.actuate.autoconfigure.health.HealthEndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.metrics.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.metrics.MetricsAutoConfiguration;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthEndpoint;
import org.springframework.boot.actuate.health.Status;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** The starter in a real application context of Spring Boot 3. */
class SpringBootStarterTest {
    private static final Duration STALE = Duration.ofMinutes(10);
    private static final long START = 1_700_000_000_000L;

    private final ApplicationContextRunner application = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    MetricsAutoConfiguration.class,
                    CompositeMeterRegistryAutoConfiguration.class,
                    HealthEndpointAutoConfiguration.class,
                    EtascopeAutoConfiguration.class))
            .withBean(SimpleMeterRegistry.class);

    @Test
    void everyMonitorBeanIsMetered() {
        application
                .withBean("one", RunMonitor.class, () -> learning("one"))
                .withBean("two", RunMonitor.class, () -> learning("two"))
                .run(context -> {
                    MeterRegistry registry = context.getBean(MeterRegistry.class);

                    for (String run : List.of("one", "two")) {
                        double steps = registry.get("etascope.steps")
                                .tag("run", run)
                                .functionCounter()
                                .count();
                        assertThat(steps).as(run).isEqualTo(3);
                    }
                });
    }

    @Test
    void theRunIsPartOfTheApplicationsHealth() {
        application.withBean(RunMonitor.class, () -> learning("char-lm")).run(context -> {
            HealthEndpoint health = context.getBean(HealthEndpoint.class);

            assertThat(health.health().getStatus()).isEqualTo(Status.UP);
            assertThat(health.healthForPath("etascope").getStatus()).isEqualTo(Status.UP);
            context.getBean(RunMonitor.class).step(100, Double.NaN);
            context.getBean(RunMonitor.class).step(100, Double.NaN);
            context.getBean(RunMonitor.class).step(100, Double.NaN);
            assertThat(health.health().getStatus()).isEqualTo(Status.DOWN);
        });
    }

    @Test
    void anApplicationWithoutARunStartsAndIsUp() {
        application.run(context -> {
            assertThat(context).hasNotFailed();
            assertThat(context.getBean(HealthEndpoint.class).health().getStatus())
                    .isEqualTo(Status.UP);
        });
    }

    @Test
    void theHealthCanBeLeftOut() {
        application
                .withBean(RunMonitor.class, () -> learning("char-lm"))
                .withPropertyValues("management.health.etascope.enabled=false")
                .run(context -> assertThat(context).doesNotHaveBean(EtascopeHealthIndicator.class));
    }

    @Test
    void aTimeThatIsNoneIsRefusedInOneLine() {
        application
                .withPropertyValues("etascope.health.stale-after=0s")
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .hasMessageContaining("etascope.health.stale-after is PT0S, allowed: more than 0, like 10m"));
    }

    @Test
    void aRunWithoutAStepForTooLongIsDown() {
        RunMonitor monitor = RunMonitor.builder("char-lm").clock(() -> START).build();
        monitor.step(100, 4.5, START);

        assertThat(health(monitor, STALE).getStatus()).isEqualTo(Status.UP);
        assertThat(health(monitor, STALE.plusSeconds(1)).getStatus()).isEqualTo(Status.DOWN);
        assertThat(detail(health(monitor, STALE.plusSeconds(1)), "char-lm"))
                .containsEntry("trouble", "no step for 601 s");
    }

    @Test
    void aRunThatNeverBeganIsDownWhenItIsLate() {
        RunMonitor monitor = RunMonitor.builder("char-lm").clock(() -> START).build();

        assertThat(health(monitor, STALE).getStatus()).isEqualTo(Status.UP);
        assertThat(health(monitor, STALE.plusSeconds(1)).getStatus()).isEqualTo(Status.DOWN);
    }

    @Test
    void anEndedRunIsDownOnlyIfItFailed() {
        for (Outcome outcome : Outcome.values()) {
            RunMonitor monitor =
                    RunMonitor.builder("char-lm").clock(() -> START).build();
            monitor.step(100, 4.5, START);
            monitor.end(outcome);

            assertThat(health(monitor, STALE.multipliedBy(100)).getStatus())
                    .as(outcome.words())
                    .isEqualTo(outcome == Outcome.FAILED ? Status.DOWN : Status.UP);
        }
    }

    @Test
    void oneRunInTroubleTakesTheOthersAlong() {
        RunMonitor well = RunMonitor.builder("well").clock(() -> START).build();
        well.step(100, 4.5, START + STALE.toMillis());
        RunMonitor stalled = RunMonitor.builder("stalled").clock(() -> START).build();
        Health health = new EtascopeHealthIndicator(List.of(stalled, well), STALE, at(STALE.plusSeconds(1))).health();

        assertThat(health.getStatus()).isEqualTo(Status.DOWN);
        assertThat(detail(health, "well")).doesNotContainKey("trouble");
        assertThat(detail(health, "stalled")).containsKey("trouble");
    }

    private static RunMonitor learning(String run) {
        RunMonitor monitor =
                RunMonitor.builder(run).modelSize(new ModelSize(1000, 32)).build();
        monitor.step(100, 4.5);
        monitor.step(100, 4.4);
        monitor.step(100, 4.3);
        return monitor;
    }

    private static Health health(RunMonitor monitor, Duration later) {
        return new EtascopeHealthIndicator(List.of(monitor), STALE, at(later)).health();
    }

    private static Clock at(Duration later) {
        return Clock.fixed(Instant.ofEpochMilli(START).plus(later), ZoneOffset.UTC);
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> detail(Health health, String run) {
        return (Map<String, Object>) health.getDetails().get(run);
    }
}
