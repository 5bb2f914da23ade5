package org.etascope.core;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.function.DoubleSupplier;

/**
 * Counters of the energy that this machine has taken: a processor's, a graphics card's, a meter at the wall.
 *
 * <p>{@link EnergyMeter} reads it once a second, on a thread that no one else needs; a driver that hangs, hangs that thread
 * alone. One that is named among the services of the class path ({@code META-INF/services}) is found by itself.
 */
public interface EnergySource {
    /** {@return what kind it is, the label {@code source} of its metrics: {@code powercap}, {@code nvml}, {@code custom}} */
    String name();

    /**
     * Reads all of its counters.
     *
     * @return what they show and what is wrong with the rest
     * @throws NoSuchFileException where this machine has nothing of the kind, which is no fault
     * @throws IOException where nothing can be read: one line that says why and what would help
     */
    Reading read() throws IOException;

    /**
     * A counter of the user's own, such as a meter at the wall or what a cluster tells. A meter sums its sources, so one at
     * the wall, which holds all others, is given alone.
     *
     * @param domain what is measured, any name of at most 200 characters
     * @param joules gives the joules counted so far; NaN while unknown. One that begins anew leaves a gap
     * @return a source named {@code custom}
     */
    static EnergySource custom(String domain, DoubleSupplier joules) {
        Arguments.name("domain", domain);
        return new EnergySource() {
            @Override
            public String name() {
                return "custom";
            }

            @Override
            public Reading read() {
                double now = joules.getAsDouble();
                return new Reading(
                        List.of(new Counter(domain, now, Double.NaN, true, domain)),
                        Double.isFinite(now) ? "" : domain + " shows no number");
            }
        };
    }

    /**
     * What the counters of a source show at one moment.
     *
     * @param counters those that can be read; one that is missing, or NaN, leaves a gap
     * @param trouble one line of what cannot be read and why, empty if all can
     */
    record Reading(List<Counter> counters, String trouble) {
        /**
         * Copies the list.
         *
         * @param counters those that can be read
         * @param trouble with the rest
         */
        public Reading {
            counters = List.copyOf(counters);
        }
    }

    /**
     * What one counter shows.
     *
     * @param domain what is measured, the label {@code domain}: {@code package-0}, {@code dram-0}, a card's UUID
     * @param joules counted so far, from any beginning
     * @param rangeJoules where it begins at 0 again, NaN if unknown or never
     * @param summed whether it counts for a run: not what is part of another counter, or has one as its part
     * @param part what it is of the machine, for people: {@code CPU package}, {@code memory}, {@code GPU board}
     */
    record Counter(String domain, double joules, double rangeJoules, boolean summed, String part) {}
}
