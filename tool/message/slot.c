/* slot.c - places for requests in flight. */
#include "tool/message/slot.h"

#include "tool/core/assert.h"
#include "tool/core/mem.h"

void slots_init(struct slot_table *table, unsigned n)
{
    *table = (struct slot_table){.slots = mem_alloc(n, sizeof(*table->slots)), .n = n};
}

void slots_fini(struct slot_table *table)
{
    free(table->slots);
}

struct slot *slot_take(struct slot_table *table)
{
    struct slot *slot = table->free;

    if (slot)
        table->free = slot->next;
    else if (table->n_used < table->n)
        slot = &table->slots[table->n_used++];
    else
        return NULL;
    slot->generation = slot->generation == UINT32_MAX ? 1 : slot->generation + 1;
    slot->busy = true;
    return slot;
}

void slot_give(struct slot_table *table, struct slot *slot)
{
    ASSERT(slot->busy);
    slot->busy = false;
    slot->next = table->free;
    table->free = slot;
}

uint64_t slot_token(const struct slot_table *table, const struct slot *slot)
{
    return (uint64_t)slot->generation << 32 | (uint64_t)(slot - table->slots);
}

struct slot *slot_find(const struct slot_table *table, uint64_t token)
{
    uint32_t index = (uint32_t)token;
    struct slot *slot = index < table->n_used ? &table->slots[index] : NULL;

    return slot && slot->busy && slot->generation == token >> 32 ? slot : NULL;
}

void token_write(uint64_t token, char text[TOKEN_DIGITS + 1])
{
    for (int i = TOKEN_DIGITS - 1; i >= 0; i--, token >>= 4)
        text[i] = "0123456789abcdef"[token & 15];
    text[TOKEN_DIGITS] = '\0';
}

bool token_read(const char *text, uint64_t *token)
{
    *token = 0;
    for (int i = 0; i < TOKEN_DIGITS; i++) {
        char c = text[i];

        if (c >= '0' && c <= '9')
            *token = *token << 4 | (uint64_t)(c - '0');
        else if (c >= 'a' && c <= 'f')
            *token = *token << 4 | (uint64_t)(c - 'a' + 10);
        else
            return false;
    }
    return text[TOKEN_DIGITS] == '\0';
}
