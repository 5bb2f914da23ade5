package org.etascope.cli.log;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which of a log's names plays which {@link Role}. A name that the user gave is the only one for its role. Otherwise the
 * likeliest name of the first record that holds a loss keeps the role to the end, so that two series never mix.
 */
final class FieldNames {
    /** A file with more names than this is no log of ours; further ones are looked up anew each time. */
    private static final int MOST_NAMES = 10_000;

    private record Part(@Nullable Role role, int rank) {}

    private static final Part NONE = new Part(null, 0);

    private final Map<Role, String> given;
    private final Map<String, Part> parts = new HashMap<>();
    private final Map<Role, String> kept;
    private final Map<Role, String> inRecord = new EnumMap<>(Role.class);

    FieldNames(Map<Role, String> given) {
        this.given = given;
        this.kept = new EnumMap<>(Role.class);
        kept.putAll(given);
    }

    /** {@return the role that a name plays in this record, null if none or if a likelier name was there before} */
    @Nullable
    Role role(String name) {
        Part part = part(name);
        if (part.role == null) {
            return null;
        }
        String keeper = kept.get(part.role);
        if (keeper != null) {
            return keeper.equals(name) ? part.role : null;
        }
        String rival = inRecord.get(part.role);
        if (rival != null && parts.getOrDefault(rival, NONE).rank < part.rank) {
            return null;
        }
        inRecord.put(part.role, name);
        return part.role;
    }

    /** {@return whether a name plays the same role, or none, in all records to come} */
    boolean isSettled(String name) {
        Part part = part(name);
        return part.role == null || kept.containsKey(part.role);
    }

    private Part part(String name) {
        Part part = parts.get(name);
        if (part == null) {
            part = find(name);
            if (parts.size() < MOST_NAMES) {
                parts.put(name, part);
            }
        }
        return part;
    }

    /**
     * Ends a record.
     *
     * @param keep whether its names are to keep their roles
     */
    void endRecord(boolean keep) {
        if (!inRecord.isEmpty()) {
            if (keep) {
                kept.putAll(inRecord);
            }
            inRecord.clear();
        }
    }

    /** {@return the name that plays a role in this record so far, null if none} */
    @Nullable
    String inRecord(Role role) {
        return inRecord.get(role);
    }

    private Part find(String name) {
        for (Map.Entry<Role, String> entry : given.entrySet()) {
            if (entry.getValue().equals(name)) {
                return new Part(entry.getKey(), -1);
            }
        }
        String plain = Role.plain(name);
        for (Role role : Role.values()) {
            int rank = role.rank(plain);
            if (rank >= 0 && !given.containsKey(role)) {
                return new Part(role, rank);
            }
        }
        return NONE;
    }
}
