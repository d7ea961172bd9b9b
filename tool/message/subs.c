/* subs.c - subscriptions that outlive connections. */
#include "tool/message/subs.h"

#include <string.h>

#include "tool/core/log.h"

/* Heartbeats: a second each. A refusal comes before the next one's echo, but by another thread. */
enum { ASK_BEATS_MAX = 8, SURE_BEATS = 2 };

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
    sub->state = SUB_HEARD;
    sub->tries = 0;
    sub->draining = false;
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

    sub->draining = true;
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
    for (struct link_sub *sub = all->first; sub; sub = sub->next) {
        subscribe(nc, sub);
        if (sub->state != SUB_HEARD) {
            sub->state = SUB_ASKED;
            sub->beats = SURE_BEATS;
        }
    }
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

/* ---- what the server does not let us hear ---- */

static void refuse(struct link_sub *sub)
{
    if (sub->state == SUB_HEARD)
        log_warn("nats does not let us hear a subject", LOG_TEXT("subject", sub->subject));
    if (sub->state != SUB_REFUSED) {
        sub->beats = sub->tries < 3 ? 1U << sub->tries : ASK_BEATS_MAX;
        sub->tries++;
    }
    sub->state = SUB_REFUSED;
}

void subs_refuse(struct subs *all, const char *subject)
{
    for (struct link_sub *sub = all->first; sub; sub = sub->next)
        if (!sub->draining && strcmp(sub->subject, subject) == 0)
            refuse(sub);
}

static void ask_again(struct subs *all, struct link_sub *sub)
{
    deliver(sub); /* what came before it was taken away */
    unsubscribe(sub);
    subscribe(all->nc, sub);
    sub->state = SUB_ASKED;
    sub->beats = SURE_BEATS;
}

static void beat(struct subs *all, struct link_sub *sub)
{
    if (sub->state == SUB_HEARD || sub->draining || --sub->beats > 0)
        return;
    if (sub->state == SUB_REFUSED) {
        ask_again(all, sub);
        return;
    }
    log_info("nats lets us hear a subject again", LOG_TEXT("subject", sub->subject));
    sub->state = SUB_HEARD;
    sub->tries = 0;
}

void subs_beat(struct subs *all)
{
    for (struct link_sub *sub = all->first; sub; sub = all->next) {
        all->next = sub->next;
        beat(all, sub);
    }
    all->next = NULL;
}

const char *subs_unheard(const struct subs *all)
{
    for (const struct link_sub *sub = all->first; sub; sub = sub->next)
        if (sub->state != SUB_HEARD && !sub->draining)
            return sub->subject;
    return NULL;
}
