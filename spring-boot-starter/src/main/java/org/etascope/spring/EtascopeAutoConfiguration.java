package org.etascope.spring;

import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Clock;
import org.etascope.core.EnergyMeter;
import org.etascope.core.RunMonitor;
import org.etascope.micrometer.EnergyMeters;
import org.etascope.micrometer.RunMeters;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.health.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/**
 * Binds the meters of every {@link RunMonitor} bean to the application's registries, and makes the runs part of its health.
 * The monitors stay the application's: it builds, ends and closes them.
 */
@AutoConfiguration
@EnableConfigurationProperties(EtascopeProperties.class)
public class EtascopeAutoConfiguration {
    /** Made by Spring Boot. */
    public EtascopeAutoConfiguration() {}

    /**
     * {@return what binds all runs to a registry, and the energy of this machine where {@code etascope-energy} is on the
     * class path}
     *
     * @param monitors the application's runs
     */
    @Bean
    @ConditionalOnMissingBean(RunMeters.class)
    MeterBinder etascopeMeters(ObjectProvider<RunMonitor> monitors) {
        EnergyMeter energy = EnergyMeter.ofThisMachine();
        return registry -> {
            new EnergyMeters(energy).bindTo(registry);
            monitors.orderedStream().forEach(monitor -> {
                energy.watch(monitor);
                new RunMeters(monitor).bindTo(registry);
            });
        };
    }

    /**
     * {@return the runs as a part of the application's health}
     *
     * @param monitors the application's runs
     * @param properties when a run counts as stalled
     */
    @Bean
    @ConditionalOnEnabledHealthIndicator("etascope")
    @ConditionalOnMissingBean
    EtascopeHealthIndicator etascopeHealthIndicator(
            ObjectProvider<RunMonitor> monitors, EtascopeProperties properties) {
        return new EtascopeHealthIndicator(monitors, properties.health().staleAfter(), Clock.systemUTC());
    }
}
