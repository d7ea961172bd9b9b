/* stream.h - JetStream streams as rows, and what makes a NATS server keep them as the rows say.
 * Every stream of ours is kept in files and by limits: the oldest message goes first, read or not.
 * That suits what an outbox publishes and any number of durable consumers read. */
#ifndef TOOL_STREAM_STREAM_H
#define TOOL_STREAM_STREAM_H

#include "tool/core/call.h"
#include "tool/message/link.h"

enum { STREAM_WHY_MAX = 511, STREAM_REPLICAS_MAX = 5 };

/** What services say has happened: CloudEvents under event.<type>, put there by outbox relays with
 * the outbox id as Nats-Msg-Id, read by durable consumers. */
#define STREAM_EVENTS "EVENTS"

struct stream_spec {
    const char *name; /* "EVENTS": letters, digits, - and _ */
    const char *description;
    const char *subject;  /* what it keeps; wildcards allowed. No two streams may overlap */
    int64_t max_age_s;    /* older messages go */
    int64_t max_bytes;    /* more push out the oldest. The server sets so much of its disk aside */
    int64_t duplicates_s; /* a Nats-Msg-Id seen in the last so many seconds is not stored again; at
                             most max_age_s */
};

struct stream_plan {
    const struct link_config *nats;    /* its loop and metrics are not needed */
    const struct stream_spec *streams; /* the last has a NULL name */
    int replicas;                      /* 1..STREAM_REPLICAS_MAX */
    bool missing_only;                 /* what is there stays as it is */
    /** Told of each stream once it is as it should be: "created with 3 replicas", "updated:
     * replicas 1 -> 3", "unchanged". */
    void (*done)(void *arg, const char *name, const char *what);
    /** Told why it cannot be done yet, again only when that changes. */
    void (*waiting)(void *arg, const char *why);
    void *arg;
};

/** Creates what is missing and updates what differs, stream by stream; never deletes one, and
 * leaves alone what a row does not speak of (placement, sources, deny_delete), as far as this
 * libnats knows it. Doing it again changes nothing; two at a time do no harm. Blocks: tries at
 * least once, and while NATS or JetStream does not answer, or a cluster has no leader or too few
 * servers yet, again until call's deadline; a try can take 2 s a server and then 5 s a question.
 * why says what is wrong, naming stream and fields.
 * ST_OK | ST_UNAVAILABLE (not now; may pass) | ST_UNAUTHENTICATED (user or password) |
 * ST_FORBIDDEN (the user may not do this) | ST_CONFLICT (NATS refuses: a field that cannot be
 * changed, replicas where there is no cluster, no JetStream in this account) | ST_INVALID (the
 * authority's file cannot be read) */
enum status stream_ensure(const struct stream_plan *plan, const struct call *call,
                          char why[STREAM_WHY_MAX + 1]);
/** Makes a stream that is missing, by a connection of its own as `nats` says, and leaves one that
 * is there as it is. Logs what it did, or why it could not; blocks until call's deadline. As
 * stream_ensure. */
enum status stream_make(const struct stream_spec *spec, const struct link_config *nats,
                        int replicas, const struct call *call);

#endif
