/* responder.h - request subjects as NATS micro endpoints (ADR-32), with discovery and statistics.
 * The loop only hands a message to its handler, which must not block: it moves it into a bounded
 * pool or answers at once. Loop thread unless said otherwise. */
#ifndef TOOL_MESSAGE_RESPONDER_H
#define TOOL_MESSAGE_RESPONDER_H

#include "tool/core/json_out.h"
#include "tool/core/loop_task.h"
#include "tool/message/link.h"
#include "tool/message/message.h"

struct responder;
struct responder_request; /* one request being worked on; ends with exactly one answer */

/** Loop thread. Owns request: answers it sooner or later, from any thread. */
typedef void (*responder_handler_fn)(void *arg, struct responder_request *request);

struct responder_spec {
    const char *subject; /* "user.get"; the endpoint's name is what is behind the first dot, with
                            '-' for further ones */
    responder_handler_fn fn;
    void *arg;
    const char *request_schema, *reply_schema; /* JSON, for discovery metadata; NULL = none */
    bool everyone; /* every instance answers; otherwise one of them (queue group "q") */
};

struct responder_config {
    struct link *link;
    struct loop *loop;
    const struct clock *clock;
    struct metrics *metrics;
    const char *name, *version, *description; /* of the service */
    const struct responder_spec *endpoints;
    size_t n_endpoints;
    /** Members, texts all of them, for the metadata of the service, loop thread; NULL = none. */
    void (*metadata)(void *arg, struct json_out *o);
    /** More members for STATS' "data" object (breaker states ...), loop thread; NULL = none. */
    void (*stats_data)(void *arg, struct json_out *o);
    void *arg;
};

/** Everything borrowed. Subscribes on every connection. */
struct responder *responder_create(const struct responder_config *config);
/** Stops taking requests (drain): unsubscribes. What is in hand or on its way here is still handled
 * and answered. Once is enough. */
void responder_stop(struct responder *server);
/** Requests not yet answered; after a stop not 0 either while some may still be on their way. */
unsigned responder_open(const struct responder *server);
/** Nothing may be open, and the loop no longer runs. NULL is fine. */
void responder_destroy(struct responder *server);

const struct message *responder_request_message(const struct responder_request *request);
/** When the loop received it: clock_now_ms. Statistics count from here: they cover the work. */
int64_t responder_request_since_ms(const struct responder_request *request);
/** Any thread; ends request. out->subject is ignored (the reply subject is known; when the caller
 * wants no answer nothing is sent). problem NULL = success; else the error headers and Retry-After
 * are added, out->data is its JSON, and STATS count an error. What is larger than
 * MESSAGE_PAYLOAD_MAX or than the server takes becomes a problem "reply_too_large". together: NULL,
 * or takes what the loop has to be woken for, by loop_post_all. */
void responder_answer(struct responder_request *request, const struct message_out *out,
                      const struct problem *problem, struct loop_tasks *together);

#endif
