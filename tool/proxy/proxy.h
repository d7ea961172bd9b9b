/* proxy.h - a typed message out, a typed reply back: how a worker thread asks another service. */
#ifndef TOOL_PROXY_PROXY_H
#define TOOL_PROXY_PROXY_H

#include "tool/encoder/operation.h"
#include "tool/message/client.h"
#include "tool/remote/remote.h"

struct proxy;

struct proxy_config {
    struct message_client *client;
    struct loop *loop;
    const struct operation *const *calls; /* what may be asked: NATS refuses the rest silently */
    size_t n_calls;
};

/** Everything borrowed. */
struct proxy *proxy_create(const struct proxy_config *config);
/** Nobody is in proxy_call any more. NULL is fine. */
void proxy_destroy(struct proxy *proxy);
/** The same services, for use cases: asks as proxy_ask does. Lives as long as proxy. */
struct remote *proxy_remote(struct proxy *proxy);
/** Encodes request by op->request, sends it with what travels in call, waits for the answer until
 * call->deadline_ms, decodes it (leniently) into reply by op->reply; reply NULL: nobody reads it.
 * Asks once; whoever retries knows why. Any thread but the loop's. An error reply becomes its
 * status, with code and detail in call->problem; so does what goes wrong on the way. ST_OK |
 * ST_PENDING (202: it has not decided yet; reply stays as it is) | the service's refusal |
 * ST_UNAVAILABLE (it may have happened) | ST_OVERLOADED | ST_TOO_LARGE | ST_TIMEOUT (it may have
 * happened) | ST_INTERNAL (the reply makes no sense, or op is not among the calls) */
enum status proxy_call(struct proxy *proxy, const struct call *call, const struct operation *op,
                       const void *request, void *reply);
/** The same; *asked is false when the question has reached nobody (no connection, a breaker that is
 * open, nobody there who answers it): then nothing has happened. */
enum status proxy_ask(struct proxy *proxy, const struct call *call, const struct operation *op,
                      const void *request, void *reply, bool *asked);

#endif
