package org.etascope.logs;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which of a log's names plays which {@link Role}. A name that the user gave is the only one for its role. For the others
 * the log's beginning is surveyed first and the likeliest name that could be meant keeps the role to the end, so that two
 * series never mix; a role that only comes later goes to the first name that can play it.
 */
final class Roles {
    /** A file with more names than this is no log of ours; further ones are looked up anew each time. */
    private static final int MOST_NAMES = 10_000;
    /** A name this much rarer than the most frequent one of its role is a summary or a stray. */
    private static final int RARE = 5;

    private static final int FEWEST_TO_TELL = 10;

    private static final Set<String> OTHER_THINGS = Set.of(
            "warmup", "max", "total", "skipped", "per", "accumulation", "save", "logging", "every", "num", "s", "of");

    /**
     * What a name may be.
     *
     * @param role its role, null if none
     * @param key the part of the name that says so
     * @param rank how unlikely, for this role
     */
    private record Part(@Nullable Role role, String key, int rank) {}

    private static final String STEP_NAME = "step";
    private static final Map<String, String> WITHOUT_NAME = Map.of(
            FieldScanner.FIRST,
            "the number that a line begins with",
            FieldScanner.FRACTION,
            "the bar's count, as 12 of 12/500");
    private static final Part NONE = new Part(null, "", 0);

    private final Map<Role, String> given;
    private final @Nullable Map<String, ? extends @Nullable Role> only;
    private final boolean phrases;
    private final Map<String, Part> parts = new HashMap<>();
    private final Map<Role, String> kept = new EnumMap<>(Role.class);
    private final Map<Role, String> inRecord = new EnumMap<>(Role.class);

    private Roles(Map<Role, String> given, @Nullable Map<String, ? extends @Nullable Role> only, boolean phrases) {
        this.given = given;
        this.only = only;
        this.phrases = phrases;
        kept.putAll(given);
    }

    /** {@return the roles of columns, keys or tags} */
    static Roles ofNames(Map<Role, String> given) {
        return new Roles(given, null, false);
    }

    /** {@return the roles of what stands before a number in a line: its last words count} */
    static Roles ofPhrases(Map<Role, String> given) {
        return new Roles(given, null, true);
    }

    /** {@return roles that are fixed: these names and no others} */
    static Roles fixed(Map<String, ? extends @Nullable Role> names, boolean phrases) {
        return new Roles(Map.of(), names, phrases);
    }

    /** {@return the role that a name could play, null if none} */
    @Nullable
    Role likely(String name) {
        return part(name).role;
    }

    /** {@return the role that a name plays, null if none or if another name plays it} */
    @Nullable
    Role role(String name) {
        Part part = part(name);
        Role role = part.role;
        if (role == null || only != null) {
            return role;
        }
        String keeper = kept.get(role);
        if (keeper == null) {
            keeper = inRecord.putIfAbsent(role, part.key);
        }
        return keeper == null || keeper.equals(part.key) ? role : null;
    }

    /** Ends a record; where it is to {@code keep} them, its names have their roles from here on. */
    void endRecord(boolean keep) {
        if (!inRecord.isEmpty()) {
            if (keep) {
                kept.putAll(inRecord);
            }
            inRecord.clear();
        }
    }

