// SQLite as Swift can import it: the library that GRDB uses, for what GRDB does not do.
#include <sqlite3.h>

// SQLite counts what it allocates, behind a lock, and nobody asks for the count. This switches it off: before anything
// else is asked of SQLite in a process, later SQLite refuses. (Swift cannot call sqlite3_config, which takes any number
// of arguments.)
static inline int csqlite_count_no_memory(void) { return sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); }
