package org.etascope.prometheus;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Who may read: a user with a password (HTTP basic), whoever holds a token (bearer), or both ways.
 *
 * <p>Only digests are kept, and every comparison looks at all of them in full, so that the time it takes tells nothing.
 *
 * @param basic digest of user and password, null for none
 * @param bearer digest of the token, null for none
 */
record Credentials(@Nullable String basic, @Nullable String bearer) {
    private static final String BASIC = "Basic realm=\"Etascope\", charset=\"UTF-8\"";
    private static final String BEARER = "Bearer realm=\"Etascope\"";

    /** {@return the credentials, or null if there is neither a user nor a token} */
    static @Nullable Credentials of(@Nullable String user, @Nullable String password, @Nullable String token) {
        if (user == null && token == null) {
            return null;
        }
        return new Credentials(
                user == null ? null : digest((user + ":" + password).getBytes(UTF_8)),
                token == null ? null : digest(token.getBytes(UTF_8)));
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
            case "basic" -> same(basic, decoded(value));
            case "bearer" -> admitToken(value);
            default -> false;
        };
    }

    /** {@return whether that is the token} */
    boolean admitToken(String token) {
        return same(bearer, token.getBytes(UTF_8));
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

    private static boolean same(@Nullable String kept, byte[] secret) {
        return kept != null
                && MessageDigest.isEqual(kept.getBytes(UTF_8), digest(secret).getBytes(UTF_8));
    }

    /** {@return SHA-256 in Base64} */
    static String digest(byte[] secret) {
        try {
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("SHA-256").digest(secret));
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

    @Override
    public String toString() {
        return "Credentials";
    }
}
