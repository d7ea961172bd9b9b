/* book.c - see book.h. */
#include "cmd/pgsim/book.h"

#include <string.h>

#include "cmd/pgsim/hash.h"
#include "tool/core/assert.h"
#include "tool/core/mem.h"

enum { FIRST_ROOM = 64, SLOTS_PER_ENTRY = 2 };

struct book {
    struct book_entry *entries;
    size_t n, room;
    size_t *slots; /* a hash table of entry + 1 by key, open; 0 = free. SLOTS_PER_ENTRY * room */
    size_t *early; /* voids of what had not come, in order */
    size_t n_early, early_room;
};

static size_t n_slots(const struct book *book)
{
    return SLOTS_PER_ENTRY * book->room;
}

/* The key's slot, or the free one where it would stand. */
static size_t slot_of(const struct book *book, const char *key)
{
    size_t i = (size_t)(hash_text(key) % n_slots(book));

    while (book->slots[i] && strcmp(book->entries[book->slots[i] - 1].op.key, key) != 0)
        i = (i + 1) % n_slots(book);
    return i;
}

static void *grown(void *old, size_t n, size_t new_n, size_t size)
{
    void *made = mem_alloc(new_n, size);

    if (n > 0)
        memcpy(made, old, n * size);
    free(old);
    return made;
}

static void grow(struct book *book)
{
    size_t room = book->room > 0 ? 2 * book->room : FIRST_ROOM;

    book->entries = grown(book->entries, book->n, room, sizeof(struct book_entry));
    book->room = room;
    free(book->slots);
    book->slots = mem_alloc(n_slots(book), sizeof(size_t));
    for (size_t i = 0; i < book->n; i++)
        book->slots[slot_of(book, book->entries[i].op.key)] = i + 1;
}

struct book *book_create(void)
{
    struct book *book = MEM_NEW(struct book);

    grow(book);
    return book;
}

void book_destroy(struct book *book)
{
    if (!book)
        return;
    free(book->entries);
    free(book->slots);
    free(book->early);
    free(book);
}

size_t book_count(const struct book *book)
{
    return book->n;
}

const struct book_entry *book_at(const struct book *book, size_t i)
{
    ASSERT(i < book->n);
    return &book->entries[i];
}

size_t book_find(const struct book *book, const char *key)
{
    return book->slots[slot_of(book, key)] - 1; /* of a free one BOOK_NONE */
}

size_t book_authorization(const struct book *book, const char *of)
{
    size_t i = book_find(book, of);

    if (i == BOOK_NONE || book->entries[i].op.kind == CHARGE_AUTHORIZE)
        return i;
    return book->entries[i].op.kind == CHARGE_CAPTURE ? book->entries[i].authorization : BOOK_NONE;
}

bool book_is_void(const struct book *book, const char *key)
{
    for (size_t i = 0; i < book->n_early; i++)
        if (strcmp(book->entries[book->early[i]].op.of, key) == 0)
            return true;
    return false;
}

static void note_early(struct book *book, size_t entry)
{
    if (book->n_early == book->early_room) {
        book->early_room = book->early_room > 0 ? 2 * book->early_room : FIRST_ROOM;
        book->early = grown(book->early, book->n_early, book->early_room, sizeof(size_t));
    }
    book->early[book->n_early++] = entry;
}

/* What a done operation changes of its authorization. */
static void take_effect(struct book *book, size_t entry)
{
    const struct charge *op = &book->entries[entry].op;
    size_t of = book->entries[entry].authorization;
    struct book_entry *authorization = of != BOOK_NONE ? &book->entries[of] : NULL;

    if (op->state != CHARGE_DONE)
        return;
    if (op->kind == CHARGE_VOID && !authorization) {
        note_early(book, entry);
    } else if (op->kind == CHARGE_VOID) {
        authorization->is_voided = true;
    } else if (op->kind == CHARGE_CAPTURE && authorization) {
        authorization->is_captured = true;
        authorization->captured += op->amount;
    } else if (op->kind == CHARGE_REFUND && authorization) {
        authorization->refunded += op->amount;
    }
}

size_t book_add(struct book *book, const struct charge *op)
{
    size_t entry = book->n;

    if (entry == BOOK_MAX)
        return BOOK_NONE;
    if (entry == book->room)
        grow(book);
    ASSERT(book_find(book, op->key) == BOOK_NONE);
    book->slots[slot_of(book, op->key)] = entry + 1;
    book->entries[book->n++] = (struct book_entry){.op = *op};
    book->entries[entry].authorization =
        op->kind == CHARGE_AUTHORIZE ? entry : book_authorization(book, op->of);
    take_effect(book, entry);
    return entry;
}
