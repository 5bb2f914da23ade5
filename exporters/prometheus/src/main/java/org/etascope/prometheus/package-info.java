/**
 * What people and machines read of a run: metrics, the live page, JSON, a journal and a report.
 *
 * <p>Open {@link org.etascope.prometheus.Recording} first: it is all that is known of a run, whether taken from a live
 * monitor or read from a journal. {@link org.etascope.prometheus.RunJson} writes it for programs and the live page.
 */
@NullMarked
package org.etascope.prometheus;

import org.jspecify.annotations.NullMarked;
