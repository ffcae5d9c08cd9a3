#pragma once

// libpq as Swift can import it. No policy and no state: only what the importer leaves out (macros of characters), and
// that the library is loaded when its first function is called (PostgreSQL's documentation, chapter 34).

#if __has_include(<postgresql/libpq-fe.h>)
#include <postgresql/libpq-fe.h>
#else
#include <libpq-fe.h>
#endif

static const int CPOSTGRES_SQLSTATE = PG_DIAG_SQLSTATE;
static const int CPOSTGRES_MESSAGE_PRIMARY = PG_DIAG_MESSAGE_PRIMARY;
static const int CPOSTGRES_TABLE_NAME = PG_DIAG_TABLE_NAME;
static const int CPOSTGRES_COLUMN_NAME = PG_DIAG_COLUMN_NAME;
static const int CPOSTGRES_CONSTRAINT_NAME = PG_DIAG_CONSTRAINT_NAME;

/// Why the library cannot be used, in one line; NULL when it can. It is loaded by the first call of this or of one of
/// its functions, which end the process where it cannot be used.
const char *_Nullable cpostgres_obstacle(void);
