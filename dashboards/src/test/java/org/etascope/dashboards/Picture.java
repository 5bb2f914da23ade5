package org.etascope.dashboards;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;

/**
 * A dashboard drawn as SVG from its file and a Prometheus: the panels where their grid puts them, with their data,
 * colours, axes and units. It is what the guide shows. No Grafana takes part, so it shows the content, not Grafana's looks.
 */
final class Picture {
    private static final int COLUMN = 50;
    private static final int ROW = 20;
    private static final int STEPS = 160;
    private static final List<String> COLOURS =
            List.of("#0072B2", "#E69F00", "#009E73", "#D55E00", "#CC79A7", "#56B4E9");

    private static final JsonNode PLAIN = JsonNodeFactory.instance.objectNode().put("unit", "si:");

    private final Dashboard dashboard;
    private final Server prometheus;
    private final double start;
    private final double end;
    private final StringBuilder svg = new StringBuilder();

    /** A line of a chart; those on the right have an axis of their own. */
    private record Line(String name, String colour, boolean right, List<Double> x, List<Double> y) {}

    /** Where a panel's content goes. */
    private record Box(double x, double y, double width, double height) {}

    private Picture(Dashboard dashboard, Server prometheus, double start, double end) {
        this.dashboard = dashboard;
        this.prometheus = prometheus;
        this.start = start;
        this.end = end;
    }

    static String of(Dashboard dashboard, Server prometheus, double start, double end) {
        return new Picture(dashboard, prometheus, start, end).draw();
    }

    private String draw() {
        JsonNode panels = dashboard.json().path("panels");
        int rows = Dashboard.list(panels)
                .mapToInt(panel ->
                        panel.at("/gridPos/y").asInt() + panel.at("/gridPos/h").asInt())
                .max()
                .orElse(1);
        svg.append(String.format(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" font-size=\"11\">%n",
                24 * COLUMN, rows * ROW));
        svg.append("<rect width=\"100%\" height=\"100%\" fill=\"#f4f5f5\"/>\n");
        panels.forEach(this::panel);
        return svg.append("</svg>\n").toString();
    }

    private void panel(JsonNode panel) {
        JsonNode grid = panel.path("gridPos");
        double x = grid.path("x").asInt() * COLUMN;
        double y = grid.path("y").asInt() * ROW;
        double width = grid.path("w").asInt() * COLUMN;
        double height = grid.path("h").asInt() * ROW;
        String title = panel.path("title").asText();
        String type = panel.path("type").asText();
        if (type.equals("row")) {
            text(x + 6, y + 15, "#333", "font-weight=\"bold\"", title);
            return;
        }
        svg.append(String.format(
                Locale.ROOT,
                "<rect x=\"%.0f\" y=\"%.0f\" width=\"%.0f\" height=\"%.0f\" fill=\"#fff\" stroke=\"#ddd\"/>%n",
                x + 2,
                y + 2,
                width - 4,
                height - 4));
        text(x + 8, y + 16, "#333", "", title);
        Box box = new Box(x + 8, y + 24, width - 16, height - 32);
        switch (type) {
            case "stat" -> stat(panel, box);
            case "table" -> table(panel, box);
            case "state-timeline" -> timeline(panel, box);
            case "xychart" -> chart(panel, atEqualTokens(panel), box);
            default -> chart(panel, overTime(panel), box);
        }
    }

    // ---- data ----

    private List<Line> overTime(JsonNode panel) {
        List<Line> lines = new ArrayList<>();
        for (JsonNode target : panel.path("targets")) {
            for (Server.Series series : ask(target)) {
                boolean right =
                        property(panel, target, "custom.axisPlacement").asText().equals("right");
                String colour =
                        property(panel, target, "color").path("fixedColor").asText();
                lines.add(new Line(
                        name(target, series),
                        colour.isEmpty() ? COLOURS.get(lines.size() % COLOURS.size()) : colour,
                        right,
                        series.times(),
                        series.values()));
            }
        }
        return lines;
    }

    private List<Line> atEqualTokens(JsonNode panel) {
        List<Server.Series> tokens = ask(panel.at("/targets/0"));
        List<Server.Series> values = ask(panel.at("/targets/1"));
        return IntStream.range(0, Math.min(tokens.size(), values.size()))
                .mapToObj(i -> new Line(
                        tokens.get(i).labels().getOrDefault("run", ""),
                        COLOURS.get(i % COLOURS.size()),
                        false,
                        tokens.get(i).values().stream().map(Math::log10).toList(),
                        values.get(i).values()))
                .toList();
    }

