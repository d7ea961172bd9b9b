/* thing_property.c - thousands of random operations, on a store and on a model of it; now and then
 * several in a transaction that is rolled back, at the k-th of them for every k. */
#include <stdio.h>
#include <string.h>

#include "test/tool/store/thing.h"
#include "test/tool/store/thing_model.h"
#include "tool/core/mem.h"

enum { IDS = 24, CODES = 40, PAGE_MAX = 7, BATCH_MAX = 6 };

struct property {
    struct thing_world *world;
    struct call call;
    uint64_t random;
    struct model model;
};

static uint64_t below(struct property *p, uint64_t n)
{
    p->random ^= p->random << 13;
    p->random ^= p->random >> 7;
    p->random ^= p->random << 17;
    return (p->random >> 16) % n;
}

static struct uuid some_id(struct property *p)
{
    return (struct uuid){{(uint8_t)below(p, IDS)}};
}

/* Few enough to meet; of either case, some with a blank at the end. */
static void some_text(struct property *p, char *out, size_t size)
{
    static const char *const ENDS[] = {"", "", "", " ", "é", "\x01"};

    snprintf(out, size, "%c%u%s", below(p, 2) ? 'a' : 'A', (unsigned)below(p, CODES),
             ENDS[below(p, ARRAY_LEN(ENDS))]);
}

static void change_some(struct property *p, struct thing *row)
{
    switch (below(p, 6)) {
    case 0:
        some_text(p, row->code, sizeof(row->code));
        break;
    case 1:
        some_text(p, row->label, sizeof(row->label));
        break;
    case 2:
        row->has_rank = below(p, 2);
        row->rank = row->has_rank ? (int32_t)below(p, 3) - 1 : 0;
        break;
    case 3:
        row->due_us = (int64_t)below(p, 3) * 1000000;
        break;
    case 4:
        row->owner.b[0] = (uint8_t)below(p, 3);
        row->seat = (int64_t)below(p, 20);
        break;
    default:
        row->amount = (int64_t)below(p, 10) - 5;
        row->state = (enum thing_state)below(p, THING_STATES);
        row->day = (int32_t)below(p, 3) - 1;
        row->on = !row->on;
    }
}

static struct thing some_row(struct property *p)
{
    struct thing row = {.id = some_id(p)};

    some_text(p, row.code, sizeof(row.code));
    some_text(p, row.label, sizeof(row.label));
    row.owner.b[0] = (uint8_t)below(p, 3);
    row.seat = (int64_t)below(p, 20);
    for (int i = 0; i < 4; i++)
        change_some(p, &row);
    return row;
}

static void do_insert(struct property *p, struct transaction *tx)
{
    struct thing row = some_row(p);
    bool may = model_may_stand(&p->model, &row, NULL);
    const char *taken = "";
    enum status st = store_insert(p->world->things, tx, &p->call, &row, &taken);

    assert_status(may ? ST_OK : ST_CONFLICT, st);
    assert_int_equal(may, !*taken);
    if (!may)
        return;
    assert_int_equal(1, row.version);
    p->model.rows[p->model.n++] = row;
}

/* All of them, or none. */
static void do_insert_many(struct property *p, struct transaction *tx)
{
    struct thing rows[4];
    size_t n = 1 + below(p, ARRAY_LEN(rows)), before = p->model.n;
    bool may = true;

    for (size_t i = 0; i < n; i++) {
        rows[i] = some_row(p);
        may = may && model_may_stand(&p->model, &rows[i], NULL);
        if (may)
            p->model.rows[p->model.n++] = rows[i];
    }
    assert_status(may ? ST_OK : ST_CONFLICT,
                  store_insert_many(p->world->things, tx, &p->call, rows, n, NULL));
    p->model.n = may ? before + n : before;
    for (size_t i = 0; may && i < n; i++) {
        assert_int_equal(1, rows[i].version);
        p->model.rows[before + i] = rows[i];
    }
}

