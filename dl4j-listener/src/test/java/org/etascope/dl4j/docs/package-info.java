/** The recipes of docs/dl4j.md as code that is compiled and run, from outside the listener's package as users are. */
@NullMarked
package org.etascope.dl4j.docs;

import org.jspecify.annotations.NullMarked;
