package org.etascope.dashboards;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One panel of a dashboard: written down once, line by line, and then only read.
 *
 * @param kind how it is drawn
 * @param title its title
 * @param unit the unit of its values, as Grafana calls it
 * @param width its width, in 24ths of the page
 * @param height its height, in Grafana's units of 30 pixels
 * @param description what it shows; of a text, its Markdown
 * @param scale its axis
 * @param link where its rows lead: {@code run}, a path, or nowhere if empty
 * @param redFrom from this value on it is red, NaN for never
 * @param lines its queries
 * @param words what its values stand for, by line; those of all lines under the empty name
 */
record Panel(
        Kind kind,
        String title,
        String unit,
        int width,
        int height,
        String description,
        Scale scale,
        String link,
        double redFrom,
        List<Line> lines,
        Map<String, List<Word>> words) {
    /** How it is drawn. */
    enum Kind {
        /** A few numbers or words. */
        STAT,
        /** Lines over time. */
        CHART,
        /** Lines over tokens on a logarithmic axis, of one run: the first line is the tokens. */
        TREND,
        /** Lines over tokens, one per run: the first line is the tokens, the second the figure. */
        COMPARISON,
        /** One row per run. */
        TABLE,
        /** Which states held when. */
        STATES,
        /** A text in Markdown. */
        TEXT
    }

    /** Its axis. */
    enum Scale {
        /** As far as the values go. */
        LINEAR,
        /** With 0 on it: for numbers of things. */
        FROM_ZERO,
        /** Powers of ten. */
        LOGARITHMIC
    }

    /** How a line is drawn. */
    enum Draw {
        /** A line. */
        LINE,
        /** A thin line. */
        THIN,
        /** A dashed line: something that a figure is held against. */
        LIMIT,
        /** The lower end of a band, without a line. */
        LOWER,
        /** The upper end of the band whose lower end is the line before it. */
        UPPER
    }

    /**
     * One query.
     *
     * @param expression what is asked
     * @param name what it is called in legend and columns
     * @param draw how it is drawn
     * @param color its colour; null for one colour per run
     * @param unit its unit, where it is not the panel's
     */
    record Line(
            String expression,
            String name,
            Draw draw,
            @Nullable Color color,
            String unit) {}

    /** A value that stands for words. */
    record Word(int value, String text, Color color) {}

    static Panel of(Kind kind, String title, String unit, int width, int height, String description) {
        return new Panel(
                kind,
                title,
                unit,
                width,
                height,
                description,
                Scale.LINEAR,
                "",
                Double.NaN,
                new ArrayList<>(),
                new LinkedHashMap<>());
    }

    Panel scale(Scale other) {
        return new Panel(kind, title, unit, width, height, description, other, link, redFrom, lines, words);
    }

    Panel link(String path) {
        return new Panel(kind, title, unit, width, height, description, scale, path, redFrom, lines, words);
    }

    Panel redFrom(double value) {
        return new Panel(kind, title, unit, width, height, description, scale, link, value, lines, words);
    }

    /** {@return whether its values are judged: see {@link #redFrom}} */
    boolean judged() {
        return !Double.isNaN(redFrom);
    }

    Panel line(String expression, String name, Draw draw, Color color) {
        lines.add(new Line(expression, name, draw, color, ""));
        return this;
    }

    Panel line(String expression, String name, Color color) {
        return line(expression, name, Draw.LINE, color);
    }

    /**
     * {@return this, with the band of a metric's interval}
     *
     * @param metric its name, without {@code _lower} and {@code _upper}
     * @param naming what the ends are called, %s for lower and upper
     * @param color the band's colour
     * @param matchers which series of it; none for all
     */
    Panel interval(String metric, String naming, Color color, String... matchers) {
        return band(Asked.line(metric + "_lower", matchers), Asked.line(metric + "_upper", matchers), naming, color);
    }

    /** {@return this, with the band of one standard error around a metric} */
    Panel around(String metric, String error, String naming, Color color) {
        String middle = Asked.line(metric);
        return band(middle + " - " + Asked.line(error), middle + " + " + Asked.line(error), naming, color);
    }

    private Panel band(String lower, String upper, String naming, Color color) {
        return line(lower, naming.formatted("lower"), Draw.LOWER, color)
                .line(upper, naming.formatted("upper"), Draw.UPPER, color);
    }

    /** {@return this, with a column or value that has a unit of its own} */
    Panel column(String expression, String name, String columnUnit) {
        lines.add(new Line(expression, name, Draw.LINE, null, columnUnit));
        return this;
    }

    Panel each(String expression, String name) {
        return column(expression, name, "");
    }

    Panel word(String line, int value, String text, Color color) {
        words.computeIfAbsent(line, name -> new ArrayList<>()).add(new Word(value, text, color));
        return this;
    }
}
