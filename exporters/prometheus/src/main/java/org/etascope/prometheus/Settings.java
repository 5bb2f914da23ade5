package org.etascope.prometheus;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * All settings of an endpoint, read and checked. The keys here are the ones of docs/configuration.md.
 *
 * @param port where to listen, 0 for any free port
 * @param reached how the endpoint is reached there
 * @param onlyWarnIfPortTaken whether training goes on without an endpoint where the port is taken
 * @param pushgateway gets the outcomes, null for none
 * @param recordings a folder whose recorded runs the page shows too, null for none
 */
record Settings(
        int port,
        EndpointSettings reached,
        boolean onlyWarnIfPortTaken,
        @Nullable Pushgateway pushgateway,
        @Nullable Path recordings) {
    static final String PORT = "port";
    static final String PORT_TAKEN = "port.taken";
    static final String BIND = "bind";
    static final String HOSTS = "hosts";
    static final String USER = "user";
    static final String PASSWORD = "password";
    static final String TOKEN = "token";
    static final String KEY_STORE = "tls.keystore";
    static final String KEY_STORE_PASSWORD = "tls.keystore.password";
    static final String PUSHGATEWAY = "pushgateway";
    static final String RECORDINGS = "recordings";

    private static final int DEFAULT_PORT = 9464;
    private static final String DEFAULT_BIND = "127.0.0.1";

    static Settings of(Configuration given) {
        String bind = given.text(BIND);
        return new Settings(
                port(given),
                new EndpointSettings(bind == null ? DEFAULT_BIND : bind, hosts(given), credentials(given), tls(given)),
                onlyWarn(given),
                pushgateway(given),
                recordings(given));
    }

    private static int port(Configuration given) {
        String text = given.text(PORT);
        if (text == null) {
            return DEFAULT_PORT;
        }
        try {
            int port = Integer.parseInt(text.strip());
            if (port >= 0 && port <= 65_535) {
                return port;
            }
        } catch (NumberFormatException e) {
            // Refused as a number out of range is.
        }
        throw Configuration.refusal(PORT, text, "0 to 65535");
    }

    private static Set<String> hosts(Configuration given) {
        String text = given.text(HOSTS);
        return text == null
                ? Set.of()
                : Arrays.stream(text.split(",", -1))
                        .map(name -> name.strip().toLowerCase(Locale.ROOT))
                        .filter(name -> !name.isEmpty())
                        .collect(Collectors.toUnmodifiableSet());
    }

    private static @Nullable Credentials credentials(Configuration given) {
        String user = given.text(USER);
        String password = given.secret(PASSWORD);
        if ((user == null) != (password == null)) {
            throw new EndpointException("a user and a password belong together, but only the "
                    + (user == null ? "password" : "user") + " is set");
        }
        if (user != null && user.contains(":")) {
            throw Configuration.refusal(USER, user, "any text without a colon");
        }
        return Credentials.of(user, password, given.secret(TOKEN));
    }

    private static @Nullable Tls tls(Configuration given) {
        String keyStore = given.text(KEY_STORE);
        if (keyStore == null) {
            return null;
        }
        String password = given.secret(KEY_STORE_PASSWORD);
        return new Tls(Path.of(keyStore), password == null ? "" : password);
    }

    private static boolean onlyWarn(Configuration given) {
        String text = given.text(PORT_TAKEN);
        if (text == null || text.equals("fail")) {
            return false;
        }
        if (text.equals("warn")) {
            return true;
        }
        throw Configuration.refusal(PORT_TAKEN, text, "fail or warn");
    }

    private static @Nullable Pushgateway pushgateway(Configuration given) {
        String text = given.text(PUSHGATEWAY);
        if (text == null) {
            return null;
        }
        if (given.onCommandLine(PUSHGATEWAY) && !Pushgateway.shown(text).equals(text)) {
            throw new EndpointException("-Detascope.pushgateway would show the password in it to everyone on this"
                    + " machine; put it into ETASCOPE_PUSHGATEWAY");
        }
        try {
            return new Pushgateway(URI.create(text));
        } catch (IllegalArgumentException e) {
            throw Configuration.refusal(PUSHGATEWAY, Pushgateway.shown(text), Pushgateway.ALLOWED);
        }
    }

    private static @Nullable Path recordings(Configuration given) {
        String text = given.text(RECORDINGS);
        if (text == null) {
            return null;
        }
        if (Files.isDirectory(Path.of(text))) {
            return Path.of(text);
        }
        throw Configuration.refusal(RECORDINGS, text, "a folder that exists");
    }
}
