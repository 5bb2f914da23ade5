/** What an open live page costs, in bytes and in the browser's processor time. */
@NullMarked
package org.etascope.benchmarks.page;

import org.jspecify.annotations.NullMarked;
