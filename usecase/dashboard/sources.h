/* sources.h - all that the owners of an order's parts have, page by page. */
#ifndef USECASE_DASHBOARD_SOURCES_H
#define USECASE_DASHBOARD_SOURCES_H

#include "tool/event/export.h"
#include "usecase/dashboard/news.h"

struct dashboard_news_page {
    struct dashboard news[EXPORT_PAGE_MAX];
    size_t n;
    struct uuid last; /* where the next page goes on */
    bool is_last;
};

/** Asks a source for what comes after that; what cannot be read is logged and left out. ST_OK |
 * ST_UNAVAILABLE and what remote_ask returns else */
enum status dashboard_ask_page(const struct dashboards *self, const struct call *call,
                               const struct dashboard_source *source, struct uuid after,
                               struct dashboard_news_page *page);

#endif
