// SQLite as Swift can import it: the library that GRDB uses, for binding values to its statements.
#include <sqlite3.h>
