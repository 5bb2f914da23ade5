/** Tests of bin/demo. */
@NullMarked
package org.etascope.examples.demo;

import org.jspecify.annotations.NullMarked;
