/**
 * One call for a Deeplearning4j program: {@link org.etascope.starter.Etascope#attach} puts a listener on the network and
 * serves what it sees. Who wants to set more joins {@link org.etascope.core.RunMonitor}, {@link
 * org.etascope.dl4j.EtaListener} and {@link org.etascope.prometheus.PrometheusEndpoint} by hand: that is all it does.
 */
@NullMarked
package org.etascope.starter;

import org.jspecify.annotations.NullMarked;
