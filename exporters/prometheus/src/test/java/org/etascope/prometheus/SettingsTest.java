package org.etascope.prometheus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where settings come from, and what is said of wrong ones. */
class SettingsTest {
    private static Settings settings(
            Map<String, String> given, Map<String, String> properties, Map<String, String> environment) {
        return Settings.of(new Configuration(given, properties::get, environment::get));
    }

    private static Settings properties(Map<String, String> properties) {
        return settings(Map.of(), properties, Map.of());
    }

    @Test
    void nothingSet_defaults() {
        Settings settings = settings(Map.of(), Map.of(), Map.of());

        assertThat(settings.port()).isEqualTo(9464);
        assertThat(settings.reached().bind()).isEqualTo("127.0.0.1");
        assertThat(settings.reached().hosts()).isEmpty();
        assertThat(settings.reached().credentials()).isNull();
        assertThat(settings.reached().tls()).isNull();
        assertThat(settings.onlyWarnIfPortTaken()).isFalse();
        assertThat(settings.pushgateway()).isNull();
    }

    @Test
    void port_setInThreePlaces_programThenPropertyThenEnvironment() {
        Map<String, String> given = Map.of("port", "1001");
        Map<String, String> properties = Map.of("etascope.port", "1002");
        Map<String, String> environment = Map.of("ETASCOPE_PORT", "1003");

        assertThat(settings(given, properties, environment).port()).isEqualTo(1001);
        assertThat(settings(Map.of(), properties, environment).port()).isEqualTo(1002);
        assertThat(settings(Map.of(), Map.of(), environment).port()).isEqualTo(1003);
        assertThat(settings(Map.of(), Map.of("etascope.port", ""), environment).port())
                .isEqualTo(1003);
    }

    @Test
    void everything_fromTheEnvironment_isUnderstood() {
        Settings settings = settings(
                Map.of(),
                Map.of(),
                Map.of(
                        "ETASCOPE_BIND", "0.0.0.0",
                        "ETASCOPE_HOSTS", "TrainBox, other.example ,",
                        "ETASCOPE_PORT_TAKEN", "warn",
                        "ETASCOPE_USER", "prometheus",
                        "ETASCOPE_PASSWORD", "hunter2",
                        "ETASCOPE_TOKEN", "s3cret",
                        "ETASCOPE_TLS_KEYSTORE", "store.p12",
                        "ETASCOPE_TLS_KEYSTORE_PASSWORD", "changeit",
                        "ETASCOPE_PUSHGATEWAY", "http://127.0.0.1:9091"));

        assertThat(settings.reached().bind()).isEqualTo("0.0.0.0");
        assertThat(settings.reached().hosts()).containsExactlyInAnyOrder("trainbox", "other.example");
        assertThat(settings.onlyWarnIfPortTaken()).isTrue();
        assertThat(Objects.requireNonNull(settings.reached().credentials()).admit("Bearer s3cret"))
                .isTrue();
        assertThat(settings.reached().tls()).isEqualTo(new Tls(Path.of("store.p12"), "changeit"));
        assertThat(settings.pushgateway()).isNotNull();
    }

    @Test
    void wrongValues_oneLineWithNameValueAndWhatIsAllowed() {
        assertThatThrownBy(() -> properties(Map.of("etascope.port", "http")))
                .isInstanceOf(EndpointException.class)
                .hasMessage("etascope.port (or ETASCOPE_PORT) is \"http\", allowed: 0 to 65535");
        assertThatThrownBy(() -> properties(Map.of("etascope.port", "65536"))).hasMessageContaining("65536");
        assertThatThrownBy(() -> properties(Map.of("etascope.port", "-1"))).hasMessageContaining("-1");
        assertThatThrownBy(() -> properties(Map.of("etascope.port.taken", "maybe")))
                .hasMessage("etascope.port.taken (or ETASCOPE_PORT_TAKEN) is \"maybe\", allowed: fail or warn");
        assertThatThrownBy(() -> properties(Map.of("etascope.pushgateway", "gateway:9091")))
                .hasMessageContaining("etascope.pushgateway (or ETASCOPE_PUSHGATEWAY) is \"gateway:9091\"");
        assertThatThrownBy(() -> properties(Map.of("etascope.user", "prometheus")))
                .hasMessage("a user and a password belong together, but only the user is set");
        assertThatThrownBy(() -> settings(Map.of(), Map.of("etascope.user", "a:b"), Map.of("ETASCOPE_PASSWORD", "x")))
                .hasMessageContaining("\"a:b\", allowed: any text without a colon");
    }

    @Test
    void secret_onTheCommandLine_refusedWithoutRepeatingIt() {
        for (String key : new String[] {"token", "password", "tls.keystore.password"}) {
            assertThatThrownBy(() ->
                            properties(Map.of("etascope." + key, "hunter2", "etascope.tls.keystore", "store.p12")))
                    .isInstanceOf(EndpointException.class)
                    .hasMessageContaining("etascope." + key + ".file")
                    .hasMessageNotContaining("hunter2");
        }
    }

    @Test
    void secret_inAFile_readWithoutItsLineBreak(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("token"), "s3cret\n");

        Settings settings = properties(Map.of("etascope.token.file", file.toString()));

        assertThat(Objects.requireNonNull(settings.reached().credentials()).admit("Bearer s3cret"))
                .isTrue();
        assertThatThrownBy(() -> properties(Map.of("etascope.token.file", folder + "/absent")))
                .isInstanceOf(EndpointException.class)
                .hasMessageContaining("cannot read " + folder + "/absent");
    }

    @Test
    void document_everySetting_isThere() throws Exception {
        String document = Files.readString(Path.of("..", "..", "docs", "configuration.md"));

        for (String key : List.of(
                Settings.PORT,
                Settings.PORT_TAKEN,
                Settings.BIND,
                Settings.HOSTS,
                Settings.USER,
                Settings.PASSWORD + ".file",
                Settings.TOKEN + ".file",
                Settings.KEY_STORE,
                Settings.KEY_STORE_PASSWORD + ".file",
                Settings.PUSHGATEWAY)) {
            assertThat(document)
                    .contains("`etascope." + key + "`")
                    .contains("`ETASCOPE_" + key.replace('.', '_').toUpperCase(Locale.ROOT) + "`");
        }
    }
}
