/** The binder as users see it, and the documentation that quotes it. */
@NullMarked
package org.etascope.blackbox;

import org.jspecify.annotations.NullMarked;
