package org.etascope.examples.demo;

import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

/**
 * Real text that needs no download of its own: the Java source of Deeplearning4j, which Maven brings as a jar of
 * sources. Each file's licence header is left out, since 494 copies of one text would teach that text and little else.
 */
final class JavaSources {
    private static final String A_FILE_OF_IT = "org/deeplearning4j/nn/multilayer/MultiLayerNetwork.java";

    private JavaSources() {}

    /** {@return all files one after the other, by name} */
    static String read() {
        URL file = JavaSources.class.getClassLoader().getResource(A_FILE_OF_IT);
        if (file == null) {
            throw DemoException.failed(
                    "the default corpus (deeplearning4j-nn's jar of sources) is not on the class path; give a text with --corpus FILE");
        }
        try {
            JarURLConnection connection = (JarURLConnection) file.openConnection();
            connection.setUseCaches(false);
            try (JarFile jar = connection.getJarFile()) {
                return read(jar);
            }
        } catch (IOException e) {
            throw DemoException.failed("the default corpus cannot be read: " + e.getMessage());
        }
    }

    private static String read(JarFile jar) throws IOException {
        List<JarEntry> files = jar.stream()
                .filter(entry -> entry.getName().endsWith(".java"))
                .sorted(Comparator.comparing(JarEntry::getName))
                .toList();
        StringBuilder text = new StringBuilder();
        for (JarEntry file : files) {
            try (InputStream in = jar.getInputStream(file)) {
                text.append(withoutHeader(new String(in.readAllBytes(), StandardCharsets.UTF_8)));
            }
        }
        return text.toString();
    }

    /** {@return a source text without the comment that opens it} */
    static String withoutHeader(String source) {
        if (!source.startsWith("/*")) {
            return source;
        }
        int end = source.indexOf("*/");
        return end < 0 ? source : source.substring(end + 2).stripLeading();
    }
}
