/* capacity_contract.c - what must hold for holds, over any storage. */
#include <stdio.h>
#include <string.h>

#include "test/usecase/capacity/capacity_world.h"
#include "tool/core/mem.h"

static struct capacity_want want(size_t line, struct uuid slot_id, int64_t pieces, int64_t each)
{
    return (struct capacity_want){line, slot_id, pieces, each};
}

static void a_hold_has_all_that_is_wanted(void **state)
{
    struct uuid a = slot_new(*state, 10), b = slot_new(*state, 10), id = test_uuid();
    struct capacity_want wants[] = {want(0, a, 2, 1), want(1, b, 2, 3), want(2, a, 1, 1)};

    assert_status(ST_OK, take(*state, id, wants, ARRAY_LEN(wants)));
    assert_slot(*state, a, 3, 0);
    assert_slot(*state, b, 6, 0);
}

/* Each alone would do. */
static void lines_that_share_a_slot_are_one_want(void **state)
{
    struct uuid a = slot_new(*state, 3), b = slot_new(*state, 9);
    struct capacity_want wants[] = {want(0, a, 2, 1), want(1, b, 1, 1), want(2, a, 2, 1)};
    struct asking asking = {.instance = &((struct capacity_world *)*state)->instances[0],
                            .hold_id = test_uuid(),
                            .wants = wants,
                            .n_wants = ARRAY_LEN(wants)};

    assert_status(ST_CONFLICT, ask_take(&asking));
    assert_string_equal(asking.problem.code, "sold_out");
    assert_int_equal(asking.problem.n_errors, 2);
    assert_string_equal(asking.problem.errors[0].field, "lines[0]");
    assert_string_equal(asking.problem.errors[0].reason, "3 left");
    assert_string_equal(asking.problem.errors[1].field, "lines[2]");
    assert_slot(*state, a, 0, 0);
    assert_slot(*state, b, 0, 0);
}

static void every_short_line_is_told_the_pieces_that_are_left(void **state)
{
    struct uuid a = slot_new(*state, 7), b = slot_new(*state, 1), c = slot_new(*state, 5);
    struct capacity_want wants[] = {
        want(0, c, 5, 1),                                               /* is there */
        want(1, a, 4, 2),                                               /* 7 units make 3 */
        want(2, b, 2, 1), want(2, a, 2, 4), want(3, test_uuid(), 1, 1), /* of that there is none */
    };
    static const char *const REASONS[] = {"3 left", "1 left", "0 left"};
    struct asking asking = {.instance = &((struct capacity_world *)*state)->instances[0],
                            .hold_id = test_uuid(),
                            .wants = wants,
                            .n_wants = ARRAY_LEN(wants)};

    assert_status(ST_CONFLICT, ask_take(&asking));
    assert_int_equal(asking.problem.n_errors, ARRAY_LEN(REASONS));
    for (size_t i = 0; i < ARRAY_LEN(REASONS); i++) {
        char field[16];
        snprintf(field, sizeof(field), "lines[%zu]", i + 1);
        assert_string_equal(asking.problem.errors[i].field, field);
        assert_string_equal(asking.problem.errors[i].reason, REASONS[i]);
    }
    assert_slot(*state, c, 0, 0);
}

static void what_was_refused_may_be_asked_again(void **state)
{
    struct uuid a = slot_new(*state, 2), id = test_uuid(), other = test_uuid();
    struct capacity_want two = want(0, a, 2, 1);

    assert_status(ST_OK, take(*state, other, &two, 1));
    assert_status(ST_CONFLICT, take(*state, id, &two, 1));
    assert_status(ST_OK, move(*state, other, HOLD_RELEASE));
    assert_status(ST_OK, take(*state, id, &two, 1));
    assert_slot(*state, a, 2, 0);
}

/* T take, C commit, L release, R return; small: it is refused. */
static enum status do_step(struct capacity_world *w, char step, struct uuid id,
                           const struct capacity_want *wanted)
{
    switch (step) {
    case 'T':
        return take(w, id, wanted, 1);
    case 'C':
        return move(w, id, HOLD_COMMIT);
    case 'L':
        return move(w, id, HOLD_RELEASE);
    default:
        return move(w, id, HOLD_RETURN);
    }
}

