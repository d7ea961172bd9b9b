/* book.c - see book.h. */
#include "usecase/payment/book.h"

#include <string.h>

#include "tool/core/log.h"
#include "tool/core/mem.h"
#include "tool/core/question.h"
#include "tool/crypto/digest.h"
#include "usecase/payment/ledger.h"
#include "usecase/payment/operation.h"
#include "usecase/payment/provider.h"

enum { PAGE = PROVIDER_PAGE_MAX };
_Static_assert((int)PAGE <= (int)QUESTIONS_MAX, "asked of the store together");

static const char CONSUMER[] = "payment.book";

/* A page of the book, and what we know of it. */
struct page {
    struct payment_case *p;
    const struct job_run *run;
    struct provider_page book;
    struct payment_operation rows[PAGE], agreed[PAGE], wanted[PAGE];
    size_t n_agreed;
    bool found[PAGE];
    struct book_difference differences[PAGE];
    size_t n_differences;
    size_t settled[PAGE], n_settled;    /* entries by which it pays out what it owes */
    char mark[BARRIER_OUTCOME_MAX + 1]; /* the last key that was compared; "" = none */
};

static enum status read_mark(struct page *page, const struct call *call)
{
    struct barrier *barrier = page->p->barrier;
    enum status st =
        barrier->ops->find(barrier, call, CONSUMER, page->p->provider_name, page->mark);

    if (st == ST_NOT_FOUND)
        page->mark[0] = '\0';
    return st == ST_NOT_FOUND ? ST_OK : st;
}

static enum status write_mark(struct page *page, struct transaction *tx, const struct call *call)
{
    struct barrier *barrier = page->p->barrier;
    const char *name = page->p->provider_name;
    char seen[BARRIER_OUTCOME_MAX + 1];
    enum status st = barrier->ops->enter(barrier, tx, call, CONSUMER, name, page->mark, seen);

    return st == ST_CONFLICT ? barrier->ops->record(barrier, tx, call, CONSUMER, name, page->mark)
                             : st;
}

/* ---- comparing ---- */

/* A key that is none of ours need not be a UUID. */
static struct uuid id_of(const char *key)
{
    uint8_t digest[DIGEST_LEN];
    struct uuid id;

    if (uuid_parse(key, &id))
        return id;
    digest_sha256(key, strlen(key), digest);
    memcpy(id.b, digest, sizeof(id.b));
    return id;
}

static void note(struct page *page, const char *key, enum book_difference_kind what)
{
    struct book_difference *d = &page->differences[page->n_differences++];

    *d = (struct book_difference){.difference_id = id_of(key), .what = (int)what};
    TEXT_COPY(d->provider_key, key);
    log_error("the provider's book is not as ours", LOG_TEXT("key", key),
              LOG_TEXT("what", BOOK_DIFFERENCE_NAMES[what]));
}

static void compare(struct page *page, const struct provider_entry *entry,
                    const struct payment_operation *op)
{
    const struct provider_operation *theirs = &entry->operation;
    int state = entry->outcome.state == PROVIDER_DONE ? OPERATION_SUCCEEDED : OPERATION_DECLINED;

    if (theirs->kind != op->kind || theirs->money.amount != op->money.amount ||
        strcmp(theirs->money.currency, op->money.currency) != 0)
        note(page, theirs->key, BOOK_AMOUNT_DIFFERS);
    else if (state != op->state)
        note(page, theirs->key, BOOK_STATE_DIFFERS);
    else if (!op->booked) {
        page->agreed[page->n_agreed] = page->wanted[page->n_agreed] = *op;
        page->wanted[page->n_agreed++].booked = true;
    }
}

/* Its own doing: there is no operation of ours. */
static bool is_settlement(struct page *page, size_t i)
{
    const struct provider_entry *entry = &page->book.items[i];
    struct uuid id;

    if (entry->operation.kind != PROVIDER_SETTLE || !uuid_parse(entry->operation.key, &id))
        return false;
    if (entry->outcome.state == PROVIDER_DONE)
        page->settled[page->n_settled++] = i;
    return true;
}