    private List<Server.Series> ask(JsonNode target) {
        String expression = Expressions.substituted(target.path("expr").asText(), "5s", "5m");
        return prometheus.queryRange(expression, start, end, (end - start) / STEPS);
    }

    private static String name(JsonNode target, Server.Series series) {
        String name = target.path("legendFormat").asText();
        for (Map.Entry<String, String> label : series.labels().entrySet()) {
            name = name.replace("{{" + label.getKey() + "}}", label.getValue());
        }
        return name;
    }

    /** What an override of the panel says of a query. */
    private static JsonNode property(JsonNode panel, JsonNode target, String id) {
        return Dashboard.list(panel.at("/fieldConfig/overrides"))
                .filter(override -> override.at("/matcher/options").equals(target.path("refId")))
                .flatMap(override -> Dashboard.list(override.path("properties")))
                .filter(property -> property.path("id").asText().equals(id))
                .map(property -> property.path("value"))
                .findFirst()
                .orElse(MissingNode.getInstance());
    }

    private static double last(List<Double> values) {
        return values.stream().filter(value -> !value.isNaN()).reduce(Double.NaN, (before, value) -> value);
    }

    // ---- drawing ----

    private void chart(JsonNode panel, List<Line> lines, Box box) {
        DoubleUnaryOperator scale = scale(
                panel.at("/fieldConfig/defaults/custom/scaleDistribution/type").asText());
        JsonNode defaults = panel.at("/fieldConfig/defaults");
        plot(lines.stream().filter(line -> !line.right()).toList(), scale, defaults, box, box.x());
        plot(lines.stream().filter(Line::right).toList(), v -> v, PLAIN, box, box.x() + box.width() - 60);
        double x = box.x();
        for (Line line : lines) {
            text(x, box.y() + box.height(), line.colour(), "font-size=\"10\"", line.name());
            x += 5.4 * line.name().length() + 12;
        }
    }

    private void plot(List<Line> lines, DoubleUnaryOperator scale, JsonNode settings, Box box, double axis) {
        List<Double> xs =
                finite(lines.stream().flatMap(line -> line.x().stream()).toList());
        List<Double> raw =
                finite(lines.stream().flatMap(line -> line.y().stream()).toList());
        List<Double> ys = finite(raw.stream().map(scale::applyAsDouble).toList());
        if (xs.isEmpty() || ys.isEmpty()) {
            return;
        }
        Box plot = new Box(box.x() + 70, box.y() + 4, box.width() - 140, box.height() - 22);
        double bottom = min(ys);
        double height = Math.max(max(ys) - bottom, 1e-12);
        double left = min(xs);
        double width = Math.max(max(xs) - left, 1e-12);
        text(axis, plot.y() + 8, "#888", "", formatted(max(raw), settings));
        text(axis, plot.y() + plot.height(), "#888", "", formatted(min(raw), settings));
        for (Line line : lines) {
            StringBuilder path = new StringBuilder();
            boolean gap = true;
            for (int i = 0; i < Math.min(line.x().size(), line.y().size()); i++) {
                double x = plot.x() + (line.x().get(i) - left) / width * plot.width();
                double up = (scale.applyAsDouble(line.y().get(i)) - bottom) / height;
                double y = plot.y() + (1 - up) * plot.height();
                boolean drawn = Double.isFinite(x) && Double.isFinite(y);
                if (drawn) {
                    path.append(String.format(Locale.ROOT, "%s%.1f %.1f", gap ? "M" : "L", x, y));
                }
                gap = !drawn;
            }
            svg.append("<path fill=\"none\" stroke-width=\"1.4\" stroke-linecap=\"round\" stroke=\"")
                    .append(line.colour() + "\" d=\"" + path + "\"/>\n");
        }
    }

    private void stat(JsonNode panel, Box box) {
        double y = box.y() + 24;
        for (Line line : overTime(panel)) {
            double value = last(line.y());
            JsonNode mapping = panel.at("/fieldConfig/defaults/mappings/0/options/" + Math.round(value));
            String shown = mapping.isObject()
                    ? mapping.path("text").asText()
                    : formatted(value, panel.at("/fieldConfig/defaults"));
            text(box.x(), y, "#111", "font-size=\"18\"", shown);
            y += 22;
        }
    }

