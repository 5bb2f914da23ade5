/**
 * The runnable main job: a language model trains with Deeplearning4j, Etascope watches.
 *
 * <p>Open {@code DemoRun} first: it is one run from options to final table, and shows how the parts join. {@code
 * Scenario} holds data and network, {@code Corpus} and its kinds the data itself.
 */
@NullMarked
package org.etascope.examples.demo;

import org.jspecify.annotations.NullMarked;
