/** Tests of the main job, and of the house's own rules: the modules' dependence and the README's code. */
@NullMarked
package org.etascope.examples;

import org.jspecify.annotations.NullMarked;
