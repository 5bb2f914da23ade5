/**
 * What this machine takes: {@link org.etascope.energy.PowercapSource} reads the counters of processors, {@link
 * org.etascope.energy.NvmlSource} those of NVIDIA cards. With this module on the class path {@link
 * org.etascope.core.EnergyMeter#ofThisMachine} finds both.
 */
@NullMarked
package org.etascope.energy;

import org.jspecify.annotations.NullMarked;
