#include "CJemalloc.h"

// Two arenas, whatever the machine: a service has few threads, and each keeps what it frees at hand anyway. What was
// freed goes back to the system after half a second instead of ten: after a burst, and within it.
const char *malloc_conf = "narenas:2,dirty_decay_ms:500,muzzy_decay_ms:0";
