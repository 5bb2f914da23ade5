package org.etascope.energy;

import com.sun.jna.Library;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.LongByReference;
import com.sun.jna.ptr.PointerByReference;

/** What is needed of NVIDIA's management library, by its own names; each call but the last returns 0 or an error. */
interface Nvml extends Library {
    int SUCCESS = 0;

    int nvmlInit_v2();

    int nvmlDeviceGetCount_v2(IntByReference count);

    int nvmlDeviceGetHandleByIndex_v2(int index, PointerByReference device);

    int nvmlDeviceGetUUID(Pointer device, byte[] uuid, int length);

    /** Millijoules since the driver was loaded. */
    int nvmlDeviceGetTotalEnergyConsumption(Pointer device, LongByReference millijoules);

    /** 1 for a card that is shared out among instances. */
    int nvmlDeviceGetMigMode(Pointer device, IntByReference current, IntByReference pending);

    String nvmlErrorString(int error);
}
