package org.etascope.dl4j;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.etascope.core.RunMonitor;
import org.etascope.core.RunState;
import org.slf4j.Logger;

/**
 * Keeps a run's state with the model it belongs to. Every write goes to another file first, so that a process killed at
 * any moment leaves the model whole, with its old state or the new one.
 */
final class StateFiles {
    private static final String ENTRY = "etascope.state";
    private static final String SUFFIX = ".etascope";

    private StateFiles() {}

    static void save(RunState state, Path model, StateStore where) throws IOException {
        if (where == StateStore.SIDECAR) {
            saveBeside(state, model);
            removeOrphans(model);
        } else {
            Path copy = temporary(model);
            try {
                Files.copy(model, copy);
                addTo(copy, state);
                replace(model, copy);
            } finally {
                Files.deleteIfExists(copy);
            }
        }
    }

    /** Into the sidecar, whatever kind of file the model is. */
    static void saveBeside(RunState state, Path model) throws IOException {
        state.write(sidecar(model));
    }

    /**
     * {@return a file beside another one, so that it can be renamed to it; it does not exist} Always the same name: what a
     * killed process has left is taken away by the next one.
     */
    static Path temporary(Path model) throws IOException {
        Path copy = model.resolveSibling(model.getFileName() + ".tmp");
        Files.deleteIfExists(copy);
        return copy;
    }

    static void addTo(Path zip, RunState state) throws IOException {
        try (FileSystem entries = FileSystems.newFileSystem(zip)) {
            Files.write(entries.getPath(ENTRY), state.toBytes());
        }
    }

    /** Flushes a finished copy to the device, then puts it in the place of the file. */
    static void replace(Path file, Path copy) throws IOException {
        try (FileChannel channel = FileChannel.open(copy, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        Files.move(copy, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static Path sidecar(Path model) {
        return model.resolveSibling(model.getFileName() + SUFFIX);
    }

    /** CheckpointListener deletes old models; their states go with them. */
    private static void removeOrphans(Path model) throws IOException {
        try (DirectoryStream<Path> states =
                Files.newDirectoryStream(model.toAbsolutePath().resolveSibling(""), "*.zip" + SUFFIX)) {
            for (Path state : states) {
                String name = state.getFileName().toString();
                if (!Files.exists(state.resolveSibling(name.substring(0, name.length() - SUFFIX.length())))) {
                    Files.deleteIfExists(state);
                }
            }
        }
    }

    /**
     * {@return the state kept with a model, empty if there is none}
     *
     * @throws IOException if there is one that cannot be used
     */
    static Optional<RunState> load(Path model) throws IOException {
        try (ZipFile zip = new ZipFile(model.toFile())) {
            ZipEntry entry = zip.getEntry(ENTRY);
            if (entry != null) {
                try (var bytes = zip.getInputStream(entry)) {
                    return Optional.of(RunState.fromBytes(bytes.readNBytes(RunState.MOST_BYTES)));
                }
            }
        }
        return loadBeside(model);
    }

    /**
     * {@return the state in a model's sidecar, empty if there is none}
     *
     * @throws IOException if there is one that cannot be used
     */
    static Optional<RunState> loadBeside(Path model) throws IOException {
        Path sidecar = sidecar(model);
        return Files.exists(sidecar) ? Optional.of(RunState.read(sidecar)) : Optional.empty();
    }

    /** A way to find a model's state. */
    interface Loader {
        Optional<RunState> load(Path model) throws IOException;
    }

    /** Restores what is kept with a model; whatever is wrong with it, the log says so and training can go on. */
    static void restore(RunMonitor monitor, Path model, Loader loader, Logger log) {
        try {
            Optional<RunState> state = loader.load(model);
            if (state.isPresent()) {
                monitor.restore(state.get());
                if (state.get().verdictBeginsAnew()) {
                    log.info(
                            "The state kept with {} is of an older format: its ledger goes on exactly, its verdict"
                                    + " begins anew.",
                            model);
                }
            } else {
                log.warn("{} holds no state of a run: a new segment begins, its baseline is assumed.", model);
            }
        } catch (IOException e) {
            log.warn("No state is restored, a new segment begins: {}", e.getMessage());
        }
        Watch.of(monitor).restored();
    }
}
