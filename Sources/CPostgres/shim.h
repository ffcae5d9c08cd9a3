// libpq as Swift can import it. No policy and no state: only what the importer leaves out (macros of characters).
#ifndef CPOSTGRES_SHIM_H
#define CPOSTGRES_SHIM_H

#include <libpq-fe.h>

static const int CPOSTGRES_SQLSTATE = PG_DIAG_SQLSTATE;
static const int CPOSTGRES_MESSAGE_PRIMARY = PG_DIAG_MESSAGE_PRIMARY;
static const int CPOSTGRES_TABLE_NAME = PG_DIAG_TABLE_NAME;
static const int CPOSTGRES_COLUMN_NAME = PG_DIAG_COLUMN_NAME;
static const int CPOSTGRES_CONSTRAINT_NAME = PG_DIAG_CONSTRAINT_NAME;

#endif
