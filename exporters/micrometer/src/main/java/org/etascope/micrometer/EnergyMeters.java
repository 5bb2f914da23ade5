package org.etascope.micrometer;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import org.etascope.core.EnergyMeter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The meters of what this machine takes, for any registry: joules and the time over which they were measured of each
 * counter, and whether each source can be read. They are the machine's, so they carry no run.
 *
 * <pre>{@code
 * new EnergyMeters(EnergyMeter.ofThisMachine()).bindTo(registry);
 * }</pre>
 *
 * <p>A counter gets its series with its first reading. In a registry that has a source already nothing more of it is bound.
 * Any thread may call any method.
 */
public final class EnergyMeters implements MeterBinder {
    private static final Logger LOG = LoggerFactory.getLogger(EnergyMeters.class);

    private static final String JOULES = "etascope.energy.joules";
    private static final String COVERED = "etascope.energy.covered.seconds";
    private static final String UP = "etascope.energy.source.up";
    /** Reasons of a source that become series: what is worded anew each time must not be one each time. */
    private static final int MOST_REASONS = 5;

    private static final String OTHER_REASON = "another one than before, see the page";

    private final EnergyMeter energy;
    private final Map<MeterRegistry, Bound> registries = new HashMap<>();
    private final Runnable changed = this::complete;

    /** What one registry was given. */
    private static final class Bound {
        final Set<Tags> domains = new HashSet<>();
        final Map<String, Meter> sources = new HashMap<>();
        final Map<String, String> reasons = new HashMap<>();
        final Map<String, Set<String>> told = new HashMap<>();
    }

    /**
     * The meters of one meter of energy.
     *
     * @param energy what measures
     */
    public EnergyMeters(EnergyMeter energy) {
        this.energy = energy;
        energy.onChange(changed);
    }

    @Override
    public synchronized void bindTo(MeterRegistry registry) {
        registries.putIfAbsent(registry, new Bound());
        complete();
    }

    private synchronized void complete() {
        registries.forEach((registry, bound) -> {
            energy.sources().forEach(one -> source(registry, bound, one));
            energy.domains().forEach(one -> {
                Tags tags = Tags.of("source", one.source(), "domain", one.domain());
                if (bound.sources.containsKey(one.source()) && bound.domains.add(tags)) {
                    counter(registry, JOULES, tags, "Energy measured at this machine.", EnergyMeter.Domain::joules);
                    counter(
                            registry,
                            COVERED,
                            tags,
                            "Time over which it was measured.",
                            EnergyMeter.Domain::coveredSeconds);
                }
            });
        });
    }

    private void counter(
            MeterRegistry registry,
            String name,
            Tags tags,
            String description,
            ToDoubleFunction<EnergyMeter.Domain> value) {
        FunctionCounter.builder(name, this, self -> self.value(tags, value))
                .tags(tags)
                .description(description)
                .register(registry);
    }

    private double value(Tags tags, ToDoubleFunction<EnergyMeter.Domain> value) {
        return energy.domains().stream()
                .filter(one -> tags.equals(Tags.of("source", one.source(), "domain", one.domain())))
                .mapToDouble(value)
                .findFirst()
                .orElse(Double.NaN);
    }

    private void source(MeterRegistry registry, Bound bound, EnergyMeter.Source one) {
        Set<String> told = bound.told.computeIfAbsent(one.name(), unused -> new HashSet<>());
        boolean known = told.contains(one.reason()) || told.size() < MOST_REASONS;
        String reason = known || one.reason().isEmpty() ? one.reason() : OTHER_REASON;
        told.add(reason);
        if (reason.equals(bound.reasons.put(one.name(), reason))) {
            return;
        }
        Meter before = bound.sources.get(one.name());
        if (before != null) {
            registry.remove(before);
        } else if (registry.find(UP).tag("source", one.name()).meter() != null) {
            return; // Another binder's: its gauge holds it, and it alone keeps the counters.
        }
        bound.sources.put(
                one.name(),
                Gauge.builder(UP, this, self -> reason.isEmpty() ? 1 : 0)
                        .tags("source", one.name(), "reason", reason)
                        .description("Whether all of a source of energy can be read, and why not.")
                        .strongReference(true)
                        .register(registry));
        if (!reason.equals(EnergyMeter.NOT_READ_YET)) {
            LOG.info("energy of {}: {}", one.name(), reason.isEmpty() ? "measured" : "not measured: " + reason);
        }
    }
}
