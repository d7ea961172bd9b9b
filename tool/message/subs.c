/* subs.c - subscriptions that outlive connections. */
#include "tool/message/subs.h"

#include "tool/core/log.h"

static void subscribe(natsConnection *nc, struct link_sub *sub)
{
    natsStatus s = sub->queue
                       ? natsConnection_QueueSubscribeSync(&sub->nats, nc, sub->subject, sub->queue)
                       : natsConnection_SubscribeSync(&sub->nats, nc, sub->subject);

    if (s == NATS_OK) /* each turn takes all there is; with a limit a burst would be cut */
        s = natsSubscription_SetPendingLimits(sub->nats, -1, -1);
    if (s != NATS_OK)
        log_error("cannot subscribe", LOG_TEXT("subject", sub->subject),
                  LOG_TEXT("error", natsStatus_GetText(s)));
}

static void unsubscribe(struct link_sub *sub)
{
    natsSubscription_Destroy(sub->nats);
    sub->nats = NULL;
}

void subs_add(struct subs *all, struct link_sub *sub)
{
    sub->next = all->first;
    sub->nats = NULL;
    all->first = sub;
    if (all->nc)
        subscribe(all->nc, sub);
}

void subs_remove(struct subs *all, struct link_sub *sub)
{
    struct link_sub **at = &all->first;

    while (*at && *at != sub)
        at = &(*at)->next;
    if (!*at)
        return;
    *at = sub->next;
    if (all->next == sub)
        all->next = sub->next;
    unsubscribe(sub);
}

void subs_drain(struct subs *all, struct link_sub *sub)
{
    natsStatus s = NATS_OK;

    /* A plain unsubscribe would drop what the server has sent already. */
    if (all->nc && sub->nats)
        s = natsSubscription_Drain(sub->nats);
    if (s != NATS_OK)
        log_warn("cannot drain", LOG_TEXT("subject", sub->subject),
                 LOG_TEXT("error", natsStatus_GetText(s)));
}

void subs_open(struct subs *all, natsConnection *nc)
{
    all->nc = nc;
    for (struct link_sub *sub = all->first; sub; sub = sub->next)
        subscribe(nc, sub);
}

void subs_close(struct subs *all)
{
    for (struct link_sub *sub = all->first; sub; sub = sub->next)
        unsubscribe(sub);
    all->nc = NULL;
}

static void deliver(struct link_sub *sub)
{
    int left = 0;

    if (!sub->nats || natsSubscription_GetPending(sub->nats, &left, NULL) != NATS_OK)
        return;
    while (left-- > 0 && sub->nats) {
        natsMsg *msg = NULL;
        natsStatus s = natsSubscription_NextMsg(&msg, sub->nats, 0);

        if (s != NATS_OK && s != NATS_NO_RESPONDERS)
            return;
        sub->fn(sub->arg, msg);
    }
}

void subs_deliver(struct subs *all)
{
    for (struct link_sub *sub = all->first; sub; sub = all->next) {
        all->next = sub->next;
        deliver(sub);
    }
    all->next = NULL;
}
