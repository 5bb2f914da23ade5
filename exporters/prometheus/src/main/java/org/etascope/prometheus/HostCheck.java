package org.etascope.prometheus;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Refuses requests that name a foreign host, which is how a web page on another site would reach a server on this
 * machine (DNS rebinding). Rebinding needs a name, so an IP address is always right.
 */
final class HostCheck {
    private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|\\[[0-9a-fA-F:.%]+]|[0-9a-fA-F]*:[0-9a-fA-F:.%]*");

    private final String bind;
    private final Set<String> hosts;

    HostCheck(EndpointSettings settings) {
        this.bind = settings.bind().toLowerCase(Locale.ROOT);
        this.hosts = settings.hosts();
    }

    /**
     * {@return whether a request is meant for this server}
     *
     * @param host the host it names, without the port; null if it names none, as no browser does
     */
    boolean admit(@Nullable String host) {
        if (host == null || host.isEmpty()) {
            return true;
        }
        String name = host.toLowerCase(Locale.ROOT);
        return name.equals("localhost")
                || name.equals(bind)
                || hosts.contains(name)
                || ADDRESS.matcher(name).matches();
    }
}
