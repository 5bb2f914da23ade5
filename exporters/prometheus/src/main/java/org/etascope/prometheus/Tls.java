package org.etascope.prometheus;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;

/**
 * A key store for HTTPS.
 *
 * @param keyStore a PKCS#12 or JKS file with one private key and its certificates
 * @param password opens it
 */
record Tls(Path keyStore, String password) {
    KeyStore load() {
        try {
            return KeyStore.getInstance(keyStore.toFile(), password.toCharArray());
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            String cause = e.getMessage() == null ? "it is no key store" : e.getMessage();
            throw new EndpointException("cannot read key store " + keyStore + ": " + cause, e);
        }
    }

    @Override
    public String toString() {
        return "Tls[" + keyStore + "]";
    }
}
