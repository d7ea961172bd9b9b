/* service.h - the skeleton every main calls: settings, log, pool, NATS, endpoints, sagas, admin
 * listener, signals, drain. A service is tables plus start() that wires its use cases. */
#ifndef TOOL_SERVICE_SERVICE_H
#define TOOL_SERVICE_SERVICE_H

#include "tool/job/job.h"
#include "tool/proxy/proxy.h"
#include "tool/dbc/purge.h"
#include "tool/event/hearer.h"
#include "tool/once/barrier.h"
#include "tool/outbox/outbox.h"
#include "tool/outside/outsider.h"
#include "tool/page/cursor.h"
#include "tool/resilience/breaker.h"
#include "tool/saga/saga.h"
#include "tool/service/endpoint.h"
#include "tool/service/setting.h"
#include "tool/store/invariant.h"
#include "tool/store/store.h"
#include "tool/store/tally.h"
#include "tool/sweep/sweeper.h"

/** Told one subject. */
typedef void (*subject_fn)(void *arg, const char *subject);

struct service_pool {
    const char *name;
    unsigned threads, queue; /* defaults; settings --<name>-threads and --<name>-queue */
};

/* A table of the service's schema: its store is made before start(), checked against the schema as
 * soon as the database answers (not ready before; a slip ends the process), freed after stop(). */
struct service_store {
    const struct table *table;
    size_t self; /* offsetof its struct store * in the service's struct */
};

/* Rows of a table whose time is over (tool/sweep/sweeper.h), looked for by a job called "sweep_"
 * and the name. The sweeper is made before start() and ended after stop(). */
struct service_sweep {
    const char *name; /* label of its metrics: "hold" */
    size_t sweeper;   /* offsetof a struct sweeper in the service's struct */
    size_t arg;       /* offsetof, likewise, what ask and act are given */
    enum sweep_answer (*ask)(void *arg, const struct call *call, struct uuid id); /* NULL = the
                                                            row's own clock decides */
    enum status (*act)(void *arg, struct transaction *tx, const struct call *call, struct uuid id);
    struct sweep_table table;
    int every_ms;
    /* 0 = 5000 of a run, 10000, 1000, 60000 ms and 32 rows; as in struct sweeper_config. */
    int timeout_ms;
    int64_t lease_ms, ask_ms, grace_ms;
    size_t batch;
};

/* Who is asked over HTTP and is none of ours (tool/outside): its struct remote is there before
 * start(), and freed after stop(). Offsets are in the service's struct. */
struct service_outsider {
    const char *name;  /* label of its metrics: "payment_provider" */
    size_t remote;     /* of a struct remote * */
    size_t url;        /* of a setting whose .check is outsider_url_check */
    size_t timeout_ms; /* of an int64_t: how long one question is waited for */
    const struct outside_row *rows;
    size_t n_rows;
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
    struct remote *remote; /* the same, for use cases: what the service .calls */
    struct link *link;
    struct dbc_pool *db; /* NULL without .database, like the two below */
    struct transactor *transactor;
    struct barrier *barrier;
    struct outbox *outbox;             /* what its use cases say; NULL without .says */
    const char *secret;                /* that all instances share and that outlives them, for
                                          digest_derive: the database's password */
    const struct cursor_key *cursors;  /* seals the cursors of its lists; NULL without .database, or
                                          when no endpoint takes one */
    struct saga_engine *sagas;         /* NULL without .sagas */
    struct dead_letters *dead_letters; /* NULL without .hears, like the next */
    struct hearer *hearer;             /* replays and drops dead letters */
};

/** True, or it does not compile: where the struct begins, and what is at offset 0. */
#define IS_FIRST(type_, member_) (sizeof(char[offsetof(type_, member_) == 0 ? 1 : -1]) == 1)

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
    const struct service_outsider *outsiders; /* what it asks others than ours */
    size_t n_outsiders;
    const struct breaker_policy *breakers; /* of subjects among the calls; for all others the
                                              default is right */
    size_t n_breakers;
    const struct job *jobs; /* begin once it has started, end with the drain */
    size_t n_jobs;
    const struct service_sweep *sweeps; /* likewise; needs .database */
    size_t n_sweeps;
    const struct service_store *stores; /* needs .database */
    size_t n_stores;
    const struct event_type *const *says; /* what its use cases say has happened, NULL-terminated;
                                             nothing else may be said. Needs .database */
    const struct hearing *hears; /* the events it handles. Needs .database, and in it the tables
                                    processed_message, job_lease and dead_letter */
    size_t n_hears;
    const struct invariant *invariants; /* of its schema; NULL = none. Like the sets, for doctor */
    const struct id_set *id_sets;
    const struct purge_row *purges; /* of its own tables, what is as old as --message-retention-s
                                       says goes every hour; NULL = nothing */
    const struct tally
        *tallies; /* how many rows of each kind there are, for /metrics; NULL = none */
    bool database, sagas;
    bool unnamed_self; /* IS_FIRST(its struct, a member): what rows that name no .self are given;
                          false = each of endpoints, hears, jobs and sweeps names its own */
    bool computes;     /* a lot: its process steps back, as a session (tool/core/step_back.h) */
    /** Wires. ST_OK, or anything else after a log line that says why: the process ends with 1. */
    enum status (*start)(void *self, const struct service_run *run);
    /** Nothing runs any more. NULL = nothing to do. */
    void (*stop)(void *self);
    /** Loop thread, once a SIGTERM came: stop taking new work. NULL = nothing. */
    void (*drain)(void *self);
    /** Loop thread: work still in hand beyond endpoints and sagas? NULL = none. */
    bool (*busy)(void *self);
    /** Loop thread: the drain has run out of time, the process ends when this returns, stop() is
     * not called: says so to who still waits, within a second. NULL = nothing. */
    void (*late)(void *self);
    /** Loop thread: may it serve, beyond NATS and database? *why otherwise. NULL = yes. */
    bool (*ready)(void *self, const char **why);
    /** Loop thread, on SIGHUP. NULL = nothing. */
    void (*reload)(void *self);
    /** Asked before anything is begun: prints what a flag of its own asks for, and has said all
     * there is to say, or false. NULL = has no flags. */
    bool (*tells)(void *self);
    /** Subjects it asks beyond calls, by its settings; it has not been started. NULL = none. */
    void (*more_calls)(void *self, subject_fn say, void *arg);
    /** The same: subjects it listens to beside what it serves. */
    void (*listens)(void *self, subject_fn say, void *arg);
};

/** Runs the service until SIGTERM or SIGINT; the process's exit code. */
int service_main(int argc, char **argv, const struct service *service);

#endif
