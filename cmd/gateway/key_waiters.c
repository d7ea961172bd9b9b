/* key_waiters.c - see key_waiters.h. */
#include "cmd/gateway/key_waiters.h"

#include <stddef.h>

void key_waiters_add(struct key_waiters *self, struct key_waiter *waiter)
{
    waiter->next = self->first;
    waiter->prev = &self->first;
    waiter->among = self;
    if (waiter->next)
        waiter->next->prev = &waiter->next;
    self->first = waiter;
    self->n++;
}

void key_waiters_settle(struct key_waiters *self, bool fetched)
{
    struct key_waiter *list = self->first;

    /* Taken off first: some may wait anew, others leave. */
    self->first = NULL;
    while (list) {
        struct key_waiter *waiter = list;

        list = waiter->next;
        if (list)
            list->prev = &list;
        waiter->prev = NULL;
        self->n--;
        waiter->settled(waiter, fetched);
    }
}

void key_waiter_leave(struct key_waiter *waiter)
{
    if (!waiter->prev)
        return;
    *waiter->prev = waiter->next;
    if (waiter->next)
        waiter->next->prev = waiter->prev;
    waiter->prev = NULL;
    waiter->among->n--;
}
