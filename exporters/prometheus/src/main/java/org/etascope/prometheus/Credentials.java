package org.etascope.prometheus;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Who may read: a user with a password (HTTP basic), whoever holds a token (bearer), or both ways.
 *
 * <p>Only digests are kept, and every comparison looks at all of them in full, so that the time it takes tells nothing.
 */
final class Credentials {
    private final byte @Nullable [] basic;
    private final byte @Nullable [] bearer;

    private Credentials(byte @Nullable [] basic, byte @Nullable [] bearer) {
        this.basic = basic;
        this.bearer = bearer;
    }

    /** {@return the credentials, or null if there is neither a user nor a token} */
    static @Nullable Credentials of(@Nullable String user, @Nullable String password, @Nullable String token) {
        if (user == null && token == null) {
            return null;
        }
        byte[] basic = user == null ? null : digest((user + ":" + password).getBytes(StandardCharsets.UTF_8));
        byte[] bearer = token == null ? null : digest(token.getBytes(StandardCharsets.UTF_8));
        return new Credentials(basic, bearer);
    }

    /**
     * {@return whether a request may be answered}
     *
     * @param authorization its Authorization header
     */
    boolean admit(@Nullable String authorization) {
        if (authorization == null) {
            return false;
        }
        int space = authorization.indexOf(' ');
        String scheme = authorization.substring(0, Math.max(0, space)).toLowerCase(Locale.ROOT);
        String value = authorization.substring(space + 1).strip();
        return switch (scheme) {
            case "basic" -> basic != null && MessageDigest.isEqual(basic, digest(decoded(value)));
            case "bearer" -> admitToken(value);
            default -> false;
        };
    }

    /** {@return whether that is the token} */
    boolean admitToken(String token) {
        return bearer != null && MessageDigest.isEqual(bearer, digest(token.getBytes(StandardCharsets.UTF_8)));
    }

    /** {@return whether there is a token} */
    boolean hasToken() {
        return bearer != null;
    }

    private static byte[] decoded(String base64) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            return new byte[0];
        }
    }

    static byte[] digest(byte[] secret) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(secret);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** {@return the values of the WWW-Authenticate headers that ask for these} */
    List<String> challenges() {
        if (basic != null && bearer != null) {
            return List.of(BASIC, BEARER);
        }
        return List.of(basic != null ? BASIC : BEARER);
    }

    private static final String BASIC = "Basic realm=\"Etascope\", charset=\"UTF-8\"";
    private static final String BEARER = "Bearer realm=\"Etascope\"";

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Credentials that
                && Arrays.equals(basic, that.basic)
                && Arrays.equals(bearer, that.bearer);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(basic) + Arrays.hashCode(bearer);
    }

    @Override
    public String toString() {
        return "Credentials";
    }
}
