package org.etascope.prometheus;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Set;
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
    /** {@return whether no other machine can reach it} */
    boolean onlyHere() {
        try {
            return InetAddress.getByName(bind).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return true; // Nobody reaches that.
        }
    }
}
