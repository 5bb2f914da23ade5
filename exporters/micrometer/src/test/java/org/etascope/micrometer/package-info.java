/** The contract of the binder, run over each registry that people use. */
@NullMarked
package org.etascope.micrometer;

import org.jspecify.annotations.NullMarked;
