package org.etascope.dashboards;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.etascope.core.SaturationCause;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RulesTest {
    @ParameterizedTest
    @EnumSource
    void check_shippedRules_findsNothing(RuleCheck check) {
        assertThat(check.problems(Shipped.rules())).isEmpty();
        assertThat(check.problems(Shipped.alerts())).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void check_brokenCopies_findsEach(RuleCheck check) {
        List<RuleFile> broken = check.brokenCopies();
        assertThat(broken).isNotEmpty();
        for (int i = 0; i < broken.size(); i++) {
            assertThat(check.problems(broken.get(i)))
                    .as("broken copy %d", i + 1)
                    .isNotEmpty();
        }
    }

    @Test
    void alerts_areTheTen() {
        assertThat(Shipped.alerts().rules())
                .extracting(RuleFile.Rule::alert)
                .containsExactlyInAnyOrder(
                        "EtascopeEtaPlateau",
                        "EtascopeLossNotFinite",
                        "EtascopeLossRising",
                        "EtascopeLossSpike",
                        "EtascopeOverfitting",
                        "EtascopeTrainingStalled",
                        "EtascopeRunLost",
                        "EtascopeNotLearning",
                        "EtascopeBaselineSuspect",
                        "EtascopeMonitorUnhealthy");
    }

    @Test
    void plateauText_causes_areTheWordsOfTheCore() {
        String text = Shipped.alerts().rule("EtascopeEtaPlateau").annotations().getOrDefault("description", "");
        Matcher branch =
                Pattern.compile("if eq \\$cause \"(\\w+)\" }}(.*?) *\\{\\{-").matcher(text);
        assertThat(branch.results().collect(Collectors.toMap(found -> found.group(1), found -> found.group(2))))
                .isEqualTo(Arrays.stream(SaturationCause.values())
                        .filter(cause -> cause != SaturationCause.UNKNOWN)
                        .collect(Collectors.toMap(SaturationCause::label, SaturationCause::sentence)));
        assertThat(text).contains("{{- else }}" + SaturationCause.UNKNOWN.sentence() + "{{ end }}");
    }
}
