package org.etascope.energy;

import com.sun.jna.Native;
import com.sun.jna.Platform;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.LongByReference;
import com.sun.jna.ptr.PointerByReference;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import org.etascope.core.EnergySource;
import org.jspecify.annotations.Nullable;

/**
 * The energy counters of NVIDIA's cards, from Volta on, by the driver's management library NVML. A domain is a card's UUID;
 * it counts from when the driver was loaded, and never wraps.
 *
 * <p>All cards of the machine are read, whether this process uses them or not. A card that is shared out among instances
 * (MIG) counts for all of them, which is told. The library is {@code libnvidia-ml.so.1} ({@code nvml.dll} on Windows) or
 * what the environment's {@code ETASCOPE_NVML_LIBRARY} names. One thread at a time.
 */
public final class NvmlSource implements EnergySource {
    /** The environment's name of another library. */
    public static final String LIBRARY = "ETASCOPE_NVML_LIBRARY";

    private static final int UUID_LENGTH = 96;
    private static final double MILLI = 1e-3;

    private final @Nullable String told;
    private @Nullable Nvml nvml;

    /** The library that {@code ETASCOPE_NVML_LIBRARY} names, else the driver's. */
    public NvmlSource() {
        this(System.getenv(LIBRARY));
    }

    NvmlSource(@Nullable String library) {
        this.told = library == null || library.isBlank() ? null : library;
    }

    @Override
    public String name() {
        return "nvml";
    }

    @Override
    public Reading read() throws IOException {
        Nvml library = nvml == null ? initialised() : nvml;
        // Begun anew after a fault: the driver may have been loaded anew.
        nvml = null;
        IntByReference count = new IntByReference();
        check(library, library.nvmlDeviceGetCount_v2(count), "cards cannot be counted");
        nvml = library;
        List<Counter> counters = new ArrayList<>();
        List<String> troubles = new ArrayList<>();
        for (int card = 0; card < count.getValue(); card++) {
            String trouble = read(library, card, counters);
            if (!trouble.isEmpty()) {
                troubles.add(trouble);
            }
        }
        if (counters.isEmpty() && troubles.isEmpty()) {
            throw new NoSuchFileException(name(), null, "no NVIDIA card");
        }
        return new Reading(counters, String.join("; ", troubles));
    }

    private Nvml initialised() throws IOException {
        Nvml library = load();
        check(library, library.nvmlInit_v2(), "NVML does not start");
        return library;
    }

    private Nvml load() throws IOException {
        String library = told != null ? told : Platform.isWindows() ? "nvml" : "libnvidia-ml.so.1";
        try {
            return Native.load(library, Nvml.class);
        } catch (UnsatisfiedLinkError e) {
            if (told == null) {
                throw new NoSuchFileException(library, null, "no NVIDIA driver");
            }
            throw new IOException(LIBRARY + "=" + told + " cannot be loaded", e);
        } catch (LinkageError e) {
            throw new IOException("the class path has another JNA than version 5", e);
        }
    }

    /** {@return what is wrong with a card, empty if nothing is} */
    private static String read(Nvml library, int card, List<Counter> counters) {
        PointerByReference found = new PointerByReference();
        byte[] name = new byte[UUID_LENGTH];
        int error = library.nvmlDeviceGetHandleByIndex_v2(card, found);
        Pointer device = found.getValue();
        error = error == Nvml.SUCCESS ? library.nvmlDeviceGetUUID(device, name, UUID_LENGTH) : error;
        if (error != Nvml.SUCCESS) {
            return "card " + card + ": " + library.nvmlErrorString(error);
        }
        String uuid = Native.toString(name);
        LongByReference millijoules = new LongByReference();
        error = library.nvmlDeviceGetTotalEnergyConsumption(device, millijoules);
        String shared = sharedOut(library, device) ? "MIG is on, " : "";
        if (error != Nvml.SUCCESS) {
            return uuid + ": " + shared + library.nvmlErrorString(error);
        }
        counters.add(new Counter(uuid, millijoules.getValue() * MILLI, Double.NaN, true, "GPU board"));
        return shared.isEmpty() ? "" : uuid + ": " + shared + "the joules are those of the whole card";
    }

    private static boolean sharedOut(Nvml library, Pointer device) {
        IntByReference now = new IntByReference();
        try {
            return library.nvmlDeviceGetMigMode(device, now, new IntByReference()) == Nvml.SUCCESS
                    && now.getValue() == 1;
        } catch (UnsatisfiedLinkError e) {
            return false; // A driver from before there was MIG.
        }
    }

    private static void check(Nvml library, int error, String what) throws IOException {
        if (error != Nvml.SUCCESS) {
            throw new IOException(what + ": " + library.nvmlErrorString(error));
        }
    }
}
