/* listener.h - hears what others publish to a subject, beside requests and replies. What is said
 * while there is no connection is missed. Loop thread only. */
#ifndef TOOL_MESSAGE_LISTENER_H
#define TOOL_MESSAGE_LISTENER_H

#include "tool/message/link.h"
#include "tool/message/message.h"

struct listener;

/* Borrowed until the listener is destroyed, but for subject. */
struct listener_config {
    struct link *link;
    const char *subject; /* may have wildcards */
    void (*heard)(void *arg, const struct message *m);
    /** The connection is gone: something may be missed until there is another. */
    void (*lost)(void *arg);
    void *arg;
};

/** Not open yet. */
struct listener *listener_create(const struct listener_config *config);
/** From now on it hears: also whatever comes of a request that is sent after this. */
void listener_open(struct listener *listener);
/** It hears no more; fine from inside of heard. */
void listener_close(struct listener *listener);
/** Not from inside of heard. NULL is fine. */
void listener_destroy(struct listener *listener);

#endif
