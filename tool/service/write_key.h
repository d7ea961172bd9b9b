/* write_key.h - under which key a request enters the barrier, and how its outcome stands there. */
#ifndef TOOL_SERVICE_WRITE_KEY_H
#define TOOL_SERVICE_WRITE_KEY_H

#include "tool/service/outcome.h"

struct write_key {
    bool once; /* false: the client gave no key, and need not */
    bool by_saga;
    struct uuid saga_id;        /* by_saga */
    struct request_key request; /* .fingerprint only without by_saga */
};

/** ST_OK | ST_INVALID idempotency_key_required */
enum status write_key_init(struct write_key *key, const struct endpoint *row,
                           const struct call *call, const void *in);
/** The barrier's text for an outcome's. */
void write_key_note(const struct write_key *key, const char *text,
                    char noted[BARRIER_OUTCOME_MAX + 1]);
/** The outcome's text again; NULL when it was noted for another request. */
const char *write_key_text(const struct write_key *key, const char *noted);

#endif
