#pragma once

/// How jemalloc, with which everything is linked on Linux, is to work: it reads this when a process starts.
/// The environment's MALLOC_CONF comes after it and is stronger. jemalloc(3), "TUNING".
extern const char *_Nullable malloc_conf;
