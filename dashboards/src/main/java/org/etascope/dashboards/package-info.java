/**
 * One model of what watches a run from outside, and the files that are made of it.
 *
 * <p>Open {@link org.etascope.dashboards.Alerts} and {@link org.etascope.dashboards.Boards} for what is shown and told;
 * {@link org.etascope.dashboards.Times} holds the one constant that all windows follow; {@link
 * org.etascope.dashboards.WriteFiles} lists and writes the files.
 */
@NullMarked
package org.etascope.dashboards;

import org.jspecify.annotations.NullMarked;