static void do_find(struct property *p, struct transaction *tx)
{
    struct uuid id = some_id(p);
    char text[16];
    struct thing *want;
    struct thing got;
    enum status st;

    some_text(p, text, sizeof(text));
    switch (below(p, 3)) {
    case 0:
        want = model_by_id(&p->model, id);
        st = store_find(p->world->things, tx, &p->call, NULL, &id, &got);
        break;
    case 1:
        want = model_by_code(&p->model, text);
        st = store_find(p->world->things, tx, &p->call, "code", text, &got);
        break;
    default:
        want = model_by_label(&p->model, text);
        st = store_find(p->world->things, tx, &p->call, "label_key", text, &got);
    }
    assert_status(want ? ST_OK : ST_NOT_FOUND, st);
    if (want)
        thing_assert_equal(want, &got);
}

static void do_find_many(struct property *p, struct transaction *tx)
{
    struct uuid ids[9];
    const void *keys[9] = {NULL};
    struct thing rows[9];
    bool found[9];
    size_t n = below(p, 10);

    for (size_t i = 0; i < n; i++) {
        ids[i] = some_id(p);
        keys[i] = &ids[i];
    }
    assert_status(ST_OK,
                  store_find_many(p->world->things, tx, &p->call, NULL, keys, n, rows, found));
    for (size_t i = 0; i < n; i++) {
        struct thing *want = model_by_id(&p->model, ids[i]);
        assert_int_equal(want != NULL, found[i]);
        if (want)
            thing_assert_equal(want, &rows[i]);
    }
}

static void do_list(struct property *p, struct transaction *tx)
{
    static struct thing all[MODEL_ROWS_MAX];
    enum thing_state state = (enum thing_state)below(p, THING_STATES);
    size_t max = 1 + below(p, PAGE_MAX), seen = 0, n = max, count;
    struct store_list list = {
        .where = {{"state", &state}}, .sort = "amount", .descending = below(p, 2)};
    struct thing rows[PAGE_MAX], last;

    count = model_sorted(&p->model, state, list.descending, all);
    while (n == max) {
        assert_status(ST_OK, store_list(p->world->things, tx, &p->call, &list, max, rows, &n));
        for (size_t i = 0; i < n; i++) {
            assert_true(seen < count);
            thing_assert_equal(&all[seen++], &rows[i]);
        }
        if (n > 0)
            last = rows[n - 1];
        list.after_key = &last.id;
        list.after_sort = &last.amount;
    }
    assert_int_equal(count, seen);
}

struct edit {
    struct thing want;
    bool refuse;
};

static enum status edit(void *row, const struct call *call, void *arg)
{
    struct edit *e = arg;

    (void)call;
    *(struct thing *)row = e->want;
    return e->refuse ? ST_FORBIDDEN : ST_OK;
}

static void do_change(struct property *p, struct transaction *tx)
{
    struct uuid id = some_id(p);
    struct thing *row = model_by_id(&p->model, id), got;
    struct edit e = {.refuse = below(p, 8) == 0};
    struct store_change how = {.fn = edit, .arg = &e, .version = (int64_t)below(p, 4)};
    enum status want = ST_NOT_FOUND;
    bool same = true;

    if (row) {
        e.want = *row;
        for (uint64_t i = below(p, 3); i > 0; i--)
            change_some(p, &e.want);
        same = memcmp(&e.want, row, sizeof(*row)) == 0;
        want = how.version && how.version != row->version           ? ST_STALE
               : e.refuse                                           ? ST_FORBIDDEN
               : !same && !model_may_stand(&p->model, &e.want, row) ? ST_CONFLICT
                                                                    : ST_OK;
    }
    assert_status(want, store_change(p->world->things, tx, &p->call, &id, &how, &got));
    if (want != ST_OK)
        return;
    if (got.version !=
        row->version) { /* what the text buffers hold behind their ends is no change */
        assert_false(same);
        e.want.version++;
        assert_true(got.updated_us >= row->updated_us);
        e.want.updated_us = got.updated_us;
    }
    thing_assert_equal(&e.want, &got);
    *row = e.want;
}

