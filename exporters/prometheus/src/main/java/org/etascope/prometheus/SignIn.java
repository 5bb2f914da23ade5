package org.etascope.prometheus;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Fields;
import org.jspecify.annotations.Nullable;

/**
 * Lets people with a browser use the token: a form that takes it, and a cookie that then stands for it. The token is in no
 * address and not in the cookie, which is good for this server alone until it ends, is sent by no page of another site,
 * and can be read by no script. Any thread.
 */
final class SignIn {
    static final String PATH = "/sign-in";

    private static final int SESSION_BYTES = 32;

    private static final String FORM = read("sign-in.html");

    /** Nothing but the form and its own style. */
    private static final String POLICY = "default-src 'none'; img-src data:; style-src 'sha256-"
            + Credentials.digest(style().getBytes(UTF_8))
            + "'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    private final Credentials credentials;
    private final String session;

    private static String read(String resource) {
        try (InputStream in = SignIn.class.getResourceAsStream(resource)) {
            return new String(Objects.requireNonNull(in, resource).readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the browser hashes: all between the tags. */
    private static String style() {
        return FORM.substring(FORM.indexOf("<style>") + "<style>".length(), FORM.indexOf("</style>"));
    }

    private SignIn(Credentials credentials) {
        this.credentials = credentials;
        byte[] random = new byte[SESSION_BYTES];
        new SecureRandom().nextBytes(random);
        this.session = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    }

    /** {@return what lets browsers in, null where there is no token} */
    static @Nullable SignIn of(@Nullable Credentials credentials) {
        return credentials == null || !credentials.hasToken() ? null : new SignIn(credentials);
    }

    /** {@return whether the request comes from a browser that has signed in} */
    boolean admit(Request request) {
        String name = cookieName(request);
        return Request.getCookies(request).stream()
                .anyMatch(cookie -> cookie.getName().equals(name)
                        && MessageDigest.isEqual(cookie.getValue().getBytes(UTF_8), session.getBytes(UTF_8)));
    }

    /** Browsers keep one jar for all ports of a host. */
    private static String cookieName(Request request) {
        return "etascope-" + Request.getLocalPort(request);
    }

    /** {@return the form} */
    static Answer form(int status, String remark) {
        return Answer.of("text/html; charset=utf-8", FORM.replace("{{remark}}", remark))
                .as(status)
                .with("Content-Security-Policy", List.of(POLICY));
    }

    /**
     * {@return the way to the page for who has the token, else the form again}
     *
     * @param entered what was entered into the form
     */
    Answer enter(Request request, Fields entered) {
        String token = entered.getValue("token");
        if (token == null || !credentials.admitToken(token)) {
            return form(401, "That is not the token of this endpoint.");
        }
        return Answer.of(Answer.TEXT, "signed in\n")
                .as(303)
                .with("Location", List.of("./"))
                .with(
                        "Set-Cookie",
                        List.of(cookieName(request) + "=" + session + "; Path=/; HttpOnly; SameSite=Strict"
                                + (request.isSecure() ? "; Secure" : "")));
    }
}