    private void timeline(JsonNode panel, Box box) {
        List<Line> lines = overTime(panel);
        double height = Math.min(18, (box.height() - 4) / Math.max(1, lines.size()));
        for (int i = 0; i < lines.size(); i++) {
            double y = box.y() + i * height;
            Line line = lines.get(i);
            double cell = (box.width() - 250) / STEPS;
            for (int k = 0; k < line.y().size(); k++) {
                JsonNode mapping = panel.at("/fieldConfig/defaults/mappings/0/options/"
                        + Math.round(line.y().get(k)));
                double x = box.x() + 250 + (line.x().get(k) - start) / (end - start) * (box.width() - 250);
                svg.append(String.format(
                        Locale.ROOT,
                        "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\"/>%n",
                        x,
                        y + 2,
                        cell + 0.3,
                        height - 4,
                        mapping.path("color").asText()));
            }
            text(box.x(), y + height - 5, "#333", "font-size=\"10\"", line.name());
        }
    }

    private void table(JsonNode panel, Box box) {
        double x = box.x();
        JsonNode columns = panel.at("/fieldConfig/overrides");
        for (JsonNode target : panel.path("targets")) {
            List<Server.Series> series = ask(target);
            String column = target.path("legendFormat").asText();
            if (series.isEmpty() || column.equals("identity")) {
                continue;
            }
            JsonNode settings = settings(columns, column);
            double value = last(series.get(0).values());
            JsonNode mapping = settings.at("/mappings/0/options/" + Math.round(value));
            String shown = mapping.isObject()
                    ? mapping.path("text").asText()
                    : settings.path("unit").asText().startsWith("dateTime") ? "(a time)" : formatted(value, settings);
            text(x, box.y() + 14, "#888", "", column);
            text(x, box.y() + 34, "#111", "", shown);
            x += 7 * Math.max(column.length(), shown.length()) + 18;
        }
    }

    /** The properties of a column, as if they were defaults. */
    private static JsonNode settings(JsonNode overrides, String column) {
        ObjectNode settings = JsonNodeFactory.instance.objectNode();
        Dashboard.list(overrides)
                .filter(override -> override.at("/matcher/options").asText().equals(column))
                .flatMap(override -> Dashboard.list(override.path("properties")))
                .forEach(property -> settings.set(property.path("id").asText(), property.path("value")));
        return settings;
    }

    private void text(double x, double y, String colour, String more, String text) {
        svg.append(String.format(
                Locale.ROOT,
                "<text x=\"%.1f\" y=\"%.1f\" fill=\"%s\" %s>%s</text>%n",
                x,
                y,
                colour,
                more,
                text.replace("&", "&amp;").replace("<", "&lt;")));
    }

    // ---- numbers ----

    private static DoubleUnaryOperator scale(String type) {
        return switch (type) {
            case "log" -> value -> value > 0 ? Math.log10(value) : Double.NaN;
            case "symlog" -> value -> Math.signum(value) * Math.log10(1 + Math.abs(value));
            default -> value -> value;
        };
    }

    private static List<Double> finite(List<Double> values) {
        return values.stream().filter(Double::isFinite).toList();
    }

    private static double min(List<Double> values) {
        return values.stream().mapToDouble(value -> value).min().orElse(0);
    }

    private static double max(List<Double> values) {
        return values.stream().mapToDouble(value -> value).max().orElse(1);
    }

    private static String formatted(double value, JsonNode settings) {
        String unit = settings.path("unit").asText();
        String plain = "%." + Math.min(3, settings.path("decimals").asInt(2)) + "f";
        if (Double.isNaN(value)) {
            return "not known yet";
        }
        if (unit.equals("sci")) {
            return String.format(Locale.ROOT, "%.2e", value);
        }
        if (unit.equals("percentunit")) {
            return String.format(Locale.ROOT, plain + "%%", value * 100);
        }
        if (unit.startsWith("suffix:")) {
            return String.format(Locale.ROOT, plain, value) + unit.substring("suffix:".length());
        }
        if (unit.startsWith("si:") || unit.equals("bytes")) {
            return scaled(value) + unit.replace("si:", "").replace("bytes", "B");
        }
        if (unit.equals("s")) {
            return value != 0 && Math.abs(value) < 1
                    ? scaled(value) + "s"
                    : String.format(Locale.ROOT, "%.1f s", value);
        }
        return String.format(Locale.ROOT, plain, value);
    }

    private static String scaled(double value) {
        if (value == 0) {
            return "0 ";
        }
        int thousands = (int) Math.max(-3, Math.min(5, Math.floor(Math.log10(Math.abs(value)) / 3)));
        return String.format(Locale.ROOT, "%.3g ", value / Math.pow(1000, thousands))
                + List.of("n", "µ", "m", "", "k", "M", "G", "T", "P").get(thousands + 3);
    }
}
