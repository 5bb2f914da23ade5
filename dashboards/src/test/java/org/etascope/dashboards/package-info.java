/**
 * The shipped dashboards, rules, alerts and configurations, checked and run for real.
 *
 * <p>{@link org.etascope.dashboards.DashboardCheck} and {@link org.etascope.dashboards.RuleCheck} say what must be true
 * of the files; each check brings copies that it must refuse. {@link org.etascope.dashboards.LiveTrainingTest} and
 * {@link org.etascope.dashboards.AlertsEndToEndTest} run Prometheus and Alertmanager themselves.
 */
@NullMarked
package org.etascope.dashboards;

import org.jspecify.annotations.NullMarked;
