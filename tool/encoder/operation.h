/* operation.h - one request/reply subject, described once, for the service that answers it, the
 * proxies that ask it, the gateway's OpenAPI and discovery. */
#ifndef TOOL_ENCODER_OPERATION_H
#define TOOL_ENCODER_OPERATION_H

#include "tool/encoder/descriptor.h"

/* An error this operation answers beyond the usual 400, 401, 503, 504. */
struct operation_error {
    enum status status;
    const char *code;
    const char *when; /* a sentence for OpenAPI */
};

/* The rows of what has its effect once by Idempotency-Key; the last one where it must have one. */
#define OPERATION_ONCE_BY_KEY                                                                      \
    {ST_UNPROCESSABLE, "idempotency_key_reused",                                                   \
     "The Idempotency-Key came with another request."},                                            \
    {                                                                                              \
        ST_CONFLICT, "in_progress", "The first request of this Idempotency-Key is still at it."    \
    }
#define OPERATION_KEY_REQUIRED                                                                     \
    {                                                                                              \
        ST_INVALID, "idempotency_key_required", "There is no Idempotency-Key."                     \
    }

enum access_kind {
    ACCESS_ANYBODY,
    ACCESS_CALLER,        /* any verified caller */
    ACCESS_ROLE,          /* who has one of roles */
    ACCESS_OWNER,         /* whose id is in the request */
    ACCESS_OWNER_OR_ROLE, /* either of the two */
};

/* Who may ask. The caller is verified by the gateway and travels as Auth-Subject and Auth-Roles;
 * who answers decides: 401 for nobody and 403 for the wrong role before the request is read, 403
 * for another's id as soon as that id is, whether there is anything of that id or not. */
struct access {
    enum access_kind kind;
    const char *roles; /* space separated; one of them is enough */
    size_t offset;     /* offsetof, in the request, the struct uuid that must be the caller's */
};

struct operation {
    const char *subject; /* "user.get"; its first token is the service */
    const char *summary;
    const struct descriptor *request; /* NULL = empty object */
    const struct descriptor *reply;   /* NULL = empty object */
    bool idempotent; /* asking twice has the effect of once: only then is it ever asked again */
    bool internal;   /* asked by other services only, also by newer ones: members it does not know
                        are skipped; no route may lead to it */
    bool waits;      /* with Prefer: wait it answers when what it started has ended */
    bool cacheable;  /* answers everybody the same: a route may say cache=public */
    bool fresh;      /* too grave for a token whose session may have ended: a route to it says
                        auth=fresh */
    const char *pending; /* when it answers 202, accepted and not decided yet: a sentence for
                            OpenAPI; NULL = never */
    struct access access;
    const struct operation_error *errors; /* ends with {ST_OK, NULL, NULL}; NULL = none */
};

/** Is this one of its errors, or one of the usual ones? A bug, ST_INTERNAL, may have any code.
 * ST_PENDING: is it .pending? */
bool operation_declares(const struct operation *op, enum status st, const char *code);
/** Does an Idempotency-Key count, as its errors have it? */
bool operation_takes_key(const struct operation *op);
/** Is it refused without one? */
bool operation_needs_key(const struct operation *op);

#endif
