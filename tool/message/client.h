/* client.h - asynchronous request/reply: a slot table with generations, one timer wheel, one inbox
 * subscription per downstream service, so that "no responders" is known at once and for the right
 * service (facts of libnats: NextMsg hands that 503 over without its subject). Loop thread only. */
#ifndef TOOL_MESSAGE_CLIENT_H
#define TOOL_MESSAGE_CLIENT_H

#include "tool/message/link.h"
#include "tool/message/message.h"
#include "tool/resilience/breaker.h"

struct message_client;

/** Exactly once for each accepted request, in the loop thread, never from inside
 * message_client_request. st: ST_OK (reply, errors of the service included: see its headers; borrowed) |
 * ST_UNAVAILABLE (not connected, no responders, breaker open; or the link broke: it may have been
 * executed) | ST_TIMEOUT. reply is NULL unless ST_OK. */
typedef void (*message_reply_fn)(void *arg, enum status st, const struct message *reply);

struct message_client_config {
    struct link *link;
    struct loop *loop;
    struct breakers *breakers; /* one per subject is kept here; NULL = no breakers */
    const struct clock *clock;
    struct metrics *metrics;
    unsigned slots; /* requests in flight at most; 0 = 8192 */
};

struct message_client *message_client_create(const struct message_client_config *config);
/** Fails what is still waiting with ST_UNAVAILABLE. NULL is fine. */
void message_client_destroy(struct message_client *client);
/** Sends out and remembers who waits. The downstream service is the subject's first token.
 * ST_OK: fn will be called; *token cancels. Otherwise fn will not be called:
 * ST_UNAVAILABLE (link down, breaker open) | ST_OVERLOADED (no slot, or the socket lags behind) */
enum status message_client_request(struct message_client *client, const struct message_out *out,
                                   int64_t timeout_ms, message_reply_fn fn, void *arg,
                                   uint64_t *token);
/** The reply, if it still comes, is counted and dropped; fn is not called. Unknown tokens are fine. */
void message_client_cancel(struct message_client *client, uint64_t token);
unsigned message_client_waiting(const struct message_client *client);

#endif
