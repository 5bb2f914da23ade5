package org.etascope.prometheus;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How an endpoint is reached. Two endpoints of one JVM may share a port only if these are equal.
 *
 * @param bind the address to listen on
 * @param hosts names that a Host header may carry beside localhost, an IP address and {@code bind}; lower case
 * @param credentials who may read, null for everyone
 * @param tls the key store, null for plain HTTP
 */
record EndpointSettings(
        String bind,
        Set<String> hosts,
        @Nullable Credentials credentials,
        @Nullable Tls tls) {
    private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|\\[[0-9a-fA-F:.%]+]|[0-9a-fA-F]*:[0-9a-fA-F:.%]*");

    /** {@return whether no other machine can reach it} */
    boolean onlyHere() {
        try {
            return InetAddress.getByName(bind).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return true; // Nobody reaches that.
        }
    }

    /**
     * {@return whether a request is meant for this server} One that names a foreign host is how a web page on another site
     * would reach a server on this machine (DNS rebinding). Rebinding needs a name, so an IP address is always right.
     *
     * @param host the host it names, without the port; null if it names none, as no browser does
     */
    boolean admits(@Nullable String host) {
        if (host == null || host.isEmpty()) {
            return true;
        }
        String name = host.toLowerCase(Locale.ROOT);
        return name.equals("localhost")
                || name.equalsIgnoreCase(bind)
                || hosts.contains(name)
                || ADDRESS.matcher(name).matches();
    }
}
