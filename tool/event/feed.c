/* feed.c - see feed.h. */
#include "tool/event/feed.h"

#include <stdio.h>
#include <string.h>

#include "tool/core/assert.h"
#include "tool/core/log.h"
#include "tool/core/mem.h"

static const char DONE[] = "done";

/* How far a row is, at the barrier: nothing yet, the last key, or DONE. */
struct mark {
    const struct hearer_config *config;
    char consumer[BARRIER_CONSUMER_MAX + 1];
    const char *type;
    char text[BARRIER_OUTCOME_MAX + 1];
};

static enum status read_mark(struct mark *mark, const struct call *call)
{
    struct barrier *barrier = mark->config->barrier;
    enum status st = barrier->ops->find(barrier, call, mark->consumer, mark->type, mark->text);

    if (st == ST_NOT_FOUND)
        mark->text[0] = '\0';
    return st == ST_NOT_FOUND ? ST_OK : st;
}

static enum status write_mark_in(struct transaction *tx, const struct call *call, void *arg)
{
    const struct mark *mark = arg;
    struct barrier *barrier = mark->config->barrier;
    char seen[BARRIER_OUTCOME_MAX + 1];
    enum status st =
        barrier->ops->enter(barrier, tx, call, mark->consumer, mark->type, mark->text, seen);

    return st == ST_CONFLICT
               ? barrier->ops->record(barrier, tx, call, mark->consumer, mark->type, mark->text)
               : st;
}

/* Whose order it is in; of what cannot be read the row's, under which it is a dead letter. */
static struct uuid key_of(const struct hearing *row, const struct export_item *item)
{
    const struct descriptor *d = row->type->data;
    struct problem problem = {0};
    void *data = mem_alloc(1, d->size);
    struct uuid key = item->key;

    if (decode_lenient(d, item->data, strlen(item->data), data, &problem) == ST_OK)
        key = event_key(row->type, data);
    free(data);
    return key;
}

/* As if it had come from the stream. What the function refuses is a dead letter, under the key of
 * its row, and the rest goes on. */
static enum status hear_item(const struct feed *feed, const struct hearing *row,
                             const struct export_item *item, const struct call *call)
{
    char subject[EVENT_SUBJECT_MAX + 1], id[UUID_TEXT_LEN + 1], key_text[UUID_TEXT_LEN + 1];
    char source[EVENT_SOURCE_MAX + 1], now[CLOCK_TEXT_MAX + 1];
    struct delivery d = {.type = row->type->name, .source = source, .data = item->data};
    struct uuid key = key_of(row, item);
    struct heard_event heard;

    snprintf(source, sizeof(source), "/hanok/%.*s", (int)strcspn(row->type->name, "."),
             row->type->name);
    d.subject = event_subject(row->type->name, event_partition(key), subject);
    d.id = uuid_text(item->key, id);
    d.key = uuid_text(key, key_text);
    d.time = clock_text(clock_wall_us(call->clock), now);
    d.len = strlen(item->data);
    for (d.attempt = 1; !call_expired(call); d.attempt++) {
        heard = hearer_handle(feed->hearer, &d);
        if (heard.what == HEARD_AWAY)
            return ST_UNAVAILABLE;
        if (heard.what != HEARD_FAILED)
            return ST_OK;
    }
    return ST_PENDING;
}

static enum status hear_page(const struct feed *feed, const struct hearing *row,
                             const struct export_page *page, const struct call *call)
{
    enum status st = ST_OK;

    for (size_t i = 0; i < page->n && st == ST_OK; i++)
        st = hear_item(feed, row, &page->items[i], call);
    return st;
}

/* One page further. */
static enum status take_page(const struct feed *feed, const struct hearing *row, struct mark *mark,
                             const struct call *call, struct export_page *page)
{
    struct export_query query = {.limit = EXPORT_PAGE_MAX};
    enum status st;

    TEXT_COPY(query.type, row->type->name);
    if (mark->text[0] != '\0' && !uuid_parse(mark->text, &query.after))
        return ST_INTERNAL;
    memset(page, 0, sizeof(*page));
    st = feed->ask(feed->arg, call, row->from, &query, page);
    if (st == ST_OK)
        st = hear_page(feed, row, page, call);
    if (st != ST_OK)
        return st;
    if (page->n < EXPORT_PAGE_MAX)
        TEXT_COPY(mark->text, DONE);
    else
        uuid_text(page->items[page->n - 1].key, mark->text);
    return transactor_run(mark->config->transactor, call, write_mark_in, mark);
}

static enum status feed_row(const struct feed *feed, const struct hearing *row,
                            const struct call *call)
{
    struct export_page *page;
    struct mark *mark = MEM_NEW(struct mark);
    enum status st;
    bool begun;

    mark->config = hearer_config(feed->hearer);
    mark->type = row->type->name;
    snprintf(mark->consumer, sizeof(mark->consumer), "feed.%s", mark->config->service);
    st = read_mark(mark, call);
    begun = st == ST_OK && strcmp(mark->text, DONE) != 0;
    page = begun ? MEM_NEW(struct export_page) : NULL;
    while (st == ST_OK && strcmp(mark->text, DONE) != 0)
        st = call_expired(call) ? ST_PENDING : take_page(feed, row, mark, call, page);
    if (begun && st == ST_OK)
        log_info("a view has all there is", LOG_TEXT("type", row->type->name));
    free(page);
    free(mark);
    return st;
}

enum status feed_go_on(const struct feed *feed, const struct call *call)
{
    const struct hearer_config *config = hearer_config(feed->hearer);
    enum status st = ST_OK;

    for (size_t i = 0; i < config->n && st == ST_OK; i++)
        if (config->rows[i].from)
            st = feed_row(feed, &config->rows[i], call);
    return st;
}

bool feed_is_wanted(const struct hearing *rows, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (rows[i].from)
            return true;
    return false;
}