static void in_any_order_twice_or_alone_it_ends_right(void **state)
{
    static const struct {
        const char *steps;
        int held, sold;
    } cases[] = {
        {"T",        2, 0},
        {"TT",       2, 0},
        {"TC",       0, 2},
        {"TCC",      0, 2},
        {"TCT",      0, 2},
        {"TL",       0, 0},
        {"TLL",      0, 0},
        {"TLC",      0, 0},
        {"TLt",      0, 0},
        {"TCL",      0, 2},
        {"TCR",      0, 0},
        {"TCRR",     0, 0},
        {"TCRCLtC",  0, 0},
        {"TR",       0, 0},
        {"TRC",      0, 0},
        {"L",        0, 0},
        {"Lt",       0, 0},
        {"LLRCttC",  0, 0},
        {"Rt",       0, 0},
        {"c",        0, 0},
        {"ccT",      2, 0},
        {"cTCLLRRC", 0, 0},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct uuid a = slot_new(*state, 5), id = test_uuid();
        struct capacity_want wanted = want(0, a, 2, 1);
        for (const char *step = cases[i].steps; *step; step++) {
            bool refused = *step >= 'a';
            enum status st = do_step(*state, (char)(*step & ~('a' - 'A')), id, &wanted);
            if ((st != ST_OK) != refused)
                fail_msg("%s: %c: got %s", cases[i].steps, *step, status_name(st));
        }
        print_message("%s\n", cases[i].steps);
        assert_slot(*state, a, cases[i].held, cases[i].sold);
    }
}

static void who_asks_is_told_what_is_so_and_whether_it_is_new(void **state)
{
    struct capacity_world *w = *state;
    struct capacity_want wanted = want(0, slot_new(w, 5), 2, 1);
    struct asking a = {.instance = &w->instances[0],
                       .hold_id = test_uuid(),
                       .owner_id = test_uuid(),
                       .wants = &wanted,
                       .n_wants = 1,
                       .action = HOLD_COMMIT};

    assert_status(ST_NOT_FOUND, ask_move(&a));
    for (int i = 0; i < 2; i++) {
        assert_status(ST_OK, ask_take(&a));
        assert_true(a.again == (i == 1) && a.hold.state == HOLD_HELD && a.hold.version == 1);
        assert_true(uuid_equal(a.hold.owner_id, a.owner_id));
    }
    for (int i = 0; i < 2; i++) {
        assert_status(ST_OK, ask_move(&a));
        assert_true(a.changed == (i == 0) && a.hold.state == HOLD_COMMITTED && a.hold.version == 2);
    }
    a.action = HOLD_RETURN;
    assert_status(ST_OK, ask_move(&a));
    assert_true(a.changed && a.hold.state == HOLD_RELEASED && a.hold.version == 3);
    assert_status(ST_CONFLICT, ask_take(&a));
    assert_string_equal(a.problem.code, "cancelled");
    a.hold_id = test_uuid(); /* a release that comes first moves nothing */
    assert_status(ST_OK, ask_move(&a));
    assert_true(!a.changed && a.hold.state == HOLD_RELEASED);
}

static void another_s_units_are_not_touched(void **state)
{
    struct uuid a = slot_new(*state, 5), mine = test_uuid(), his = test_uuid();
    struct capacity_want wanted = want(0, a, 2, 1);

    assert_status(ST_OK, take(*state, mine, &wanted, 1));
    assert_status(ST_OK, take(*state, his, &wanted, 1));
    assert_status(ST_OK, move(*state, his, HOLD_COMMIT));
    for (int i = 0; i < 2; i++)
        assert_status(ST_OK, move(*state, mine, HOLD_RETURN));
    assert_slot(*state, a, 0, 2);
}

struct change {
    struct capacity_world *w;
    struct uuid slot_id;
    int64_t delta;
    struct slot slot;
};

static enum status add_body(struct transaction *tx, const struct call *call, void *arg)
{
    struct change *c = arg;

    return capacity_add(&c->w->instances[0].capacity, tx, call, c->slot_id, c->delta, &c->slot);
}

