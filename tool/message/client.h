/* client.h - asynchronous request/reply: a slot table with generations, one timer wheel, one inbox
 * subscription per request subject, so that "no responders" is known at once and for the right
 * subject (libnats' NextMsg hands that 503 over without saying whose it is). Loop thread only. */
#ifndef TOOL_MESSAGE_CLIENT_H
#define TOOL_MESSAGE_CLIENT_H

#include "tool/message/link.h"
#include "tool/message/message.h"
#include "tool/resilience/breaker.h"

struct message_client;

/** Exactly once for each accepted request, in the loop thread, never from inside
 * message_client_request. st: ST_OK (reply, errors of the service included: see its headers;
 * borrowed) | ST_UNAVAILABLE (no responders) | ST_TIMEOUT (no answer in time, or the link broke: it
 * may have been executed). reply is NULL unless ST_OK. */
typedef void (*message_reply_fn)(void *arg, enum status st, const struct message *reply);

struct message_client_config {
    struct link *link;
    struct loop *loop;
    struct breakers *breakers; /* one per subject is kept here; NULL = no breakers */
    const struct clock *clock;
    struct metrics *metrics;
    unsigned slots; /* requests in flight at most, of one subject three quarters; 0 = 16384 */
};

struct message_client *message_client_create(const struct message_client_config *config);
/** The loop no longer runs. Fails what is still waiting with ST_TIMEOUT. NULL is fine. */
void message_client_destroy(struct message_client *client);
/** Sends out and remembers who waits. Subjects come from tables: something is kept for each one
 * ever used. ST_OK: fn will be called; *token cancels. Otherwise fn will not be called:
 * ST_UNAVAILABLE (link down, breaker open) | ST_OVERLOADED (no place, or the socket lags behind) |
 * ST_TOO_LARGE (above MESSAGE_PAYLOAD_MAX or what the server takes) | ST_INVALID (subject, header)
 */
enum status message_client_request(struct message_client *client, const struct message_out *out,
                                   int64_t timeout_ms, message_reply_fn fn, void *arg,
                                   uint64_t *token);
/** fn is not called; the reply, should it still come, only tells the breaker. Unknown tokens are
 * fine. */
void message_client_cancel(struct message_client *client, uint64_t token);
/** The same for who has been answered otherwise: its place is free at once, and the breaker hears
 * nothing of it. */
void message_client_drop(struct message_client *client, uint64_t token);

#endif
