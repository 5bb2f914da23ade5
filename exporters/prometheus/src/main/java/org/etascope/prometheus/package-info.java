/**
 * Runs over HTTP while they train: metrics for Prometheus, the live page and its JSON.
 *
 * <p>Open {@link org.etascope.prometheus.PrometheusEndpoint} first: it serves runs. What the page and the JSON show of a
 * run is made in {@link org.etascope.recording}. Beside it {@link org.etascope.prometheus.Pushgateway} leaves a run's
 * outcome where it can be scraped later, and {@link org.etascope.prometheus.OpenMetricsFile} gives a Prometheus the past
 * that it did not scrape.
 */
@NullMarked
package org.etascope.prometheus;

import org.jspecify.annotations.NullMarked;
