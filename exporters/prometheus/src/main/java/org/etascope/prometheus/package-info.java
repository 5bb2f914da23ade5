/**
 * What people and machines read of a run: metrics, the live page, JSON, a journal and a report.
 *
 * <p>Open {@link org.etascope.prometheus.PrometheusEndpoint} first: it serves runs while they train. {@link
 * org.etascope.prometheus.Recording} is all that is known of a run, whether taken from a live monitor or read from its
 * journal, and everything that shows one starts from it:
 *
 * <ul>
 *   <li>{@link org.etascope.prometheus.RunJson}: JSON for programs and for the live page;
 *   <li>{@link org.etascope.prometheus.JournalWriter} and {@link org.etascope.prometheus.Journal}: the run as a file of
 *       lines, written while it goes on and read when its process is gone;
 *   <li>{@link org.etascope.prometheus.RunReport}, {@link org.etascope.prometheus.CurveCsv}, {@link
 *       org.etascope.prometheus.OpenMetricsFile}: a page to keep, a table, and the past for a Prometheus that did not
 *       scrape it.
 * </ul>
 */
@NullMarked
package org.etascope.prometheus;

import org.jspecify.annotations.NullMarked;
