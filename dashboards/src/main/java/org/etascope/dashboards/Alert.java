package org.etascope.dashboards;

import java.util.Locale;

/**
 * An alert.
 *
 * @param name its name, CamelCase, beginning with Etascope
 * @param severity how soon someone has to look
 * @param expression when it fires; one comparison, windows and labels in angle brackets
 * @param hold how long the expression must hold: nothing, or ten minutes and more. A restart of Prometheus forgets any time
 *     between (it restores only what waits for ten minutes), and whoever was told would be told that it is over
 * @param back how far back its texts look for figures, a window in angle brackets
 * @param board uid of the dashboard to look at
 * @param summary what has happened, to follow the run's name
 * @param description what is known about it
 * @param comment why it is asked so, for whoever reads the rules
 */
record Alert(
        String name,
        Severity severity,
        String expression,
        String hold,
        String back,
        String board,
        Sentence summary,
        Sentence description,
        String comment) {

    /** An alert that fires at once, of what is still remembered, and leads to the dashboard of the run. */
    static Alert of(String name, Severity severity, String expression) {
        Sentence nothing = Sentence.of("");
        return new Alert(name, severity, expression, "0s", "<memory>", Alerts.RUN_BOARD, nothing, nothing, "");
    }

    Alert heldFor(String time) {
        return new Alert(name, severity, expression, time, back, board, summary, description, comment);
    }

    Alert lookingBack(String window) {
        return new Alert(name, severity, expression, hold, window, board, summary, description, comment);
    }

    Alert on(String otherBoard) {
        return new Alert(name, severity, expression, hold, back, otherBoard, summary, description, comment);
    }

    Alert says(String text, Sentence... others) {
        Sentence said = Sentence.of(text, others);
        return new Alert(name, severity, expression, hold, back, board, said, description, comment);
    }

    Alert explains(String text, Sentence... others) {
        Sentence explained = Sentence.of(text, others);
        return new Alert(name, severity, expression, hold, back, board, summary, explained, comment);
    }

    Alert because(String reason) {
        return new Alert(name, severity, expression, hold, back, board, summary, description, reason);
    }

    /** How soon someone has to look. */
    enum Severity {
        /** Training is broken or gone: now. */
        CRITICAL,
        /** Training goes on, but not well: today. */
        WARNING,
        /** Good to know. */
        INFO;

        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** {@return its chapter in docs/alerts.md and its panel on the dashboard of runbooks} */
    String anchor() {
        return name.toLowerCase(Locale.ROOT);
    }
}
