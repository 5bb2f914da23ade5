package org.etascope.dashboards;

/** The dashboards. */
final class Boards {
    private Boards() {}

    /** {@return where Grafana shows an alert's chapter of the runbook} */
    static String runbookPath(Alert alert) {
        int panel = 0;
        for (Alert other : Alerts.all()) {
            panel++;
            if (other.name().equals(alert.name())) {
                break;
            }
        }
        return "/d/etascope-runbook?viewPanel=" + panel + "#" + alert.anchor();
    }
}
