/* delivery_walk_test.c - whatever happens to a delivery, in any order and by anybody: what must be
 * true of it stays true. */
#include "usecase/delivery/delivery_world_test.h"

enum { WALKS = 500, STEPS = 40 };

static uint32_t draw(uint32_t *seed, uint32_t below)
{
    *seed = *seed * 1664525U + 1013904223U;
    return (*seed >> 16) % below;
}

/* ST_NOT_FOUND: there is none yet, and row is as empty. */
static enum status row_of(struct world *w, struct delivery_row *row)
{
    struct call call = call_of(w, NULL);

    memset(row, 0, sizeof(*row));
    return store_find(w->use.deliveries, NULL, &call, NULL, &ORDER, row);
}

/* Whether the sweeper would look at it. */
static bool is_awaited(struct world *w)
{
    struct delivery_row row;

    return row_of(w, &row) == ST_OK && row.status == DELIVERY_IS_STARTED && row.ready;
}

/* Whether it could be done; what is heard always can. */
static bool do_something(struct world *w, uint32_t *seed)
{
    static void (*const HEAR[])(struct world * w, struct uuid order_id) = {accepted, cooked,
                                                                           canceled};
    static enum status (*const DO[])(struct world * w, const struct somebody *who) = {
        start, pickup, complete, give_back};
    uint32_t what = draw(seed, 21);

    if (what == 20)
        return is_awaited(w) && lapse(w) == ST_OK;
    if (what == 0)
        what = draw(seed, 3); /* a cancellation is rare: nothing comes after it */
    else
        what = what < 5 ? draw(seed, 2) : 3 + draw(seed, ARRAY_LEN(DO));
    if (what >= ARRAY_LEN(HEAR))
        return DO[what - ARRAY_LEN(HEAR)](w, draw(seed, 2) ? &KIM : &LEE) == ST_OK;
    HEAR[what](w, ORDER);
    return true;
}

static bool is_a_move(int from, int to)
{
    for (size_t i = 0; i < DELIVERY_STATES.n_moves; i++)
        if (DELIVERY_STATES.moves[i].from == from && DELIVERY_STATES.moves[i].to == to)
            return true;
    return from == to;
}

static void check(const struct delivery_row *before, const struct delivery_row *after,
                  bool was_done)
{
    const bool has_left =
        after->status == DELIVERY_IS_PICKED_UP || after->status == DELIVERY_IS_DELIVERED;

    if (!was_done)
        assert_memory_equal(before, after, sizeof(*before));
    assert_true(after->version == before->version || after->version == before->version + 1);
    if (before->version > 0)
        assert_true(is_a_move(before->status, after->status));
    if (after->status != DELIVERY_IS_CANCELED)
        assert_int_equal(uuid_is_nil(after->courier_id), after->status == DELIVERY_IS_WAITING);
    assert_int_equal(uuid_is_nil(after->courier_id), after->started_us == 0);
    assert_int_equal(has_left, after->picked_up_us != 0);
    assert_true(after->ready || !has_left);
    assert_int_equal(after->pickup_by_us != 0,
                     after->status == DELIVERY_IS_STARTED && after->ready);
    assert_int_equal(after->status == DELIVERY_IS_DELIVERED, after->delivered_us != 0);
}

/* Each version was said, in order; the last one as an export tells it. */
static void check_said(struct world *w, const struct delivery_row *row)
{
    struct outbox_row said[STEPS + 1];
    size_t n = outbox_memory_said(w->use.outbox, &ORDER, said, ARRAY_LEN(said));
    struct delivery_event event, told;
    char json[EVENT_DATA_MAX + 1];
    struct json_out o;

    assert_int_equal(n, row->version);
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(
            decode(DELIVERY_WAITING.data, said[i].json, strlen(said[i].json), &told, NULL), ST_OK);
        assert_int_equal(told.version, i + 1);
    }
    if (n == 0)
        return;
    delivery_export(row, &event);
    json_out_init(&o, json, sizeof(json));
    encode(DELIVERY_WAITING.data, &event, &o);
    assert_string_equal(said[n - 1].json, json);
}

static void a_delivery_is_right_whatever_happens_to_it(void **state)
{
    bool reached[DELIVERY_IS_CANCELED + 1] = {false};

    (void)state;
    for (uint32_t walk = 0; walk < WALKS; walk++) {
        uint32_t seed = walk;
        struct delivery_row before, after;
        void *world;
        setup(&world);
        memset(&before, 0, sizeof(before));
        for (int i = 0; i < STEPS; i++) {
            bool was_done = do_something(world, &seed);
            if (row_of(world, &after) == ST_OK)
                reached[after.status] = true;
            check(&before, &after, was_done);
            before = after;
        }
        check_said(world, &before);
        teardown(&world);
    }
    for (size_t i = 0; i < ARRAY_LEN(reached); i++)
        assert_true(reached[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_delivery_is_right_whatever_happens_to_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