static void do_patch(struct property *p, struct transaction *tx)
{
    static const size_t MEMBERS[] = {offsetof(struct thing, amount), offsetof(struct thing, day)};
    struct uuid id = some_id(p);
    struct thing *row = model_by_id(&p->model, id), from = some_row(p), got;
    int64_t version = (int64_t)below(p, 4);
    enum status want = !row ? ST_NOT_FOUND : version && version != row->version ? ST_STALE : ST_OK;

    assert_status(want, store_patch(p->world->things, tx, &p->call, &id, version, &from, MEMBERS,
                                    ARRAY_LEN(MEMBERS), &got, NULL));
    if (want != ST_OK)
        return;
    row->version += row->amount != from.amount || row->day != from.day;
    row->amount = from.amount;
    row->day = from.day;
    row->updated_us = got.updated_us;
    thing_assert_equal(row, &got);
}

static enum status refuse(void *row, const struct call *call, void *arg)
{
    (void)row;
    (void)call;
    return *(bool *)arg ? ST_FORBIDDEN : ST_OK;
}

static void do_remove(struct property *p, struct transaction *tx)
{
    struct uuid id = some_id(p);
    struct thing *row = model_by_id(&p->model, id);
    bool guarded = below(p, 2), no = guarded && below(p, 2);

    assert_status(!row ? ST_NOT_FOUND
                  : no ? ST_FORBIDDEN
                       : ST_OK,
                  store_remove(p->world->things, tx, &p->call, &id, guarded ? refuse : NULL, &no));
    if (row && !no)
        model_remove(&p->model, row);
}

static void step(struct property *p, struct transaction *tx)
{
    static void (*const STEPS[])(struct property *, struct transaction *) = {
        do_insert, do_insert_many, do_find,  do_find_many, do_list,
        do_change, do_change,      do_patch, do_remove};

    STEPS[below(p, ARRAY_LEN(STEPS))](p, tx);
}

/* A transaction of n operations that gives up after the k-th; k = n commits. */
struct batch {
    struct property *p;
    uint64_t random;
    struct model before;
    unsigned n, k;
};

static enum status run_batch(struct transaction *tx, const struct call *call, void *arg)
{
    struct batch *batch = arg;

    (void)call;
    batch->p->random = batch->random;
    batch->p->model = batch->before;
    for (unsigned i = 0; i < batch->k; i++)
        step(batch->p, tx);
    return batch->k == batch->n ? ST_OK : ST_FORBIDDEN;
}

static void do_batch(struct property *p)
{
    static struct batch batch;

    batch = (struct batch){p, p->random, p->model, 1 + (unsigned)below(p, BATCH_MAX), 0};
    for (batch.k = 0; batch.k <= batch.n; batch.k++) {
        assert_status(batch.k == batch.n ? ST_OK : ST_FORBIDDEN,
                      transactor_run(p->world->transactor, &p->call, run_batch, &batch));
        if (batch.k < batch.n)
            p->model = batch.before;
    }
}

static unsigned seeds_wanted, steps_wanted;

static void run_seed(struct property *p, struct thing_world *world, unsigned seed)
{
    print_message("seed %u\n", seed); /* the last one is the one to try again */
    *p = (struct property){.world = world, .random = 0x9E3779B97F4A7C15u * (seed + 1)};
    for (unsigned i = 0; i < steps_wanted; i++) {
        p->call = test_call();
        if (below(p, 20) == 0)
            do_batch(p);
        else
            step(p, NULL);
    }
    while (p->model.n > 0)
        do_remove(p, NULL);
}

static void a_store_does_what_its_model_does(void **state)
{
    static struct property p;

    for (unsigned seed = 0; seed < seeds_wanted; seed++)
        run_seed(&p, *state, seed);
}

int thing_property(struct thing_world *world, unsigned seeds, unsigned steps)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(a_store_does_what_its_model_does, world),
    };

    seeds_wanted = seeds;
    steps_wanted = steps;
    return cmocka_run_group_tests_name("random operations", tests, NULL, NULL);
}
