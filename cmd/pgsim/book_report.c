/* book_report.c - see book_report.h. */
#include "cmd/pgsim/book_report.h"

#include <string.h>

#include "tool/core/mem.h"

enum { CURRENCIES_MAX = 200 }; /* ISO 4217 has fewer */

/* of: the authorization that key leads to; BOOK_NONE. */
static bool belongs(const struct book_entry *entry, const char *key, size_t of)
{
    return strcmp(entry->op.key, key) == 0 || strcmp(entry->op.of, key) == 0 ||
           (of != BOOK_NONE && entry->authorization == of);
}

void book_report_items(const struct book *book, const struct book_page *page, struct json_out *o)
{
    size_t of = page->key ? book_authorization(book, page->key) : BOOK_NONE, left = page->max;

    json_out_open(o, '{');
    json_out_key(o, "items");
    json_out_open(o, '[');
    for (size_t i = page->first; i < book_count(book) && left > 0 && !o->overflow; i++) {
        const struct book_entry *entry = book_at(book, i);

        if (page->key && !belongs(entry, page->key, of))
            continue;
        encode(&CHARGE_ANSWER, &entry->op, o);
        left--;
    }
    json_out_close(o, ']');
    json_out_close(o, '}');
}

/* Sums by currency, in the order in which these came up. */
struct sums {
    struct {
        const char *currency;
        int64_t amount;
    } rows[CURRENCIES_MAX];
    size_t n;
};

static void sums_add(struct sums *sums, const char *currency, int64_t amount)
{
    size_t i = 0;

    while (i < sums->n && strcmp(sums->rows[i].currency, currency) != 0)
        i++;
    if (amount == 0 || i == CURRENCIES_MAX)
        return;
    sums->n += i == sums->n;
    sums->rows[i].currency = currency;
    sums->rows[i].amount += amount;
}

static void sums_write(const struct sums *sums, const char *name, struct json_out *o)
{
    json_out_key(o, name);
    json_out_open(o, '{');
    for (size_t i = 0; i < sums->n; i++)
        json_out_member_int(o, sums->rows[i].currency, sums->rows[i].amount);
    json_out_close(o, '}');
}

void book_report_summary(const struct book *book, struct json_out *o)
{
    struct sums captured = {.n = 0}, refunded = {.n = 0}, open = {.n = 0};

    for (size_t i = 0; i < book_count(book); i++) {
        const struct book_entry *entry = book_at(book, i);

        if (entry->op.kind != CHARGE_AUTHORIZE || entry->op.state != CHARGE_DONE)
            continue;
        sums_add(&captured, entry->op.currency, entry->captured);
        sums_add(&refunded, entry->op.currency, entry->refunded);
        if (!entry->is_captured && !entry->is_voided)
            sums_add(&open, entry->op.currency, entry->op.amount);
    }
    json_out_open(o, '{');
    json_out_member_int(o, "operations", (int64_t)book_count(book));
    sums_write(&captured, "captured", o);
    sums_write(&refunded, "refunded", o);
    sums_write(&open, "authorizedOpen", o);
    json_out_close(o, '}');
}
