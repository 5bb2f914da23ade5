/* Stands in for NVIDIA's library: three cards, the second without a counter, the third shared out among instances.
   Built without any header or library. */
static unsigned long long millijoules = 5000000000ULL;
static unsigned long long adds = 250000;
static int fails = 0;
static volatile int hangs = 0;

/* The test's own: what the library says from now on, what each reading of a card adds, whether it comes back. */
int etascopeFail(int error) {
  fails = error;
  return 0;
}

int etascopeAdd(int energy) {
  adds = energy;
  return 0;
}

int etascopeHang(int hang) {
  hangs = hang;
  return 0;
}

int nvmlInit_v2(void) { return 0; }

int nvmlDeviceGetCount_v2(unsigned int *count) {
  *count = 3;
  return fails;
}

int nvmlDeviceGetHandleByIndex_v2(unsigned int index, void **device) {
  *device = (void *)(long)(index + 1);
  return 0;
}

int nvmlDeviceGetUUID(void *device, char *uuid, unsigned int length) {
  static const char *names[] = {"GPU-aaaa", "GPU-bbbb", "GPU-cccc"};
  const char *name = names[(long)device - 1];
  unsigned int i = 0;
  for (; i + 1 < length && name[i] != 0; i++) uuid[i] = name[i];
  uuid[i] = 0;
  return 0;
}

int nvmlDeviceGetTotalEnergyConsumption(void *device, unsigned long long *energy) {
  if ((long)device == 2) return 3;
  while (hangs) {
  }
  millijoules += adds;
  *energy = millijoules;
  return 0;
}

int nvmlDeviceGetMigMode(void *device, unsigned int *current, unsigned int *pending) {
  *current = *pending = (long)device == 3;
  return (long)device == 1 ? 3 : 0;
}

const char *nvmlErrorString(int error) {
  return error == 3 ? "Not Supported" : error == 9 ? "Driver Not Loaded" : "Unknown Error";
}
