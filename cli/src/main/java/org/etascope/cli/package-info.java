/**
 * The command line: loss streams of any framework through the core to the same exports.
 *
 * <p>Open {@link org.etascope.cli.Main} first. Each command is one class; {@code replay}, {@code watch} and {@code
 * compare} share {@code StreamOptions} (what the user says of a log) and {@code RunFeed} (which step a logged point
 * stands for, and how many tokens). The logs themselves are read in {@link org.etascope.logs}. No theory here: it is
 * the core's.
 */
@NullMarked
package org.etascope.cli;

import org.jspecify.annotations.NullMarked;