static void a_total_changes_by_so_many_and_not_below_what_is_taken(void **state)
{
    static const struct {
        int64_t delta;
        enum status want;
        const char *code;
        int64_t total;
    } cases[] = {
        {3,              ST_OK,       "",            8},
        {-1,             ST_OK,       "",            7},
        {-4,             ST_CONFLICT, "units_taken", 0},
        {INT64_MIN,      ST_CONFLICT, "units_taken", 0},
        {-3,             ST_OK,       "",            4},
        {-1,             ST_CONFLICT, "units_taken", 0},
        {INT64_MAX,      ST_CONFLICT, "too_many",    0},
        {SLOT_TOTAL_MAX, ST_CONFLICT, "too_many",    0},
        {1,              ST_OK,       "",            5},
    };
    struct capacity_world *w = *state;
    struct change c = {.w = w, .slot_id = slot_new(w, 5)};
    struct capacity_want wanted = want(0, c.slot_id, 2, 1);
    struct uuid sold = test_uuid();
    struct problem problem = {.status = ST_OK};
    struct call call = test_call();

    call.problem = &problem;
    assert_status(ST_OK, take(w, sold, &wanted, 1));
    assert_status(ST_OK, move(w, sold, HOLD_COMMIT));
    assert_status(ST_OK, take(w, test_uuid(), &wanted, 1));
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        c.delta = cases[i].delta;
        assert_status(cases[i].want,
                      transactor_run(w->instances[0].transactor, &call, add_body, &c));
        if (cases[i].want == ST_OK)
            assert_int_equal(c.slot.total, cases[i].total);
        else
            assert_string_equal(problem.code, cases[i].code);
    }
    c.slot_id = test_uuid();
    assert_status(ST_NOT_FOUND, transactor_run(w->instances[0].transactor, &call, add_body, &c));
}

static void an_owner_s_hold_is_found_by_his_id(void **state)
{
    struct capacity_world *w = *state;
    const struct capacity *capacity = &w->instances[0].capacity;
    struct capacity_want wanted = want(0, slot_new(w, 5), 1, 1);
    struct asking a = {.instance = &w->instances[0],
                       .hold_id = test_uuid(),
                       .owner_id = test_uuid(),
                       .wants = &wanted,
                       .n_wants = 1};
    struct call call = test_call();
    struct hold hold;

    assert_status(ST_NOT_FOUND, capacity_of_owner(capacity, NULL, &call, a.owner_id, &hold));
    for (int i = 0; i < 2; i++) {
        struct uuid before = a.hold_id;
        while (memcmp(&a.hold_id, &before, sizeof(before)) <= 0) /* they rise by milliseconds */
            a.hold_id = test_uuid();
        assert_status(ST_OK, ask_take(&a));
        assert_status(ST_OK, capacity_of_owner(capacity, NULL, &call, a.owner_id, &hold));
        assert_true(uuid_equal(hold.id, a.hold_id));
    }
}

/* Whoever tells what is left finds it by that. */
static void expect_untold(struct capacity_world *w, const struct uuid *slot_id)
{
    struct store *slots = w->instances[0].capacity.slots;
    struct call call = test_call();
    struct slot slot;

    assert_status(ST_OK, store_find(slots, NULL, &call, NULL, slot_id, &slot));
    assert_true(slot.untold);
    assert_status(ST_OK,
                  store_turn(slots, NULL, &call, slot_id, "untold", &slot.untold, &(bool){false}));
}

static void each_change_of_a_slot_is_still_to_be_told(void **state)
{
    struct capacity_world *w = *state;
    struct change c = {.w = w, .slot_id = slot_new(w, 5), .delta = 1};
    struct capacity_want wanted = want(0, c.slot_id, 2, 1);
    struct uuid id = test_uuid();
    struct call call = test_call();

    assert_status(ST_OK, take(w, id, &wanted, 1));
    expect_untold(w, &c.slot_id);
    assert_status(ST_OK, move(w, id, HOLD_COMMIT));
    expect_untold(w, &c.slot_id);
    assert_status(ST_OK, move(w, id, HOLD_RETURN));
    expect_untold(w, &c.slot_id);
    assert_status(ST_OK, transactor_run(w->instances[0].transactor, &call, add_body, &c));
    expect_untold(w, &c.slot_id);
}

int capacity_contract(struct capacity_world *w)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(a_hold_has_all_that_is_wanted, w),
        cmocka_unit_test_prestate(lines_that_share_a_slot_are_one_want, w),
        cmocka_unit_test_prestate(every_short_line_is_told_the_pieces_that_are_left, w),
        cmocka_unit_test_prestate(what_was_refused_may_be_asked_again, w),
        cmocka_unit_test_prestate(in_any_order_twice_or_alone_it_ends_right, w),
        cmocka_unit_test_prestate(who_asks_is_told_what_is_so_and_whether_it_is_new, w),
        cmocka_unit_test_prestate(another_s_units_are_not_touched, w),
        cmocka_unit_test_prestate(a_total_changes_by_so_many_and_not_below_what_is_taken, w),
        cmocka_unit_test_prestate(an_owner_s_hold_is_found_by_his_id, w),
        cmocka_unit_test_prestate(each_change_of_a_slot_is_still_to_be_told, w),
    };

    return cmocka_run_group_tests_name("capacity", tests, NULL, NULL);
}
