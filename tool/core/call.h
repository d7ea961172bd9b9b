/* call.h - what travels with one piece of work: until when, for whom, under which id. */
#ifndef TOOL_CORE_CALL_H
#define TOOL_CORE_CALL_H

#include <stdbool.h>
#include <stdint.h>

#include "tool/core/clock.h"
#include "tool/core/problem.h"
#include "tool/core/status.h"
#include "tool/core/uuid.h"

enum {
    CALL_REQUEST_ID_MAX = 64,
    CALL_TRACEPARENT_MAX = 55,
    CALL_TRACESTATE_MAX = 512,
    CALL_USER_MAX = 36,
    CALL_ROLES_MAX = 127,
    CALL_CLIENT_MAX = 63,
    CALL_AGENT_MAX = 100,
    CALL_IDEMPOTENCY_KEY_MAX = 128,
    CALL_ANY_VERSION = -1, /* of if_version: whatever there is */
    CALL_NO_VERSION = -2,  /* one that nothing has */
};

struct call {
    const struct clock *clock;
    int64_t deadline_ms;     /* of clock_now_ms(); work not done by then is useless */
    struct problem *problem; /* why it was refused; NULL = nobody asks */
    char request_id[CALL_REQUEST_ID_MAX + 1];   /* X-Request-Id; "" = none */
    char traceparent[CALL_TRACEPARENT_MAX + 1]; /* W3C trace context; "" = none */
    char tracestate[CALL_TRACESTATE_MAX + 1];   /* what others add to the trace; "" = nothing */
    char user[CALL_USER_MAX + 1];               /* Auth-Subject, a UUID; "" = not authenticated */
    char roles[CALL_ROLES_MAX + 1];             /* Auth-Roles, space separated */
    struct uuid session;                        /* Auth-Session, of the access token; nil = none */
    char client[CALL_CLIENT_MAX + 1]; /* Auth-Client, the address of who asks; "" = not over HTTP */
    char agent[CALL_AGENT_MAX + 1];   /* Auth-Agent, what it says it is: printable; "" = nothing */
    char idempotency_key[CALL_IDEMPOTENCY_KEY_MAX + 1]; /* "" = none */
    int32_t wait_ms;                                    /* Prefer: wait, 0 = do not wait */
    struct uuid saga_id;    /* of the saga it is part of; nil = of none */
    const char *saga_state; /* "PROCESSING": the state that saga is in once this is committed; NULL
                               = not known */
    int64_t if_version; /* If-Match: change only this version, else ST_STALE; 0 = any, or none */
};

/** Milliseconds left, never below 0. */
int64_t call_left_ms(const struct call *call);
bool call_expired(const struct call *call);
/** A copy of call whose deadline is at most timeout_ms from now, writing refusals to problem. */
struct call call_within(const struct call *call, int64_t timeout_ms, struct problem *problem);
/** True when role is one of the space separated roles. */
bool call_has_role(const struct call *call, const char *role);
/** Explains a refusal in call->problem (when there is one) and returns st:
 *  return call_fail(call, ST_CONFLICT, "login_id_taken", "This login id is taken."); */
enum status call_fail(const struct call *call, enum status st, const char *code, const char *fmt,
                      ...) __attribute__((format(printf, 4, 5)));

#endif
