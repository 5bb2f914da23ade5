/** Real networks under the listener. {@code Nets} builds them, {@code Ear} hears what the listener reports. */
@NullMarked
package org.etascope.dl4j;

import org.jspecify.annotations.NullMarked;
