/* stream.c - asks for each stream, then creates or updates it. JetStream's calls of libnats block
 * and need its threads, so this is an ordinary connection and none of the loop's. */
#include "tool/stream/stream.h"

#include <nats/nats.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "tool/core/log.h"
#include "tool/core/mem.h"
#include "tool/message/link_options.h"
#include "tool/stream/stream_config.h"

enum { CONNECT_TIMEOUT_MS = 2000, ANSWER_TIMEOUT_MS = 5000, CHANGES_MAX = 383 };

struct session {
    natsConnection *nc;
    jsCtx *js;
    char *why; /* STREAM_WHY_MAX + 1 bytes */
};

static enum status explain(const struct session *session, enum status st, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

static enum status explain(const struct session *session, enum status st, const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    vsnprintf(session->why, STREAM_WHY_MAX + 1, fmt, args);
    va_end(args);
    return st;
}

/* Of the failure just now. libnats puts "(file.c:123): " of its own before it. */
static const char *error_text(natsStatus s)
{
    natsStatus last;
    const char *text = nats_GetLastError(&last);
    const char *after = text && text[0] == '(' ? strstr(text, "): ") : NULL;

    if (!text || text[0] == '\0' || last != s)
        return natsStatus_GetText(s);
    return after ? after + 3 : text;
}

/* ---- the connection ---- */

/* What happens in between is asked for when a question fails; libnats would print it. */
static void ignore_error(natsConnection *nc, natsSubscription *sub, natsStatus s, void *arg)
{
    (void)nc;
    (void)sub;
    (void)s;
    (void)arg;
}

static natsStatus set_options(natsOptions *o, const struct link_config *config)
{
    char inbox[64];
    natsStatus s = link_options_set(o, config);

    snprintf(inbox, sizeof(inbox), "_INBOX.%s", config->name);
    if (s == NATS_OK)
        s = natsOptions_SetCustomInboxPrefix(o, inbox);
    if (s == NATS_OK)
        s = natsOptions_SetTimeout(o, CONNECT_TIMEOUT_MS);
    if (s == NATS_OK) /* a lost connection is a failed try: the next has its own */
        s = natsOptions_SetAllowReconnect(o, false);
    if (s == NATS_OK)
        s = natsOptions_SetErrorHandler(o, ignore_error, NULL);
    return s;
}

static enum status cannot_connect(const struct session *session, natsStatus s)
{
    if (s == NATS_CONNECTION_AUTH_FAILED)
        return explain(session, ST_UNAUTHENTICATED, "NATS refuses the user or its password");
    return explain(session, ST_UNAVAILABLE, "cannot connect to NATS: %s", error_text(s));
}

static enum status session_open(struct session *session, const struct link_config *config)
{
    jsOptions js_options;
    natsOptions *o = NULL;
    enum status st = ST_OK;
    natsStatus s;

    jsOptions_Init(&js_options);
    js_options.Wait = ANSWER_TIMEOUT_MS;
    s = natsOptions_Create(&o);
    if (s == NATS_OK)
        s = set_options(o, config);
    if (s != NATS_OK) {
        st = explain(session, ST_INVALID, "no certificates can be read from %s", config->tls_ca);
        goto out;
    }
    s = natsConnection_Connect(&session->nc, o);
    if (s == NATS_OK)
        s = natsConnection_JetStream(&session->js, session->nc, &js_options);
    if (s != NATS_OK)
        st = cannot_connect(session, s);
out:
    natsOptions_Destroy(o);
    return st;
}

static void session_close(struct session *session)
{
    jsCtx_Destroy(session->js);
    natsConnection_Destroy(session->nc);
}

/* ---- one stream ---- */

/* Nobody there, or what a cluster says that is still gathering or has lost too many. */
static bool may_pass(const struct session *session, natsStatus s, jsErrCode code)
{
    if (s == NATS_TIMEOUT || s == NATS_NO_RESPONDERS || natsConnection_IsClosed(session->nc))
        return true;
    switch ((int)code) {
    case JSClusterIncompleteErr:
    case JSClusterNoPeersErr:
    case JSClusterNotAvailErr:
    case JSClusterNotLeaderErr:
    case JSInsufficientResourcesErr:
    case JSStreamOfflineErr:
        return true;
    default:
        return false;
    }
}

static enum status refused(const struct session *session, const char *name, const char *what,
                           natsStatus s, jsErrCode code)
{
    enum status st = may_pass(session, s, code) ? ST_UNAVAILABLE : ST_CONFLICT;
    const char *denied = NULL;

    /* A question that is not allowed stays without an answer. */
    if (natsConnection_GetLastError(session->nc, &denied) == NATS_NOT_PERMITTED)
        return explain(session, ST_FORBIDDEN, "%s: %s: %s", name, what, denied);
    if (s == NATS_NO_RESPONDERS)
        return explain(session, st, "%s: %s: nobody answers: is JetStream enabled?", name, what);
    if (s == NATS_TIMEOUT)
        return explain(session, st, "%s: %s: JetStream does not answer", name, what);
    return explain(session, st, "%s: %s: %s", name, what, error_text(s));
}

static enum status create(const struct session *session, const struct stream_plan *plan,
                          const struct stream_spec *spec)
{
    jsStreamConfig config;
    jsErrCode code = 0;
    char what[64];
    natsStatus s;

    jsStreamConfig_Init(&config);
    stream_config_apply(&config, spec, plan->replicas);
    s = js_AddStream(NULL, session->js, &config, NULL, &code);
    if (s != NATS_OK) {
        snprintf(what, sizeof(what), "cannot create with replicas %d", plan->replicas);
        return refused(session, spec->name, what, s, code);
    }
    snprintf(what, sizeof(what), "created with replicas %d", plan->replicas);
    plan->done(plan->arg, spec->name, what);
    return ST_OK;
}

/* A server by itself says yes to more replicas and keeps one (seen with 2.9 to 2.12). It speaks of
 * no cluster, or, from 2.10 on, of one without a name. */
static bool is_clustered(const jsClusterInfo *cluster)
{
    return cluster && cluster->Name && cluster->Name[0] != '\0';
}

static enum status update(const struct session *session, const struct stream_plan *plan,
                          const struct stream_spec *spec, const jsStreamInfo *info)
{
    const jsStreamConfig *present = info->Config;
    jsStreamConfig wanted = *present;
    char changes[CHANGES_MAX + 1], what[CHANGES_MAX + 32];
    jsErrCode code = 0;
    natsStatus s;

    if (plan->missing_only) {
        plan->done(plan->arg, spec->name, "unchanged");
        return ST_OK;
    }
    if (plan->replicas > 1 && !is_clustered(info->Cluster))
        return explain(session, ST_CONFLICT, "%s: cannot update replicas %d -> %d: %s", spec->name,
                       (int)present->Replicas, plan->replicas, "this NATS is no cluster");
    stream_config_apply(&wanted, spec, plan->replicas);
    if (stream_config_diff(present, &wanted, changes, sizeof(changes)) == 0) {
        plan->done(plan->arg, spec->name, "unchanged");
        return ST_OK;
    }
    s = js_UpdateStream(NULL, session->js, &wanted, NULL, &code);
    if (s != NATS_OK) {
        snprintf(what, sizeof(what), "cannot update %s", changes);
        return refused(session, spec->name, what, s, code);
    }
    snprintf(what, sizeof(what), "updated: %s", changes);
    plan->done(plan->arg, spec->name, what);
    return ST_OK;
}

static enum status ensure_one(const struct session *session, const struct stream_plan *plan,
                              const struct stream_spec *spec)
{
    jsStreamInfo *info = NULL;
    jsErrCode code = 0;
    natsStatus s = js_GetStreamInfo(&info, session->js, spec->name, NULL, &code);
    enum status st;

    if (s == NATS_OK)
        st = update(session, plan, spec, info);
    else if (code == JSStreamNotFoundErr)
        st = create(session, plan, spec);
    else
        st = refused(session, spec->name, "cannot look at it", s, code);
    jsStreamInfo_Destroy(info);
    return st;
}

/* ---- all of them ---- */

/* *next is the first stream that is not done yet. */
static enum status try_once(const struct stream_plan *plan, const struct stream_spec **next,
                            char why[STREAM_WHY_MAX + 1])
{
    struct session session = {.why = why};
    enum status st = session_open(&session, plan->nats);

    while (st == ST_OK && (*next)->name) {
        st = ensure_one(&session, plan, *next);
        if (st == ST_OK)
            (*next)++;
    }
    session_close(&session);
    return st;
}

enum status stream_ensure(const struct stream_plan *plan, const struct call *call,
                          char why[STREAM_WHY_MAX + 1])
{
    const struct timespec pause = {.tv_nsec = 250000000};
    const struct stream_spec *next = plan->streams;
    char told[STREAM_WHY_MAX + 1] = "";
    enum status st;

    for (;;) {
        st = try_once(plan, &next, why);
        if (st != ST_UNAVAILABLE || call_expired(call))
            return st;
        if (strcmp(told, why) != 0)
            plan->waiting(plan->arg, why);
        TEXT_COPY(told, why);
        nanosleep(&pause, NULL); /* lint: allow sleep a thread that only waits */
    }
}

static void log_made(void *arg, const char *name, const char *what)
{
    (void)arg;
    log_warn("a stream was missing", LOG_TEXT("stream", name), LOG_TEXT("now", what));
}

static void ignore_waiting(void *arg, const char *why)
{
    (void)arg;
    (void)why;
}

enum status stream_make(const struct stream_spec *spec, const struct link_config *nats,
                        int replicas, const struct call *call)
{
    const struct stream_spec streams[] = {*spec, {.name = NULL}};
    struct stream_plan plan = {.nats = nats,
                               .streams = streams,
                               .replicas = replicas,
                               .missing_only = true,
                               .done = log_made,
                               .waiting = ignore_waiting};
    char why[STREAM_WHY_MAX + 1] = "";
    enum status st = stream_ensure(&plan, call, why);

    if (st != ST_OK)
        log_warn("a stream is missing and cannot be made", LOG_TEXT("stream", spec->name),
                 LOG_STATUS(st), LOG_TEXT("why", why));
    return st;
}
