/** Tests of the examples, of the programs in bin/, and of what the README says. */
@NullMarked
package org.etascope.examples;

import org.jspecify.annotations.NullMarked;
