package org.etascope.prometheus;

import java.nio.file.Path;

/**
 * A key store for HTTPS.
 *
 * @param keyStore a PKCS#12 or JKS file with one private key and its certificates
 * @param password opens it
 */
record Tls(Path keyStore, String password) {
    @Override
    public String toString() {
        return "Tls[" + keyStore + "]";
    }
}
