/* message_private.h - messages as libnats has them; for tool/message only. */
#ifndef TOOL_MESSAGE_MESSAGE_PRIVATE_H
#define TOOL_MESSAGE_MESSAGE_PRIVATE_H

#include <nats/nats.h>

#include "tool/message/message.h"

enum { MESSAGE_READ_MAX = 32 }; /* headers looked at; further ones count as absent */

/* The headers are collected once, when the message arrives: libnats parses them on first use, which
 * is not safe to do from several threads, and finds them only by their exact spelling. */
struct message {
    natsMsg *raw;
    struct message_header headers[MESSAGE_READ_MAX];
    size_t n_headers;
};

/** Takes raw over. */
void message_init(struct message *m, natsMsg *raw);
void message_fini(struct message *m);
/** out as libnats sends it, to subject; NULL when libnats refuses it (a bad subject or header).
 * Any thread; the caller destroys it. */
natsMsg *message_build(const struct message_out *out, const char *subject, const char *reply_to);

#endif
