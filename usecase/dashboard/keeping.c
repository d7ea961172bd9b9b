/* keeping.c - see keeping.h. What is built anew is new, but for orders of which something was heard
 * meanwhile: so they are added first, and looked at only if that is refused. */
#include "usecase/dashboard/keeping.h"

#include "tool/core/mem.h"

enum { SOME_MAX = STORE_INSERT_MAX };

/* Rows that are there already, as they were seen and as they are to be. */
struct joining {
    struct dashboard found[SOME_MAX], seen[SOME_MAX], wanted[SOME_MAX];
    bool is_there[SOME_MAX];
    size_t n;
};

static enum status find(struct store *rows, struct transaction *tx, const struct call *call,
                        const struct dashboard news[], size_t n, struct joining *j)
{
    const void *keys[SOME_MAX] = {NULL};
    enum status st;

    for (size_t i = 0; i < n; i++)
        keys[i] = &news[i].order_id;
    st = store_find_many(rows, tx, call, NULL, keys, n, j->found, j->is_there);
    for (size_t i = 0; st == ST_OK && i < n; i++) {
        struct dashboard *wanted = &j->wanted[j->n];

        if (!j->is_there[i])
            continue;
        dashboard_derive(&j->found[i]);
        *wanted = j->found[i];
        dashboard_join(wanted, &news[i]);
        if (wanted->version != j->found[i].version)
            j->seen[j->n++] = j->found[i];
    }
    return st;
}

/* *all: nobody else has written one of them meanwhile. */
static enum status replace(struct store *rows, struct transaction *tx, const struct call *call,
                           const struct joining *j, bool *all)
{
    size_t replaced = 0, n;
    enum status st = ST_OK;

    *all = true;
    for (size_t i = 0; st == ST_OK && i < j->n; i += n) {
        n = j->n - i < QUESTIONS_MAX ? j->n - i : QUESTIONS_MAX;
        st = store_replace(rows, tx, call, &j->seen[i], &j->wanted[i], n, &replaced);
        *all &= replaced == n;
    }
    return st;
}

/* Where not all could be replaced, each is joined again: once more changes nothing. */
static enum status keep_each(struct store *rows, struct transaction *tx, const struct call *call,
                             struct dashboard news[], size_t n, const struct joining *j, bool all)
{
    enum status st = ST_OK;

    for (size_t i = 0; st == ST_OK && i < n; i++) {
        if (!j->is_there[i])
            st = store_insert(rows, tx, call, &news[i], NULL);
        if (st == ST_CONFLICT || (st == ST_OK && j->is_there[i] && !all))
            st = dashboard_keep_in(rows, tx, call, &news[i]);
    }
    return st;
}

enum status dashboard_join_many(struct store *rows, struct transaction *tx, const struct call *call,
                                struct dashboard news[], size_t n)
{
    struct joining *j = MEM_NEW(struct joining);
    bool all = true;
    enum status st = find(rows, tx, call, news, n, j);

    if (st == ST_OK)
        st = replace(rows, tx, call, j, &all);
    if (st == ST_OK)
        st = keep_each(rows, tx, call, news, n, j, all);
    free(j);
    return st;
}

/* Powers of two: few statements. */
static size_t some_of(size_t n)
{
    size_t some = SOME_MAX;

    while (some > n)
        some /= 2;
    return some;
}

enum status dashboard_keep_many(struct store *rows, struct transaction *tx, const struct call *call,
                                struct dashboard news[], size_t n)
{
    enum status st = ST_OK;
    size_t some;

    for (size_t i = 0; st == ST_OK && i < n; i += some) {
        some = some_of(n - i);
        st = store_insert_many(rows, tx, call, &news[i], some, NULL);
        if (st == ST_CONFLICT)
            st = dashboard_join_many(rows, tx, call, &news[i], some);
    }
    return st;
}

enum status dashboard_keep_heard(struct dashboards *self, struct transaction *tx,
                                 const struct call *call, struct dashboard news[], size_t n)
{
    struct dashboard_rebuild rebuild;
    enum status st = dashboard_rebuild_find(self, tx, call, &rebuild);

    if (st == ST_OK)
        st = dashboard_join_many(self->rows, tx, call, news, n);
    if (st == ST_OK && dashboard_is_built_anew(&rebuild))
        st = dashboard_join_many(self->next, tx, call, news, n);
    return st;
}
