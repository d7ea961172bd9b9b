/* store.h - who sells: a name, an owner, and whether it takes orders now. Plain values. */
#ifndef MODEL_STORE_H
#define MODEL_STORE_H

#include <stdbool.h>

#include "tool/core/given.h"
#include "tool/core/page.h"
#include "tool/core/rule.h"
#include "tool/core/uuid.h"

enum { STORE_NAME_MAX = 60 /* code points */, STORE_NAME_SIZE = 4 * STORE_NAME_MAX + 1 };

/* The row, and what everybody may know of one. */
struct store_row {
    struct uuid store_id;
    struct uuid owner_id; /* the person whose it is */
    char name[STORE_NAME_SIZE];
    bool open;               /* takes orders */
    bool auto_accept;        /* every ticket at once: sells goods, not meals */
    bool approve_unanswered; /* what it does not answer of a cancellation is a yes */
    int64_t version;         /* 1, 2, 3 ... */
    int64_t created_us, updated_us;
};

struct store_form {
    struct uuid store_id; /* nil = a new one */
    struct uuid owner_id;
    char name[STORE_NAME_SIZE];
    bool auto_accept, approve_unanswered;
};

struct store_query {
    struct uuid store_id;
};

struct store_opening {
    struct uuid store_id;
    bool open;
};

/* What is to be another; what given does not say stays. */
struct store_patch {
    struct uuid store_id;
    char name[STORE_NAME_SIZE];
    bool auto_accept, approve_unanswered;
    struct given given;
};

/* Which stores, by name. */
struct store_filter {
    bool open;            /* where given says so: only those that are, or that are not */
    struct uuid owner_id; /* nil = anybody's */
    struct page_query page;
    struct given given;
};

struct store_page {
    struct store_row items[PAGE_LIMIT_MAX];
    size_t n_items;
    char next_cursor[PAGE_CURSOR_MAX + 1];
};

/* What has become of one. */
struct store_event {
    struct uuid store_id, owner_id;
    char name[STORE_NAME_SIZE];
    bool open, auto_accept;
    int64_t version;
};

extern const struct rule STORE_NAME_RULE;

#endif
