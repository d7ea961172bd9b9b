/* slot.h - a fixed number of places for requests in flight. A place is named by a token of its
 * index and of how often it was used, so that the token of an earlier use names nobody. */
#ifndef TOOL_MESSAGE_SLOT_H
#define TOOL_MESSAGE_SLOT_H

#include "tool/core/loop_timer.h"
#include "tool/message/client.h"

enum { TOKEN_DIGITS = 16 };

struct target;

/* One request in flight. */
struct slot {
    struct message_client *client;
    struct target *target;     /* what it asked */
    struct slot *next, **prev; /* in the target's list; next also in the free list */
    struct loop_timer timer;
    message_reply_fn fn; /* NULL: cancelled, only the breaker still listens */
    void *arg;
    uint32_t generation; /* raised by each use; 0 = never used */
    struct breaker_ticket ticket;
    bool busy;
};

struct slot_table {
    struct slot *slots, *free;
    unsigned n, n_used; /* slots beyond n_used have never been touched: they cost no memory */
};

void slots_init(struct slot_table *table, unsigned n);
void slots_fini(struct slot_table *table);
/** NULL when all are busy. */
struct slot *slot_take(struct slot_table *table);
void slot_give(struct slot_table *table, struct slot *slot);
uint64_t slot_token(const struct slot_table *table, const struct slot *slot);
/** The slot in that very use, or NULL. */
struct slot *slot_find(const struct slot_table *table, uint64_t token);

/** A token as the last part of a reply subject. */
void token_write(uint64_t token, char text[TOKEN_DIGITS + 1]);
/** Accepts exactly what token_write writes. */
bool token_read(const char *text, uint64_t *token);

#endif
