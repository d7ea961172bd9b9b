/* write_key.c - see write_key.h. */
#include "tool/service/write_key.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tool/core/assert.h"
#include "tool/core/mem.h"
#include "tool/core/uuid.h"
#include "tool/encoder/encode_text.h"
#include "tool/encoder/field_walk.h"
#include "tool/message/message.h"
#include "tool/service/traits.h"

enum {
    GUESS = 2048,
    TEXT_MAX = 2 * MESSAGE_PAYLOAD_MAX, /* what it came as, and the members that were left out */
};

/* No fast hash of a password may be stored: what is secret is no part of it. */
static void wipe_secrets(const struct descriptor *d, char *value)
{
    for (struct field_walk w = field_walk(d); field_walk_next(&w);) {
        const struct field *f = w.field;
        char *at = value + w.base + f->offset;
        size_t n = f->kind == FIELD_LIST ? (size_t)f->max : f->kind == FIELD_OBJECT;

        if (f->flags & FIELD_SECRET)
            explicit_bzero(at, f->size);
        else
            for (size_t i = 0; i < n; i++)
                wipe_secrets(f->item, at + i * f->item->size);
    }
}

/* What makes it the same request. */
static void init_from(struct request_key *key, const struct call *call, const struct descriptor *d,
                      const void *in)
{
    size_t size = d ? d->size : 0;
    char guess[GUESS], *copy = mem_alloc(1, size + 1);
    struct json_text json;
    bool fits;

    memcpy(copy, in, size);
    wipe_secrets(d, copy);
    fits = encode_text(&json, guess, sizeof(guess), TEXT_MAX, d, copy);
    ASSERT(fits); /* it came in a message */
    request_key_init(key, call, (const char *[]){json.text}, 1);
    json_text_fini(&json);
    free(copy);
}

enum status write_key_init(struct write_key *key, const struct endpoint *row,
                           const struct call *call, const void *in)
{
    enum once once = row->undoes ? ONCE_BY_SAGA : row->once;

    *key = (struct write_key){.by_saga = once == ONCE_BY_SAGA};
    if (key->by_saga) {
        memcpy(&key->saga_id, (const char *)in + traits_saga_id(row->op->request)->offset,
               sizeof(key->saga_id));
        uuid_text(key->saga_id, key->request.key);
        key->once = true;
    } else if (once != ONCE_NEVER && call->idempotency_key[0]) {
        init_from(&key->request, call, row->op->request, in);
        key->once = true;
    }
    return once == ONCE_BY_REQUIRED_KEY && !key->once ? request_key_required(call) : ST_OK;
}

void write_key_note(const struct write_key *key, const char *text,
                    char noted[BARRIER_OUTCOME_MAX + 1])
{
    if (key->by_saga)
        snprintf(noted, BARRIER_OUTCOME_MAX + 1, "%s", text);
    else
        request_key_outcome(&key->request, text, noted);
}

const char *write_key_text(const struct write_key *key, const char *noted)
{
    return key->by_saga ? noted : request_key_answer(&key->request, noted);
}
