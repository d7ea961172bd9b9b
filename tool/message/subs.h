/* subs.h - the subscriptions of a link: made anew on each connection, delivered to in turn. */
#ifndef TOOL_MESSAGE_SUBS_H
#define TOOL_MESSAGE_SUBS_H

#include "tool/message/link_private.h"

struct subs {
    natsConnection *nc; /* NULL while there is no connection */
    struct link_sub *first;
    struct link_sub *next; /* the one to deliver to next, while delivering */
};

void subs_add(struct subs *all, struct link_sub *sub);
void subs_remove(struct subs *all, struct link_sub *sub);
void subs_drain(struct subs *all, struct link_sub *sub);
/** Subscribes all on a new connection. */
void subs_open(struct subs *all, natsConnection *nc);
void subs_close(struct subs *all);
/** The server does not let us hear the subject. */
void subs_refuse(struct subs *all, const char *subject);
/** Each time that the server has answered a heartbeat: asks again for what is due. */
void subs_beat(struct subs *all);
/** One that we do not hear, or are not sure to; NULL = none. */
const char *subs_unheard(const struct subs *all);
/** Hands out everything that has been parsed. */
void subs_deliver(struct subs *all);

#endif
