/** Trainings on a Spark of two slots in this process, disturbed in every way that it can be. */
@NullMarked
package org.etascope.spark;

import org.jspecify.annotations.NullMarked;
