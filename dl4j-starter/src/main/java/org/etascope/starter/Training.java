package org.etascope.starter;

import org.deeplearning4j.nn.api.Model;

/**
 * What trains a network.
 *
 * @param <N> the network
 * @param <E> what it may throw
 */
@FunctionalInterface
public interface Training<N extends Model, E extends Exception> {
    /**
     * Trains.
     *
     * @param net the network
     * @throws E if training breaks off
     */
    void train(N net) throws E;
}
