/**
 * Run snapshots as meters of any Micrometer registry.
 *
 * <p>Open {@link org.etascope.micrometer.RunMeters} first: it binds the meters of one run to a registry and takes them
 * away again. {@link org.etascope.micrometer.EtascopeMeter} lists every meter there is, with name, type, unit, tags
 * and meaning.
 */
@NullMarked
package org.etascope.micrometer;

import org.jspecify.annotations.NullMarked;
