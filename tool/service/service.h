/* service.h - the skeleton every main calls: settings, log, pool, NATS, endpoints, sagas, admin
 * listener, signals, drain. A service is tables plus start() that wires its use cases. */
#ifndef TOOL_SERVICE_SERVICE_H
#define TOOL_SERVICE_SERVICE_H

#include "tool/encoder/operation.h"
#include "tool/proxy/proxy.h"
#include "tool/once/barrier.h"
#include "tool/saga/saga.h"
#include "tool/service/setting.h"

/** The shape of a use case: self, who and until when, decoded request, zeroed reply. */
typedef enum status (*usecase_fn)(void *self, const struct call *call, const void *in, void *out);

/** Told one subject. */
typedef void (*subject_fn)(void *arg, const char *subject);

struct service_pool {
    const char *name;
    unsigned threads, queue; /* defaults; settings --<name>-threads and --<name>-queue */
};

/* One request subject. Decoding, validation, encoding, error replies, deadline, metrics, log line
 * and statistics are the skeleton's. */
struct endpoint {
    const struct operation *op;
    size_t self; /* offsetof the use-case object in the service's struct */
    usecase_fn run;
    usecase_fn check; /* more validation; called also when fields were wrong already; NULL = none */
    /* With Prefer: wait, asked after run what became of it: ST_PENDING (not ended; asked again),
     * ST_OK (ended well, the reply changed accordingly), a refusal or any error with a code of its
     * own (it ended so), another error (not to be known now; asked again). Changes the reply only
     * with ST_OK: it is the answer when the time is over. NULL = does not wait. */
    usecase_fn wait;
    size_t wait_key;  /* offsetof, in the reply, the struct uuid of the saga that is waited for */
    size_t etag;      /* offsetof, in the reply, the int64_t version sent as ETag; 0 = none */
    const char *pool; /* which of the service's pools runs it */
    int timeout_ms;   /* when the caller names none */
};

/* What the skeleton has ready when start() is called; everything borrowed. */
struct service_run {
    struct loop *loop;
    const struct clock *clock;
    const struct entropy *entropy;
    struct metrics *metrics;
    struct message_client *client;
    struct breakers *breakers;
    struct proxy *proxy;
    struct link *link;
    struct dbc_pool *db; /* NULL without .database, like the three below */
    struct transactor *transactor;
    struct barrier *barrier;
    struct saga_engine *sagas; /* NULL without .sagas */
};

struct service {
    const char *name, *summary;
    size_t size; /* of the service's struct: settings, use cases; zeroed, then settings filled in */
    const struct setting *settings;
    size_t n_settings;
    const struct service_pool *pools;
    size_t n_pools;
    const struct endpoint *endpoints;
    size_t n_endpoints;
    const struct operation *const *calls; /* what it asks other services; nothing else may be */
    size_t n_calls;
    bool database, sagas;
    /** Wires. ST_OK, or anything else after a log line that says why: the process ends with 1. */
    enum status (*start)(void *self, const struct service_run *run);
    /** Nothing runs any more. NULL = nothing to do. */
    void (*stop)(void *self);
    /** Loop thread, once a SIGTERM came: stop taking new work. NULL = nothing. */
    void (*drain)(void *self);
    /** Loop thread: work still in hand beyond endpoints and sagas? NULL = none. */
    bool (*busy)(void *self);
    /** Loop thread: may it serve, beyond NATS and database? *why otherwise. NULL = yes. */
    bool (*ready)(void *self, const char **why);
    /** Loop thread, on SIGHUP. NULL = nothing. */
    void (*reload)(void *self);
    /** Subjects it asks beyond calls, by its settings; it has not been started. NULL = none. */
    void (*more_calls)(void *self, subject_fn say, void *arg);
};

/** Runs the service until SIGTERM or SIGINT; the process's exit code. */
int service_main(int argc, char **argv, const struct service *service);

#endif
