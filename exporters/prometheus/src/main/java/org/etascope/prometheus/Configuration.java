package org.etascope.prometheus;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where settings come from: what the program gave wins over {@code -Detascope.x.y}, and that over {@code ETASCOPE_X_Y}.
 * From outside the program secrets come from a file or the environment only, since a command line is there for all to
 * read.
 */
final class Configuration {
    private static final Logger LOG = LoggerFactory.getLogger(Configuration.class);

    private final Map<String, String> given;
    private final Function<String, @Nullable String> properties;
    private final Function<String, @Nullable String> environment;

    Configuration(
            Map<String, String> given,
            Function<String, @Nullable String> properties,
            Function<String, @Nullable String> environment) {
        this.given = Map.copyOf(given);
        this.properties = properties;
        this.environment = environment;
    }

    /** {@return what the program gave, over the settings of this process} */
    static Configuration of(Map<String, String> given) {
        return new Configuration(given, System::getProperty, System::getenv);
    }

    private static String property(String key) {
        return "etascope." + key;
    }

    private static String variable(String key) {
        return property(key).replace('.', '_').toUpperCase(Locale.ROOT);
    }

    /** {@return a setting, null if nobody has set it; empty counts as not set} */
    @Nullable
    String text(String key) {
        String own = given.get(key);
        if (own != null) {
            return own;
        }
        String property = properties.apply(property(key));
        String value = property == null || property.isEmpty() ? environment.apply(variable(key)) : property;
        return value == null || value.isEmpty() ? null : value;
    }

    /** {@return whether a setting is one of the arguments of this process, for all to read} */
    boolean onCommandLine(String key) {
        return !given.containsKey(key) && properties.apply(property(key)) != null;
    }

    /** {@return a refusal that names the setting, its value and what is allowed} */
    static EndpointException refusal(String key, String value, String allowed) {
        return new EndpointException(
                property(key) + " (or " + variable(key) + ") is \"" + value + "\", allowed: " + allowed);
    }

    /** {@return a secret, null if nobody has set it} */
    @Nullable
    String secret(String key) {
        String own = given.get(key);
        if (own != null) {
            return own;
        }
        if (onCommandLine(key)) {
            throw new EndpointException("-D" + property(key) + " would show the secret to everyone on this machine;"
                    + " put it into a file named by " + property(key) + ".file, or into " + variable(key));
        }
        String file = text(key + ".file");
        if (file == null) {
            String value = environment.apply(variable(key));
            return value == null || value.isEmpty() ? null : value;
        }
        warnIfOthersRead(Path.of(file));
        try {
            return Files.readString(Path.of(file), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new EndpointException("cannot read " + file + ", which " + property(key) + ".file names", e);
        }
    }

    private static void warnIfOthersRead(Path file) {
        try {
            if (Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_READ)) {
                LOG.warn("{} holds a secret, and every user of this machine may read it: chmod o-r {}", file, file);
            }
        } catch (IOException | UnsupportedOperationException e) {
            // Who cannot be read at all is told of below; other systems keep no such permissions.
        }
    }
}
