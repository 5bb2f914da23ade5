package org.etascope.dashboards;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DashboardsTest {
    @Test
    void dashboards_areTheThree() {
        assertThat(Shipped.dashboardUids())
                .containsExactlyInAnyOrder("etascope-run", "etascope-compare", "etascope-health");
    }

    @ParameterizedTest
    @EnumSource
    void check_shippedDashboards_findsNothing(DashboardCheck check) {
        for (Dashboard dashboard : Shipped.dashboards()) {
            assertThat(check.problems(dashboard)).as(dashboard.uid()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void check_brokenCopies_findsEach(DashboardCheck check) {
        List<Dashboard> broken = check.brokenCopies(run());
        assertThat(broken).isNotEmpty();
        for (int i = 0; i < broken.size(); i++) {
            assertThat(check.problems(broken.get(i)))
                    .as("broken copy %d", i + 1)
                    .isNotEmpty();
        }
    }

    @Test
    void meters_everyOne_hasAReader() {
        assertThat(unread(Shipped.dashboards())).isEmpty();
    }

    @Test
    void meters_panelTakenAway_isMissed() {
        Dashboard copy = run().copy();
        copy.panel("Perplexity").putArray("targets");
        List<Dashboard> others = Shipped.dashboards().stream()
                .filter(dashboard -> !dashboard.uid().equals("etascope-run"))
                .toList();
        assertThat(unread(Stream.concat(others.stream(), Stream.of(copy)).toList()))
                .containsExactly("etascope_perplexity");
    }

    private static Dashboard run() {
        return Shipped.dashboards().stream()
                .filter(dashboard -> dashboard.uid().equals("etascope-run"))
                .findFirst()
                .orElseThrow();
    }

    /** Meters and recorded series that neither a dashboard nor a rule nor an alert reads. */
    private static Set<String> unread(List<Dashboard> dashboards) {
        Set<String> unread = new TreeSet<>(Shipped.meters());
        Shipped.rules().rules().forEach(rule -> unread.add(rule.record()));
        dashboards.forEach(dashboard ->
                dashboard.queries().forEach(query -> unread.removeAll(Expressions.names(query.expression()))));
        Stream.of(Shipped.rules(), Shipped.alerts())
                .flatMap(file -> file.rules().stream())
                .forEach(rule -> unread.removeAll(Expressions.names(rule.expression())));
        return unread;
    }
}
