package org.etascope.energy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.etascope.core.EnergySource;
import org.jspecify.annotations.Nullable;

/**
 * The energy counters of Linux's powercap: processors of Intel and AMD, one for each package and its memory.
 *
 * <p>Domains are {@code package-0}, {@code dram-0}, {@code psys}. The last one is the whole board's: it is shown apart and
 * never summed, since it holds the others. Cores are part of their package and not shown. A zone that another interface
 * shows once more (MMIO, TPMI) is dropped, and so is a die whose counter is that of its package's first one.
 *
 * <p>The counters are microjoules in {@code energy_uj}, which begin at 0 again after {@code max_energy_range_uj}; most
 * kernels let only root read them (docs/energy.md). One thread at a time.
 */
public final class PowercapSource implements EnergySource {
    /** The environment's name of another folder of zones than {@code /sys/class/powercap}. */
    public static final String ROOT = "ETASCOPE_POWERCAP_ROOT";

    private static final Path USUAL_ROOT = Path.of("/sys/class/powercap");
    /** A control type, a zone's number and, for a part of a zone, its own. */
    private static final Pattern ZONE = Pattern.compile("([^:]+):(\\d{1,9})(:\\d{1,9})?");

    private static final Pattern PACKAGE = Pattern.compile("(package-\\d+)(-die-\\d+)?");
    private static final String PSYS = "psys";
    private static final double MICRO = 1e-6;
    private static final int LONGEST_VALUE = 64;

    private final Path root;
    /** Dies that were seen to have a counter of their own. */
    private final Set<String> apart = new HashSet<>();
    /** The interface that shows a domain: another one, should this one vanish, counts from another beginning. */
    private final Map<String, String> types = new HashMap<>();

    /** The counters in the folder that {@code ETASCOPE_POWERCAP_ROOT} names, else in {@code /sys/class/powercap}. */
    public PowercapSource() {
        this(rootOf(System.getenv(ROOT)));
    }

    /**
     * The counters in a folder.
     *
     * @param root its direct entries are the zones
     */
    public PowercapSource(Path root) {
        this.root = root;
    }

    private static Path rootOf(@Nullable String told) {
        return told == null || told.isBlank() ? USUAL_ROOT : Path.of(told);
    }

    @Override
    public String name() {
        return "powercap";
    }

    @Override
    public Reading read() throws IOException {
        Found found = new Found();
        for (Zone zone : zones()) {
            read(zone, found);
        }
        if (found.counters.isEmpty() && found.troubles.isEmpty()) {
            throw new NoSuchFileException(root.toString(), null, "no zone of powercap");
        }
        if (found.counters.isEmpty() && found.refused == found.troubles.size()) {
            throw new IOException(root + ": only root may read energy_uj (docs/energy.md says how others may)");
        }
        return new Reading(found.counters, String.join("; ", found.troubles));
    }

    /** A folder that shows a counter. Parts follow their zone, the usual interface comes before others. */
    private record Zone(
            String type,
            int number,
            String part,
            Path folder,
            @Nullable String name) {
        static final Comparator<Zone> ORDER =
                Comparator.comparing(Zone::type).thenComparing(Zone::number).thenComparing(Zone::part);

        String parent() {
            return type + ":" + number;
        }
    }

    /** What one reading has come to. */
    private static final class Found {
        final List<Counter> counters = new ArrayList<>();
        final List<String> troubles = new ArrayList<>();
        int refused;
        boolean psys;
        /** Names of zones that count, for their parts. */
        final Map<String, String> packages = new HashMap<>();
        /** The first die of each package. */
        final Map<String, Zone> dies = new HashMap<>();
    }

    private List<Zone> zones() throws IOException {
        List<Zone> zones = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(root)) {
            for (Path entry : entries) {
                Matcher zone = ZONE.matcher(String.valueOf(entry.getFileName()));
                if (zone.matches()) {
                    String part = zone.group(3) == null ? "" : zone.group(3);
                    zones.add(new Zone(zone.group(1), Integer.parseInt(zone.group(2)), part, entry, nameOf(entry)));
                }
            }
        } catch (NotDirectoryException e) {
            throw new NoSuchFileException(root.toString(), null, "no folder");
        } catch (NoSuchFileException e) {
            throw new NoSuchFileException(root.toString(), null, "this machine has no powercap");
        }
        zones.sort(Zone.ORDER);
        return zones;
    }

    /** Empty for a zone that has just gone, null where it may not be read. */
    private static @Nullable String nameOf(Path zone) {
        try {
            return text(zone.resolve("name"));
        } catch (AccessDeniedException e) {
            return null;
        } catch (IOException e) {
            return "";
        }
    }

    private void read(Zone zone, Found found) {
        String name = zone.name;
        if (name == null) {
            found.refused++;
            found.troubles.add(zone.folder.getFileName() + ": only root may read its name");
            return;
        }
        Matcher die = PACKAGE.matcher(name);
        boolean isPackage = zone.part.isEmpty() && die.matches();
        String domain = isPackage ? name : domain(zone, name, found);
        if (domain.isEmpty() || !zone.type.equals(types.computeIfAbsent(domain, unused -> zone.type))) {
            return;
        }
        try {
            if (isPackage) {
                Zone first = found.dies.putIfAbsent(die.group(1), zone);
                if (first != null && mirrors(first, zone)) {
                    return;
                }
                found.packages.put(zone.parent(), name.substring("package".length()));
            }
            String part = domain.startsWith(PSYS) ? "board" : isPackage ? "CPU package" : "memory";
            found.counters.add(new Counter(domain, joules(zone), range(zone), !domain.startsWith(PSYS), part));
        } catch (AccessDeniedException e) {
            found.refused++;
            found.troubles.add(domain + ": only root may read it");
        } catch (IOException | NumberFormatException e) {
            found.troubles.add(domain + ": " + e.getMessage());
        }
    }

    /** Empty for a zone that is not shown. */
    private String domain(Zone zone, String name, Found found) {
        if (name.equals(PSYS)) {
            // Some boards have one for each package.
            boolean another = found.psys && zone.type.equals(types.get(PSYS));
            found.psys = true;
            return another ? PSYS + "-" + zone.number : PSYS;
        }
        String parent = found.packages.get(zone.parent());
        return name.equals("dram") && parent != null ? name + parent : "";
    }

    /** The same counter lies between two readings of it; another one does so by chance, but not for ever. */
    private boolean mirrors(Zone first, Zone die) throws IOException {
        String key = die.type + " " + die.name;
        double before = joules(first);
        double between = joules(die);
        double after = joules(first);
        if (before <= after && (between < before || between > after)) {
            apart.add(key);
        }
        return !apart.contains(key);
    }

    private static double joules(Zone zone) throws IOException {
        return Long.parseLong(text(zone.folder.resolve("energy_uj"))) * MICRO;
    }

    private static double range(Zone zone) {
        try {
            return Long.parseLong(text(zone.folder.resolve("max_energy_range_uj"))) * MICRO;
        } catch (IOException | NumberFormatException e) {
            return Double.NaN;
        }
    }

    private static String text(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return new String(in.readNBytes(LONGEST_VALUE), StandardCharsets.UTF_8).strip();
        }
    }
}