    /** {@return whether losses stand beside steps in this log, as far as is known} */
    boolean hasSteps() {
        return only != null || kept.containsKey(Role.STEP);
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

    private Part find(String name) {
        String[] words = phrases ? name.split("[ :]") : new String[] {name};
        for (int i = 0; i < words.length; i++) {
            String rest = i == 0 ? name : String.join(" ", List.of(words).subList(i, words.length));
            Part part = whole(rest);
            if (part != null) {
                return i == 0 || part.role == null ? part : behind(Role.plain(words[i - 1]), part);
            }
        }
        return NONE;
    }

    /** What stands before the words that say it may say that it is something else. */
    private static Part behind(String word, Part part) {
        if (part.role == Role.LOSS && Role.ofLossLikeName(word + "_loss") != Role.LOSS) {
            Role other = Role.ofLossLikeName(word + "_loss");
            return other == null ? NONE : new Part(other, word + "_" + part.key, other.lastRank());
        }
        return OTHER_THINGS.contains(word) ? NONE : part;
    }

    private @Nullable Part whole(String name) {
        for (Map.Entry<Role, String> entry : given.entrySet()) {
            if (entry.getValue().equals(name)) {
                return new Part(entry.getKey(), name, -1);
            }
        }
        String plain = Role.plain(name);
        if (only != null) {
            return only.containsKey(plain) ? new Part(only.get(plain), plain, 0) : null;
        }
        Role usual = Role.usual(plain);
        if (usual != null) {
            return given.containsKey(usual) ? NONE : new Part(usual, plain, usual.rank(plain));
        }
        Role loss = phrases && plain.indexOf('_') < 0 ? null : Role.ofLossLikeName(plain);
        return loss == null || given.containsKey(loss) ? null : new Part(loss, plain, loss.lastRank());
    }

    // ---- the survey of a log's beginning ----

    /** How one name behaves. */
    private static final class Name {
        private final Part part;
        private long values;
        private long finite;
        /** Records in which it stood, and both a step and a loss did. */
        private long together;

        private boolean whole = true;
        private long falls;
        private double last = Double.NEGATIVE_INFINITY;
        private double least = Double.POSITIVE_INFINITY;
        private double most = Double.NEGATIVE_INFINITY;

        private Name(Part part) {
            this.part = part;
        }

        private void take(double value) {
            values++;
            if (Double.isFinite(value)) {
                finite++;
                whole &= value == Math.rint(value) && value >= 0;
                falls += value < last ? 1 : 0;
                last = value;
                least = Math.min(least, value);
                most = Math.max(most, value);
            }
        }

        private boolean canBe(Role role) {
            return role != Role.STEP || (whole && finite > 0 && !isLabel());
        }

        /** A few numbers that lines begin with again and again tell who printed them. */
        private boolean isLabel() {
            return part.key.equals(FieldScanner.FIRST)
                    && finite >= FEWEST_TO_TELL
                    && (most - least + 1) * RARE <= finite;
        }

        /** A count that begins anew in each epoch is no step beside one that does not. */
        private boolean goesBack() {
            return part.role == Role.STEP && falls > 0;
        }

        private boolean varies() {
            return most > least;
        }
    }

    /** Looks at records without taking anything from them. */
    final class Survey implements Records {
        private final Map<String, Name> names = new LinkedHashMap<>();
        private final List<Name> inRecord = new ArrayList<>();
        private long stepsBesideLosses;
        private long losses;

        @Override
        public void begin(long number) {
            inRecord.clear();
        }

        @Override
        public boolean wants(String name) {
            return likely(name) != null;
        }

        @Override
        public @Nullable Role roleOf(String name) {
            return likely(name);
        }

        @Override
        public void step(long step) {
            value(STEP_NAME, step);
        }

        @Override
        public void value(String name, double value) {
            Part part = part(name);
            Role role = part.role;
            if (role != null) {
                Name taken = names.computeIfAbsent(role + " " + part.key, key -> new Name(part));
                taken.take(value);
                inRecord.add(taken);
            }
        }

        @Override
        public void value(String name, String text) {
            if (!text.isEmpty() && part(name).role != null && part(name).role != Role.SPLIT) {
                try {
                    value(name, Numbers.parse("", text));
                } catch (NotANumberException e) {
                    // The reader will say so.
                }
            }
        }

        @Override
        public boolean end() {
            boolean loss = holds(Role.LOSS) || holds(Role.VALIDATION);
            boolean together = loss && holds(Role.STEP);
            losses += loss ? 1 : 0;
            stepsBesideLosses += together ? 1 : 0;
            if (together) {
                inRecord.forEach(name -> name.together++);
            }
            inRecord.clear();
            return loss;
        }

        private boolean holds(Role role) {
            return inRecord.stream().anyMatch(name -> name.part.role == role);
        }

        /** {@return whether steps and losses both come, but never together} */
        boolean stepsStandApart() {
            List<Name> steps = able(Role.STEP);
            return losses > 1
                    && steps.stream().allMatch(name -> name.together == 0)
                    && steps.stream().anyMatch(name -> name.finite > 1);
        }

        /** {@return how well the records fit: losses with a step count twice, others only where none has one} */
        long score() {
            return stepsBesideLosses > 0 || only != null ? 2 * stepsBesideLosses : losses;
        }

        /**
         * Settles who plays what.
         *
         * @return what of it is not obvious, for people
         */
        List<String> settle() {
            List<String> notes = new ArrayList<>();
            for (Role role : Role.values()) {
                List<Name> able = able(role);
                if (!able.isEmpty() && !kept.containsKey(role) && only == null) {
                    kept.put(role, able.get(0).part.key);
                    String alone = role == Role.STEP ? WITHOUT_NAME.get(able.get(0).part.key) : null;
                    if (alone != null) {
                        notes.add("the step is " + alone + " (--pattern takes another)");
                    } else if (able.size() > 1 && (role == Role.STEP || role == Role.LOSS)) {
                        notes.add("the " + role.word() + " is \"" + able.get(0).part.key + "\"; " + others(able)
                                + " there too (--map " + role.word() + "=NAME takes another)");
                    }
                }
            }
            return notes;
        }

        private List<Name> able(Role role) {
            Collection<Name> all = names.values();
            List<Name> of = all.stream()
                    .filter(name -> name.part.role == role && name.canBe(role))
                    .toList();
            long most = of.stream().mapToLong(name -> name.values).max().orElse(0);
            long mostTogether =
                    of.stream().mapToLong(name -> name.together).max().orElse(0);
            boolean anyVaries = of.stream().anyMatch(Name::varies);
            return of.stream()
                    .filter(name -> name.values * RARE >= most)
                    .filter(name -> name.together * RARE >= mostTogether)
                    .filter(name -> name.varies() || !anyVaries)
                    .sorted(Comparator.comparing(Name::goesBack).thenComparing(name -> name.part.rank))
                    .toList();
        }

        private String others(List<Name> able) {
            String names = String.join(
                    ", ",
                    able.subList(1, Math.min(4, able.size())).stream()
                            .map(name -> "\"" + NotANumberException.printable(name.part.key) + "\"")
                            .toList());
            return names + (able.size() > 2 ? " stand" : " stands");
        }
    }
}