/* What has no outcome here gets it first, as ever: by asking. */
static enum status settle(struct page *page, const struct call *call, struct payment_operation *op)
{
    if (op->state == OPERATION_SUCCEEDED || op->state == OPERATION_DECLINED)
        return ST_OK;
    return operation_settle(page->p, call, op->operation_id, SETTLE_LOOK, op) == ST_OK
               ? ST_OK
               : ST_UNAVAILABLE;
}

static enum status compare_all(struct page *page, const struct call *call)
{
    enum status st = ST_OK;

    page->n_agreed = page->n_differences = page->n_settled = 0;
    for (size_t i = 0; i < page->book.n_items && st == ST_OK; i++) {
        if (!page->found[i] && is_settlement(page, i))
            continue;
        if (!page->found[i]) {
            note(page, page->book.items[i].operation.key, BOOK_UNKNOWN_HERE);
            continue;
        }
        st = settle(page, call, &page->rows[i]);
        if (st == ST_OK)
            compare(page, &page->book.items[i], &page->rows[i]);
    }
    return st;
}

static enum status find_all(struct page *page, const struct call *call)
{
    struct uuid ids[PAGE];
    const void *keys[PAGE];

    for (size_t i = 0; i < page->book.n_items; i++) {
        ids[i] = id_of(page->book.items[i].operation.key);
        keys[i] = &ids[i];
    }
    return store_find_many(page->p->operations, NULL, call, NULL, keys, page->book.n_items,
                           page->rows, page->found);
}

/* ---- writing down ---- */

static enum status keep_in(struct transaction *tx, const struct call *call, void *arg)
{
    struct page *page = arg;
    enum status st = job_check(page->run, tx);
    size_t replaced;

    if (st == ST_OK && page->n_agreed > 0)
        st = store_replace(page->p->operations, tx, call, page->agreed, page->wanted,
                           page->n_agreed, &replaced);
    for (size_t i = 0; i < page->n_differences && st == ST_OK; i++) {
        st = store_insert(page->p->differences, tx, call, &page->differences[i], NULL);
        st = st == ST_CONFLICT ? ST_OK : st; /* noted before */
    }
    for (size_t i = 0; i < page->n_settled && st == ST_OK; i++) {
        const struct provider_operation *paid = &page->book.items[page->settled[i]].operation;
        st = ledger_settle(page->p, tx, call, id_of(paid->key), paid->money);
    }
    return st == ST_OK ? write_mark(page, tx, call) : st;
}

static enum status take_page(struct page *page, const struct call *call)
{
    struct provider_since since = {.limit = PAGE};
    enum status st;

    TEXT_COPY(since.after, page->mark);
    st = provider_book(page->p->provider, call, &since, &page->book);
    if (st == ST_NOT_FOUND && page->mark[0]) {
        log_error("the provider has another book than before", LOG_TEXT("after", page->mark));
        page->mark[0] = '\0';
        return ST_PENDING;
    }
    if (st != ST_OK || page->book.n_items == 0)
        return st;
    st = find_all(page, call);
    if (st == ST_OK)
        st = compare_all(page, call);
    if (st != ST_OK)
        return st;
    TEXT_COPY(page->mark, page->book.items[page->book.n_items - 1].operation.key);
    st = transactor_run(page->p->transactor, call, keep_in, page);
    if (st == ST_OK)
        metric_add(page->p->book_differences, (int64_t)page->n_differences);
    return st == ST_OK && page->book.n_items == PAGE ? ST_PENDING : st;
}

enum status book_compare(void *self, const struct job_run *run)
{
    struct page *page = MEM_NEW(struct page);
    enum status st;

    page->p = self;
    page->run = run;
    st = read_mark(page, run->call);
    do
        st = st == ST_OK || st == ST_PENDING ? take_page(page, run->call) : st;
    while (st == ST_PENDING && call_left_ms(run->call) > 1000);
    free(page);
    return st;
}
