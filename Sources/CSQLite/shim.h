// SQLite as Swift can import it: the library that GRDB uses, for binding values to its statements.
#include <sqlite3.h>

// SQLite counts what it allocates, behind a lock; nobody asks for it. To be said before anything else is asked of SQLite
// in a process: later it refuses. (sqlite3_config takes any number of arguments, which Swift cannot call.)
static inline int csqlite_count_no_memory(void) { return sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); }
