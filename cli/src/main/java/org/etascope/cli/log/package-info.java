/**
 * Loss logs of other frameworks, read as they stream by.
 *
 * <p>Open {@link org.etascope.cli.log.LogFormat} first: it names the formats, makes a reader of each and tells which one
 * a file looks like. A {@link org.etascope.cli.log.LossLog} reads a stream and hands each logged value, as a {@link
 * org.etascope.cli.log.LossPoint}, to a {@link org.etascope.cli.log.LossSink}. Readers know nothing of steps that a
 * point stands for, of tokens or of units: that is the sink's part.
 *
 * <p>Memory is bounded whatever the file holds, and a reader that waits for more input delivers everything before it.
 */
@NullMarked
package org.etascope.cli.log;

import org.jspecify.annotations.NullMarked;
