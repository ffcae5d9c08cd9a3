#include "CPostgres.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

// libpq brings some twenty libraries more, 4.5 MiB of a process, which only needs them with PostgreSQL as its store.
#ifdef __APPLE__
#define LIBRARY "libpq.5.dylib"
#else
#define LIBRARY "libpq.so.5"
#endif

// Result, name, parameters and arguments of each function that is used; the compiler compares them with libpq-fe.h.
#define FUNCTIONS(F)                                                                                                   \
    F(int, PQbackendPID, (const PGconn *connection), (connection))                                                     \
    F(void, PQclear, (PGresult * result), (result))                                                                    \
    F(char *, PQcmdStatus, (PGresult * result), (result))                                                              \
    F(char *, PQcmdTuples, (PGresult * result), (result))                                                              \
    F(PGconn *, PQconnectdbParams, (const char *const *keys, const char *const *values, int expands),                  \
      (keys, values, expands))                                                                                         \
    F(void, PQconninfoFree, (PQconninfoOption * options), (options))                                                   \
    F(PQconninfoOption *, PQconninfoParse, (const char *text, char **problem), (text, problem))                        \
    F(int, PQconsumeInput, (PGconn * connection), (connection))                                                        \
    F(int, PQenterPipelineMode, (PGconn * connection), (connection))                                                   \
    F(char *, PQerrorMessage, (const PGconn *connection), (connection))                                                \
    F(PGresult *, PQexec, (PGconn * connection, const char *query), (connection, query))                               \
    F(void, PQfinish, (PGconn * connection), (connection))                                                             \
    F(int, PQflush, (PGconn * connection), (connection))                                                               \
    F(char *, PQfname, (const PGresult *result, int column), (result, column))                                         \
    F(void, PQfreemem, (void *memory), (memory))                                                                       \
    F(Oid, PQftype, (const PGresult *result, int column), (result, column))                                            \
    F(PGresult *, PQgetResult, (PGconn * connection), (connection))                                                    \
    F(int, PQgetisnull, (const PGresult *result, int row, int column), (result, row, column))                          \
    F(int, PQgetlength, (const PGresult *result, int row, int column), (result, row, column))                          \
    F(char *, PQgetvalue, (const PGresult *result, int row, int column), (result, row, column))                        \
    F(int, PQisBusy, (PGconn * connection), (connection))                                                              \
    F(int, PQnfields, (const PGresult *result), (result))                                                              \
    F(PGnotify *, PQnotifies, (PGconn * connection), (connection))                                                     \
    F(int, PQntuples, (const PGresult *result), (result))                                                              \
    F(const char *, PQparameterStatus, (const PGconn *connection, const char *name), (connection, name))               \
    F(int, PQpipelineSync, (PGconn * connection), (connection))                                                        \
    F(char *, PQresultErrorField, (const PGresult *result, int code), (result, code))                                  \
    F(char *, PQresultErrorMessage, (const PGresult *result), (result))                                                \
    F(ExecStatusType, PQresultStatus, (const PGresult *result), (result))                                              \
    F(int, PQsendFlushRequest, (PGconn * connection), (connection))                                                    \
    F(int, PQsendPrepare,                                                                                              \
      (PGconn * connection, const char *name, const char *query, int count, const Oid *types),                         \
      (connection, name, query, count, types))                                                                         \
    F(int, PQsendQueryParams,                                                                                          \
      (PGconn * connection, const char *query, int count, const Oid *types, const char *const *values,                 \
       const int *lengths, const int *formats, int format),                                                            \
      (connection, query, count, types, values, lengths, formats, format))                                             \
    F(int, PQsendQueryPrepared,                                                                                        \
      (PGconn * connection, const char *name, int count, const char *const *values, const int *lengths,                \
       const int *formats, int format),                                                                                \
      (connection, name, count, values, lengths, formats, format))                                                     \
    F(int, PQserverVersion, (const PGconn *connection), (connection))                                                  \
    F(PQnoticeProcessor, PQsetNoticeProcessor, (PGconn * connection, PQnoticeProcessor processor, void *context),      \
      (connection, processor, context))                                                                                \
    F(int, PQsetnonblocking, (PGconn * connection, int is), (connection, is))                                          \
    F(int, PQsocket, (const PGconn *connection), (connection))                                                         \
    F(ConnStatusType, PQstatus, (const PGconn *connection), (connection))

#define POINTER(result, name, parameters, arguments) __typeof__(&name) name;
static struct {
    FUNCTIONS(POINTER)
} library;

static pthread_once_t once = PTHREAD_ONCE_INIT;
static char obstacle[512];

static void load(void) {
    void *handle = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);
    if (!handle) {
        snprintf(obstacle, sizeof obstacle, "PostgreSQL's library cannot be loaded: %s", dlerror());
        return;
    }
#define FIND(result, name, parameters, arguments)                                                                      \
    if (!(library.name = (__typeof__(&name))dlsym(handle, #name))) {                                                   \
        snprintf(obstacle, sizeof obstacle, "%s has no %s: version 14 is needed", LIBRARY, #name);                     \
        return;                                                                                                        \
    }
    FUNCTIONS(FIND)
}

const char *cpostgres_obstacle(void) {
    pthread_once(&once, load);
    return obstacle[0] ? obstacle : NULL;
}

static void need(void) {
    if (cpostgres_obstacle()) {
        fprintf(stderr, "%s\n", obstacle);
        abort();
    }
}

#define CALL(result, name, parameters, arguments)                                                                      \
    result name parameters {                                                                                           \
        need();                                                                                                        \
        return library.name arguments;                                                                                 \
    }
FUNCTIONS(CALL)
