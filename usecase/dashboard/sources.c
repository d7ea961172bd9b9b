/* sources.c - see sources.h. Each owner tells what he has by its key; a batch is what all of them
 * have up to the least of the keys that were told last. */
#include "usecase/dashboard/sources.h"

#include <string.h>

#include "tool/core/log.h"
#include "tool/core/mem.h"

/* What one of them has told, and how much of that was taken. */
struct page {
    struct dashboard news[EXPORT_PAGE_MAX];
    struct uuid keys[EXPORT_PAGE_MAX];
    size_t n, taken;
    struct uuid last; /* where the next page goes on */
    bool is_last;
};

struct dashboard_sources {
    const struct dashboards *dashboards;
    struct page pages[DASHBOARD_SOURCES];
};

static int compare(struct uuid a, struct uuid b)
{
    return memcmp(a.b, b.b, sizeof(a.b));
}

struct dashboard_sources *dashboard_sources_open(const struct dashboards *self, struct uuid after)
{
    struct dashboard_sources *s = MEM_NEW(struct dashboard_sources);

    s->dashboards = self;
    for (size_t i = 0; i < DASHBOARD_SOURCES; i++)
        s->pages[i].last = after;
    return s;
}

void dashboard_sources_close(struct dashboard_sources *s)
{
    free(s);
}

/* ---- asking ---- */

static void read_item(const struct dashboard_source *source, const struct export_item *item,
                      void *data, struct page *page)
{
    struct dashboard *news = &page->news[page->n];

    if (decode_lenient(source->type->data, item->data, strlen(item->data), data, NULL) != ST_OK) {
        log_error("what is exported cannot be read", LOG_TEXT("type", source->type->name),
                  LOG_UUID("key", item->key));
        return;
    }
    *news = (struct dashboard){0};
    source->news(data, news);
    page->keys[page->n++] = item->key;
}

static void read_page(const struct dashboard_source *source, const struct export_page *told,
                      struct page *page)
{
    void *data = mem_alloc(1, source->type->data->size);

    page->n = 0;
    page->taken = 0;
    for (size_t i = 0; i < told->n; i++)
        read_item(source, &told->items[i], data, page);
    page->is_last = told->n < EXPORT_PAGE_MAX;
    if (told->n > 0)
        page->last = told->items[told->n - 1].key;
    free(data);
}

/* A question to each of those that have more, and nothing left of what they have told. */
struct asking {
    struct remote_row rows[DASHBOARD_SOURCES];
    struct export_query queries[DASHBOARD_SOURCES];
    struct remote_question questions[DASHBOARD_SOURCES];
    size_t whom[DASHBOARD_SOURCES], n;
    struct export_page told[DASHBOARD_SOURCES];
};

static void want(struct asking *a, size_t source, struct uuid after)
{
    const struct dashboard_source *row = &DASHBOARD_SOURCE_ROWS[source];
    size_t i = a->n++;

    a->whom[i] = source;
    a->rows[i] = (struct remote_row){row->from, sizeof(struct export_query),
                                     sizeof(struct export_page), false};
    a->queries[i] = (struct export_query){.after = after, .limit = EXPORT_PAGE_MAX};
    TEXT_COPY(a->queries[i].type, row->type->name);
    a->questions[i] =
        (struct remote_question){&a->rows[i], &a->queries[i], &a->told[i], ST_UNAVAILABLE};
}

static enum status ask(struct dashboard_sources *s, const struct call *call)
{
    struct asking *a = MEM_NEW(struct asking);
    enum status st;

    for (size_t i = 0; i < DASHBOARD_SOURCES; i++)
        if (s->pages[i].taken == s->pages[i].n && !s->pages[i].is_last)
            want(a, i, s->pages[i].last);
    st = remote_ask_all(s->dashboards->remote, call, a->questions, a->n);
    for (size_t i = 0; st == ST_OK && i < a->n; i++)
        read_page(&DASHBOARD_SOURCE_ROWS[a->whom[i]], &a->told[i], &s->pages[a->whom[i]]);
    free(a);
    return st;
}

/* ---- putting together ---- */

/* Of those that have more: up to where all of them have told what there is. NULL: nobody has. */
static const struct uuid *told_up_to(const struct dashboard_sources *s)
{
    const struct uuid *least = NULL;

    for (size_t i = 0; i < DASHBOARD_SOURCES; i++)
        if (!s->pages[i].is_last && (!least || compare(s->pages[i].last, *least) < 0))
            least = &s->pages[i].last;
    return least;
}

static size_t take(struct dashboard_sources *s, const struct uuid *up_to,
                   const struct dashboard *taken[DASHBOARD_BATCH_MAX])
{
    size_t n = 0;

    for (size_t i = 0; i < DASHBOARD_SOURCES; i++) {
        struct page *page = &s->pages[i];
        while (page->taken < page->n && (!up_to || compare(page->keys[page->taken], *up_to) <= 0))
            taken[n++] = &page->news[page->taken++];
    }
    return n;
}

static int by_order(const void *a, const void *b)
{
    return compare((*(const struct dashboard *const *)a)->order_id,
                   (*(const struct dashboard *const *)b)->order_id);
}

static void join_all(const struct dashboard *taken[], size_t n, struct dashboard_batch *batch)
{
    if (n > 0)
        qsort(taken, n, sizeof(taken[0]), by_order);
    batch->n = 0;
    for (size_t i = 0; i < n; i++) {
        if (i == 0 || !uuid_equal(taken[i]->order_id, taken[i - 1]->order_id))
            batch->rows[batch->n++] = (struct dashboard){0};
        dashboard_join(&batch->rows[batch->n - 1], taken[i]);
    }
    batch->items = (int64_t)n;
}

enum status dashboard_sources_next(struct dashboard_sources *s, const struct call *call,
                                   struct dashboard_batch *batch)
{
    const struct dashboard *taken[DASHBOARD_BATCH_MAX];
    const struct uuid *up_to;
    enum status st = ask(s, call);

    if (st != ST_OK)
        return st;
    up_to = told_up_to(s);
    batch->is_last = up_to == NULL;
    batch->after = up_to ? *up_to : (struct uuid){{0}};
    join_all(taken, take(s, up_to, taken), batch);
    return ST_OK;
}
