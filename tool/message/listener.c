/* listener.c - see listener.h. */
#include "tool/message/listener.h"

#include <stdlib.h>

#include "tool/core/assert.h"
#include "tool/core/mem.h"
#include "tool/message/link_private.h"
#include "tool/message/message_private.h"

struct listener {
    struct listener_config config;
    struct link_sub sub;
    struct link_watcher watcher;
    bool open;
};

static void on_message(void *arg, natsMsg *raw)
{
    struct listener *listener = arg;
    struct message m;

    if (!raw)
        return;
    message_init(&m, raw);
    listener->config.heard(listener->config.arg, &m);
    message_fini(&m);
}

static void on_lost(void *arg)
{
    struct listener *listener = arg;

    if (listener->open)
        listener->config.lost(listener->config.arg);
}

struct listener *listener_create(const struct listener_config *config)
{
    struct listener *listener = MEM_NEW(struct listener);

    listener->config = *config;
    ASSERT(TEXT_COPY(listener->sub.subject, config->subject));
    listener->sub.fn = on_message;
    listener->sub.arg = listener;
    listener->watcher.lost = on_lost;
    listener->watcher.arg = listener;
    link_add_watcher(config->link, &listener->watcher);
    return listener;
}

void listener_open(struct listener *listener)
{
    if (listener->open)
        return;
    listener->open = true;
    link_add_sub(listener->config.link, &listener->sub);
}

void listener_close(struct listener *listener)
{
    if (!listener->open)
        return;
    listener->open = false;
    link_remove_sub(listener->config.link, &listener->sub);
}

void listener_destroy(struct listener *listener)
{
    if (!listener)
        return;
    listener_close(listener);
    link_remove_watcher(listener->config.link, &listener->watcher);
    free(listener);
}
