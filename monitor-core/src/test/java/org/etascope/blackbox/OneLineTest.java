package org.etascope.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import org.etascope.core.OneLine;
import org.junit.jupiter.api.Test;

class OneLineTest {
    @Test
    void of_whatDrivesATerminalOrEndsALine_isWrittenOut() {
        assertThat(OneLine.of("a\nWARN b\r\u001b[2Jc\u009b\u0000\t"))
                .isEqualTo("a\\u000aWARN b\\u000d\\u001b[2Jc\\u009b\\u0000\\u0009");
        assertThat(OneLine.of("\u202egnp.exe\u2066\u2028")).isEqualTo("\\u202egnp.exe\\u2066\\u2028");
    }

    @Test
    void of_otherText_isLeftAlone() {
        String text = "学習 обучение تدريب 👩‍🔬 \\ $1 <b> é";
        assertThat(OneLine.of(text)).isEqualTo(text);
    }
}
