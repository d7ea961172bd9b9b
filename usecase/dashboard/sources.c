/* sources.c - see sources.h. */
#include "usecase/dashboard/sources.h"

#include <string.h>

#include "tool/core/log.h"
#include "tool/core/mem.h"

static void read_item(const struct dashboard_source *source, const struct export_item *item,
                      void *data, struct dashboard_news_page *page)
{
    struct dashboard *news = &page->news[page->n];

    if (decode_lenient(source->type->data, item->data, strlen(item->data), data, NULL) != ST_OK) {
        log_error("what is exported cannot be read", LOG_TEXT("type", source->type->name),
                  LOG_UUID("key", item->key));
        return;
    }
    *news = (struct dashboard){0};
    source->news(data, news);
    page->n++;
}

enum status dashboard_ask_page(const struct dashboards *self, const struct call *call,
                               const struct dashboard_source *source, struct uuid after,
                               struct dashboard_news_page *page)
{
    const struct remote_row row = {source->from, sizeof(struct export_query),
                                   sizeof(struct export_page), false};
    struct export_query query = {.after = after, .limit = EXPORT_PAGE_MAX};
    struct export_page *asked = MEM_NEW(struct export_page);
    void *data = mem_alloc(1, source->type->data->size);
    enum status st;

    TEXT_COPY(query.type, source->type->name);
    page->n = 0;
    st = remote_ask(self->remote, call, &row, &query, asked);
    for (size_t i = 0; st == ST_OK && i < asked->n; i++)
        read_item(source, &asked->items[i], data, page);
    if (st == ST_OK) {
        page->is_last = asked->n < EXPORT_PAGE_MAX;
        page->last = asked->n > 0 ? asked->items[asked->n - 1].key : after;
    }
    free(data);
    free(asked);
    return st;
}
