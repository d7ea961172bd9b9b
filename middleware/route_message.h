/* route_message.h - the message that a request becomes: what its path, its query and its headers
 * say as members, then those of its body, or its bytes. Pure; any thread. */
#ifndef MIDDLEWARE_ROUTE_MESSAGE_H
#define MIDDLEWARE_ROUTE_MESSAGE_H

#include "middleware/route.h"
#include "tool/core/problem.h"
#include "tool/encoder/json_check.h"

struct route_message {
    const char *data; /* a JSON object */
    size_t len;
    size_t size;      /* private, as all that follows */
    char *buf;        /* NULL = small */
    char small[1024]; /* for most */
};

/** query: raw, NULL = none. body: looked at when the route has one; as long as the message, which
 * may be the body itself. ST_INVALID names each wrong member of path and query, or says what is
 * wrong with the body; then there is no message. To be given to route_message_fini either way. */
enum status route_message_build(struct route_message *m, const struct route_match *match,
                                const char *query, const char *body, size_t len,
                                struct problem *problem);
/** One of n members and nothing else. */
void route_message_members(struct route_message *m, const struct json_member *members, size_t n);
/** Wipes its copy: it may hold a password. */
void route_message_fini(struct route_message *m);

#endif
