/**
 * Loss logs of other frameworks, read as they stream by. This package knows neither the command line nor any export.
 *
 * <p>Open {@link org.etascope.logs.OpenLog} first. What a log is written in ({@link org.etascope.logs.LogFormat}) becomes
 * records of named values ({@code Records}); {@code Roles} settles from the log's beginning which name is the step, which
 * the loss; {@code PointMaker} makes each record a {@link org.etascope.logs.LossPoint} and hands it to a {@link
 * org.etascope.logs.LossSink}. Nothing here knows which steps a point stands for, how many tokens, or the loss's unit:
 * that is the sink's part.
 *
 * <p>Memory is bounded whatever the file holds, and a reader that waits for more input delivers everything before it.
 */
@NullMarked
package org.etascope.logs;

import org.jspecify.annotations.NullMarked;
