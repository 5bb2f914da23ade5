package org.etascope.dashboards;

import java.util.Locale;

/**
 * An alert.
 *
 * @param name its name, CamelCase, beginning with Etascope
 * @param severity how soon someone has to look
 * @param hold how long the expression must hold: nothing, or ten minutes and more. A restart of Prometheus forgets any time
 *     between (it restores only what waits for ten minutes), and whoever was told would be told that it is over
 * @param expression when it fires; one comparison, windows and labels in angle brackets
 * @param back how far back its texts look for figures, a window in angle brackets
 * @param summary what has happened, to follow the run's name
 * @param description what is known about it
 * @param board uid of the dashboard to look at
 * @param comment why it is asked so, for whoever reads the rules
 */
record Alert(
        String name,
        Severity severity,
        String hold,
        String expression,
        String back,
        Sentence summary,
        Sentence description,
        String board,
        String comment) {

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
