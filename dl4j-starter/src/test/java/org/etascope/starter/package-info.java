/** The one call, in a real training. */
@NullMarked
package org.etascope.starter;

import org.jspecify.annotations.NullMarked;
