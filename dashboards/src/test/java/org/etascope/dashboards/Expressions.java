package org.etascope.dashboards;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What PromQL expressions are made of, as far as the checks need it. */
final class Expressions {
    private static final Pattern OWN_NAME =
            Pattern.compile("\\b(?:etascope_|(?:job_run|run|all):etascope_)[a-z0-9_:]+");
    private static final Pattern SELECTOR = Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)\\{([^}]*)}");
    private static final Pattern NUMBER = Pattern.compile("(?<![\\w.$])(\\d+(?:\\.\\d+)?)(ms|[smhd])?(?![\\w.])");

    /** A metric with its matchers. */
    record Selector(String metric, String matchers) {}

    private Expressions() {}

    /** {@return the names of our own meters and recorded series} */
    static Set<String> names(String expression) {
        Set<String> names = new TreeSet<>();
        Matcher name = OWN_NAME.matcher(expression);
        while (name.find()) {
            names.add(name.group());
        }
        return names;
    }

    static List<Selector> selectors(String expression) {
        List<Selector> selectors = new ArrayList<>();
        Matcher selector = SELECTOR.matcher(expression);
        while (selector.find()) {
            selectors.add(new Selector(selector.group(1), selector.group(2)));
        }
        return selectors;
    }

    /** {@return the numbers of an expression, durations in seconds} */
    static Set<Double> numbers(String expression) {
        Set<Double> numbers = new TreeSet<>();
        Matcher number = NUMBER.matcher(expression);
        while (number.find()) {
            numbers.add(Double.parseDouble(number.group(1)) * secondsOf(number.group(2)));
        }
        return numbers;
    }

    private static double secondsOf(@Nullable String unit) {
        if (unit == null) {
            return 1;
        }
        return switch (unit) {
            case "ms" -> 1e-3;
            case "m" -> 60;
            case "h" -> 3600;
            case "d" -> 86400;
            default -> 1;
        };
    }

    /** {@return the expression as Grafana would send it with every variable on "All"} */
    static String substituted(String expression, String rateInterval, String range) {
        return expression
                .replace("$job", ".+")
                .replace("$instance", ".+")
                .replace("$run", ".+")
                .replace("$search", "")
                .replace("$__rate_interval", rateInterval)
                .replace("$__range", range);
    }
}
