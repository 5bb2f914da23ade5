package org.etascope.dashboards;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A text with places for figures and for what depends on a state. It knows no template language; the writers do.
 *
 * @param parts its pieces in order
 */
record Sentence(List<Part> parts) {
    private static final Pattern PLACE = Pattern.compile("\\{(\\w+)}");

    /** A piece of a text. */
    sealed interface Part permits Words, Quote, Unit, Choice {}

    /** Words that stand as they are. */
    record Words(String text) implements Part {}

    /** A figure. */
    record Quote(Figure figure) implements Part {}

    /** What the run counts, in the singular. */
    record Unit() implements Part {}

    /** The first of several texts whose question has an answer; nothing if none has. */
    record Choice(List<Case> cases) implements Part {}

    /**
     * One text of several.
     *
     * @param question an expression; the text is said if it returns a series
     * @param text what is said
     */
    record Case(String question, Sentence text) {}

    /** {@return a text in which names between braces are figures, and {@code {unit}} is what the run counts} */
    static Sentence of(String text) {
        List<Part> parts = new ArrayList<>();
        Matcher place = PLACE.matcher(text);
        int done = 0;
        while (place.find()) {
            if (place.start() > done) {
                parts.add(new Words(text.substring(done, place.start())));
            }
            parts.add(place.group(1).equals("unit") ? new Unit() : new Quote(Figure.named(place.group(1))));
            done = place.end();
        }
        if (done < text.length()) {
            parts.add(new Words(text.substring(done)));
        }
        return new Sentence(List.copyOf(parts));
    }

    static Sentence choose(List<Case> cases) {
        return new Sentence(List.of(new Choice(List.copyOf(cases))));
    }

    static Sentence join(Sentence... sentences) {
        return new Sentence(
                Arrays.stream(sentences).flatMap(one -> one.parts().stream()).toList());
    }

    /** {@return every figure of it, those of all cases included, each once} */
    List<Figure> figures() {
        return parts.stream()
                .flatMap(part -> {
                    if (part instanceof Quote quote) {
                        return Stream.of(quote.figure());
                    }
                    return part instanceof Choice choice
                            ? choice.cases().stream().flatMap(one -> one.text().figures().stream())
                            : Stream.empty();
                })
                .distinct()
                .toList();
    }

    /** {@return whether it says anywhere what the run counts} */
    boolean saysUnit() {
        return parts.stream()
                .anyMatch(part -> part instanceof Unit
                        || (part instanceof Choice choice
                                && choice.cases().stream()
                                        .anyMatch(one -> one.text().saysUnit())));
    }

    /** {@return the questions of all its cases and of theirs, each once} */
    List<String> questions() {
        return parts.stream()
                .flatMap(part -> part instanceof Choice choice ? choice.cases().stream() : Stream.empty())
                .flatMap(one -> Stream.concat(Stream.of(one.question()), one.text().questions().stream()))
                .distinct()
                .toList();
    }
}
