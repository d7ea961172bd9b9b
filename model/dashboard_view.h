/* dashboard_view.h - what is asked of the dashboard, and what people are shown. Plain values. */
#ifndef MODEL_DASHBOARD_VIEW_H
#define MODEL_DASHBOARD_VIEW_H

#include "model/dashboard.h"

enum { DASHBOARD_ITEM_SIZE = PRODUCT_NAME_SIZE + DASHBOARD_SUFFIX_MAX };

struct dashboard_query {
    struct uuid order_id;
};

/* When each step was done, as its owner says; 0 = it was not. */
struct dashboard_times {
    int64_t ordered_us, paid_us, accepted_us, cooked_us, picked_up_us, delivered_us, canceled_us;
};

struct dashboard_view {
    struct uuid order_id, store_id;
    char order_num[ORDER_NUM_MAX + 1];
    char store_name[PRODUCT_NAME_SIZE]; /* "" = not known */
    char item_name[DASHBOARD_ITEM_SIZE];
    int64_t item_qty;
    struct money price;
    int status; /* enum dashboard_status */
    int64_t ordered_us;
    char payment_status[DASHBOARD_TEXT_MAX + 1];
    char delivery_status[DASHBOARD_TEXT_MAX + 1];
    bool cancel_asked;
    struct dashboard_times times;
    char reason[PAYMENT_REASON_SIZE];
    int64_t version; /* the ETag */
    int64_t as_of_us;
    int64_t lag_us; /* how old the latest event was when it came to be seen here */
};

struct dashboard_list {
    int status;
    struct uuid store_id;   /* nil = of all */
    int64_t from_us, to_us; /* ordered at or after, before */
    struct page_query page;
    struct given given; /* whether a status and to_us were said */
};

struct dashboard_page {
    struct dashboard_view items[PAGE_LIMIT_MAX];
    size_t n_items;
    char next_cursor[PAGE_CURSOR_MAX + 1];
};

struct dashboard_summary_query {
    struct uuid store_id; /* nil = of all; for an admin */
    int32_t day;          /* where given says so; else today */
    struct given given;
};

enum { SUMMARY_CURRENCIES_MAX = 16 };

/* A day at the shops, by when it was ordered. */
struct dashboard_summary {
    int32_t day; /* since 1970-01-01 */
    int64_t orders, canceled, rejected;
    int64_t cancel_rate; /* percent of the orders that were canceled */
    struct money revenue[SUMMARY_CURRENCIES_MAX];
    size_t n_revenue;
    /* Medians of those that came so far; which are known given says. */
    int64_t accept_minutes, cook_minutes, deliver_minutes;
    struct given given;
};

struct dashboard_digest_query {
    bool fresh; /* of what the owners say now, not of the table */
};

enum { DASHBOARD_DIGEST_LEN = 32 };

/* What the rows say, whatever the order in which they are looked at. */
struct dashboard_digest {
    char digest[DASHBOARD_DIGEST_LEN + 1]; /* hexadecimal */
    int64_t parts;                         /* of all rows: up to four each */
    int64_t wrong; /* rows that do not follow from their parts; 0 of what owners say */
};

/* Of struct dashboard_rebuild, as it is shown. */
struct dashboard_rebuilding {
    int state;
    int64_t items, done;
    int64_t started_us, ended_us;
};

#endif
