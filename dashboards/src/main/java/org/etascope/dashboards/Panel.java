package org.etascope.dashboards;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One panel of a dashboard: written down once, line by line, and then only read. */
final class Panel {
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
            @org.jspecify.annotations.Nullable Color color,
            String unit) {}

    /** From this value on the panel has this colour. */
    record Threshold(double from, Color color) {}

    /** A value that stands for words. */
    record Word(int value, String text, Color color) {}

    private final Kind kind;
    private final String title;
    private final String description;
    private final String unit;
    private int width = 6;
    private int height = 5;
    private boolean logarithmic;
    private boolean fromZero;
    private String markdown = "";
    private String link = "";
    private final List<Line> lines = new ArrayList<>();
    private final List<Threshold> thresholds = new ArrayList<>();
    private final Map<String, List<Word>> words = new LinkedHashMap<>();

    private Panel(Kind kind, String title, String unit, String description) {
        this.kind = kind;
        this.title = title;
        this.unit = unit;
        this.description = description;
    }

    static Panel of(Kind kind, String title, String unit, String description) {
        return new Panel(kind, title, unit, description);
    }

    static Panel text(String title, String markdown) {
        Panel panel = new Panel(Kind.TEXT, title, "none", "");
        panel.markdown = markdown;
        return panel;
    }

    Panel size(int gridWidth, int gridHeight) {
        width = gridWidth;
        height = gridHeight;
        return this;
    }

    Panel logarithmic() {
        logarithmic = true;
        return this;
    }

    /** {@return this, with 0 on its axis: for numbers of things} */
    Panel fromZero() {
        fromZero = true;
        return this;
    }

    Panel line(String expression, String name, Draw draw, Color color) {
        lines.add(new Line(expression, name, draw, color, ""));
        return this;
    }

    Panel line(String expression, String name, Color color) {
        return line(expression, name, Draw.LINE, color);
    }

    /** {@return this, with a column or value that has a unit of its own} */
    Panel column(String expression, String name, String columnUnit) {
        lines.add(new Line(expression, name, Draw.LINE, null, columnUnit));
        return this;
    }

    Panel each(String expression, String name) {
        lines.add(new Line(expression, name, Draw.LINE, null, ""));
        return this;
    }

    Panel threshold(double from, Color color) {
        thresholds.add(new Threshold(from, color));
        return this;
    }

    Panel word(String line, int value, String text, Color color) {
        words.computeIfAbsent(line, name -> new ArrayList<>()).add(new Word(value, text, color));
        return this;
    }

    Panel link(String path) {
        link = path;
        return this;
    }

    Kind kind() {
        return kind;
    }

    String title() {
        return title;
    }

    String description() {
        return description;
    }

    String unit() {
        return unit;
    }

    int width() {
        return width;
    }

    int height() {
        return height;
    }

    boolean isFromZero() {
        return fromZero;
    }

    boolean isLogarithmic() {
        return logarithmic;
    }

    String markdown() {
        return markdown;
    }

    String link() {
        return link;
    }

    List<Line> lines() {
        return List.copyOf(lines);
    }

    List<Threshold> thresholds() {
        return List.copyOf(thresholds);
    }

    Map<String, List<Word>> words() {
        return words;
    }
}
