package org.etascope.dashboards;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.etascope.core.TokenUnit;

/**
 * A text with places for figures and for what depends on a state. It knows no template language; the writers do.
 *
 * @param parts its pieces in order
 */
record Sentence(List<Part> parts) {
    private static final String COUNTS = "max without (model, dataset, unit, baseline_method, unit_convention,"
            + " bits_per_parameter, version) (last_over_time(etascope_run_info{unit=\"%s\",$}[<back>]))";

    private static final Pattern PLACE = Pattern.compile("\\{(\\w+)}|%s");

    /** A piece of a text. */
    sealed interface Part permits Words, Quote, Choice {}

    /** Words that stand as they are. */
    record Words(String text) implements Part {}

    /** A figure. */
    record Quote(Figure figure) implements Part {}

    /** The first of several texts whose question has an answer; nothing if none has. */
    record Choice(List<Case> cases) implements Part {}

    /**
     * One text of several.
     *
     * @param question an expression; the text is said if it returns a series
     * @param text what is said
     */
    record Case(String question, Sentence text) {}

    /**
     * {@return a text in which names between braces are figures; {@code {unit}} and {@code {units}} are the words for what
     * the run counts}
     *
     * @param text the text
     * @param others what stands in its places {@code %s}, in order
     */
    static Sentence of(String text, Sentence... others) {
        Iterator<Sentence> other = List.of(others).iterator();
        List<Part> parts = new ArrayList<>();
        Matcher place = PLACE.matcher(text);
        int done = 0;
        while (place.find()) {
            if (place.start() > done) {
                parts.add(new Words(text.substring(done, place.start())));
            }
            switch (place.group()) {
                case "%s" -> parts.addAll(other.next().parts());
                case "{unit}" -> parts.add(counted(TokenUnit::label));
                case "{units}" -> parts.add(counted(TokenUnit::plural));
                default -> parts.add(new Quote(Figure.named(place.group(1))));
            }
            done = place.end();
        }
        if (done < text.length()) {
            parts.add(new Words(text.substring(done)));
        }
        return new Sentence(List.copyOf(parts));
    }

    /** The word for what the run counts; a token where nobody has said. */
    private static Choice counted(Function<TokenUnit, String> word) {
        List<Case> cases = new ArrayList<>();
        for (TokenUnit unit : TokenUnit.values()) {
            if (unit != TokenUnit.TOKEN) {
                cases.add(new Case(COUNTS.formatted(unit.label()), of(word.apply(unit))));
            }
        }
        cases.add(new Case("vector(1)", of(word.apply(TokenUnit.TOKEN))));
        return new Choice(List.copyOf(cases));
    }

    static Sentence choose(Case... cases) {
        return new Sentence(List.of(new Choice(List.of(cases))));
    }

    /**
     * {@return it in a template's language}
     *
     * @param quoted what writes a figure
     * @param asked what is true in a template where a question has an answer, to follow {@code if}
     */
    String written(Function<Figure, String> quoted, UnaryOperator<String> asked) {
        StringBuilder out = new StringBuilder();
        for (Part part : parts) {
            if (part instanceof Words words) {
                out.append(words.text());
            } else if (part instanceof Quote quote) {
                out.append(quoted.apply(quote.figure()));
            } else if (part instanceof Choice choice) {
                String open = "{{ if ";
                for (Case one : choice.cases()) {
                    out.append(open).append(asked.apply(one.question())).append(" }}");
                    out.append(one.text().written(quoted, asked));
                    open = "{{ else if ";
                }
                out.append("{{ end }}");
            }
        }
        return out.toString();
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

    /** {@return the questions of all its cases and of theirs, each once} */
    List<String> questions() {
        return parts.stream()
                .flatMap(part -> part instanceof Choice choice ? choice.cases().stream() : Stream.empty())
                .flatMap(one -> Stream.concat(Stream.of(one.question()), one.text().questions().stream()))
                .distinct()
                .toList();
    }
}
