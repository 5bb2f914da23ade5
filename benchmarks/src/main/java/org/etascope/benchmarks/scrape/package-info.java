/**
 * What being scraped costs a training process: {@link org.etascope.benchmarks.scrape.ScrapeCost} trains a network while
 * {@link org.etascope.benchmarks.scrape.Scrapers}, a process of its own, asks for the metrics 200 times a second.
 */
@NullMarked
package org.etascope.benchmarks.scrape;

import org.jspecify.annotations.NullMarked;
