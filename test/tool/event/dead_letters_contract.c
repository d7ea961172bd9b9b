/* dead_letters_contract.c - what every store of dead letters does. */
#include <string.h>

#include "test/tool/event/event_contract.h"
#include "tool/core/mem.h"

struct op {
    struct dead_letters *letters;
    struct dead_letter *letter; /* of head: what came out */
    enum { INSERT, UPDATE, REMOVE, HEAD } what;
};

static enum status do_in(struct transaction *tx, const struct call *call, void *arg)
{
    struct op *op = arg;
    const struct dead_letters_ops *ops = op->letters->ops;

    switch (op->what) {
    case INSERT:
        return ops->insert(op->letters, tx, call, op->letter);
    case UPDATE:
        return ops->update(op->letters, tx, call, op->letter);
    case REMOVE:
        return ops->remove(op->letters, tx, call, op->letter->id);
    case HEAD:
        return ops->head(op->letters, tx, call, op->letter->key, op->letter);
    }
    return ST_INTERNAL;
}

static enum status perform(struct orders *orders, int what, struct dead_letter *letter)
{
    struct op op = {orders->letters, letter, what};
    struct call call = test_call();

    return transactor_run(orders->transactor, &call, do_in, &op);
}

static struct dead_letter make(struct uuid key, enum dead_letter_state state)
{
    struct dead_letter letter = {.id = test_uuid(),
                                 .key = key,
                                 .state = state,
                                 .in_order = true,
                                 .type = "shop.order_paid",
                                 .reason = "conflict: ü",
                                 .attempts = 5,
                                 .partition = 15,
                                 .stream_seq = INT64_MAX,
                                 .time_us = 1700000000123456,
                                 .source = "/hanok/shop",
                                 .traceparent = "00-x",
                                 .json = "{\"name\":\"ü\"}"};

    return letter;
}

static struct dead_letter put(struct orders *orders, struct uuid key, enum dead_letter_state state)
{
    struct dead_letter letter = make(key, state);

    assert_status(ST_OK, perform(orders, INSERT, &letter));
    return letter;
}

static enum status find(struct orders *orders, struct uuid id, struct dead_letter *out)
{
    struct call call = test_call();

    return orders->letters->ops->find(orders->letters, NULL, &call, id, out);
}

static void what_is_put_is_found(void **state)
{
    struct dead_letter letter = put(*state, test_uuid(), DEAD_LETTER_PARKED), got;

    assert_status(ST_OK, find(*state, letter.id, &got));
    assert_true(got.seq > 0 && got.since_us > 0);
    letter.seq = got.seq;
    letter.since_us = got.since_us;
    assert_true(uuid_equal(got.key, letter.key) && got.state == letter.state && got.in_order);
    assert_string_equal(got.type, letter.type);
    assert_string_equal(got.reason, letter.reason);
    assert_string_equal(got.source, letter.source);
    assert_string_equal(got.traceparent, letter.traceparent);
    assert_string_equal(got.json, letter.json);
    assert_true(got.attempts == 5 && got.partition == 15 && got.stream_seq == INT64_MAX &&
                got.time_us == letter.time_us);
    assert_status(ST_NOT_FOUND, find(*state, test_uuid(), &got));
}

static void the_longest_texts_fit(void **state)
{
    struct dead_letter letter = make(test_uuid(), DEAD_LETTER_DEAD), got;

    memset(letter.reason, 'r', sizeof(letter.reason) - 1);
    memset(letter.json, 'j', sizeof(letter.json) - 1);
    memset(letter.type, 't', sizeof(letter.type) - 1);
    memset(letter.source, 's', sizeof(letter.source) - 1);
    assert_status(ST_OK, perform(*state, INSERT, &letter));
    assert_status(ST_OK, find(*state, letter.id, &got));
    assert_string_equal(got.reason, letter.reason);
    assert_string_equal(got.json, letter.json);
}

static void an_event_is_here_once(void **state)
{
    struct dead_letter letter = put(*state, test_uuid(), DEAD_LETTER_DEAD);

    assert_status(ST_CONFLICT, perform(*state, INSERT, &letter));
}

static void the_head_is_the_first_in_order_of_its_key(void **state)
{
    struct uuid key = test_uuid();
    struct dead_letter got = {.key = key}, loose = make(key, DEAD_LETTER_DEAD), first;

    assert_status(ST_NOT_FOUND, perform(*state, HEAD, &got));
    loose.in_order = false;
    assert_status(ST_OK, perform(*state, INSERT, &loose));
    assert_status(ST_NOT_FOUND, perform(*state, HEAD, &got));
    first = put(*state, key, DEAD_LETTER_DEAD);
    put(*state, key, DEAD_LETTER_PARKED);
    put(*state, test_uuid(), DEAD_LETTER_DEAD);
    assert_status(ST_OK, perform(*state, HEAD, &got));
    assert_true(uuid_equal(got.id, first.id));
    assert_string_equal(got.json, first.json);
}

struct asking {
    struct dead_letters *letters;
    const struct uuid *keys;
    size_t n;
};

static enum status any_in(struct transaction *tx, const struct call *call, void *arg)
{
    const struct asking *a = arg;

    return a->letters->ops->any(a->letters, tx, call, a->keys, a->n);
}

static enum status any(struct orders *orders, const struct uuid keys[], size_t n)
{
    struct asking asking = {orders->letters, keys, n};
    struct call call = test_call();

    return transactor_run(orders->transactor, &call, any_in, &asking);
}

static void it_knows_whether_one_of_several_keys_has_a_letter(void **state)
{
    struct uuid keys[DEAD_LETTER_KEYS_MAX];
    struct dead_letter loose;

    for (size_t i = 0; i < DEAD_LETTER_KEYS_MAX; i++)
        keys[i] = test_uuid();
    loose = make(keys[1], DEAD_LETTER_DEAD);
    loose.in_order = false;
    assert_status(ST_OK, perform(*state, INSERT, &loose));
    put(*state, test_uuid(), DEAD_LETTER_DEAD);
    assert_status(ST_NOT_FOUND, any(*state, keys, 1));
    assert_status(ST_NOT_FOUND, any(*state, keys, DEAD_LETTER_KEYS_MAX));
    put(*state, keys[DEAD_LETTER_KEYS_MAX - 1], DEAD_LETTER_DEAD);
    assert_status(ST_NOT_FOUND, any(*state, keys, DEAD_LETTER_KEYS_MAX - 1));
    assert_status(ST_OK, any(*state, keys, DEAD_LETTER_KEYS_MAX));
}

static void state_reason_and_attempts_change(void **state)
{
    struct dead_letter letter = put(*state, test_uuid(), DEAD_LETTER_PARKED), got;

    letter.state = DEAD_LETTER_DEAD;
    letter.attempts = 6;
    TEXT_COPY(letter.reason, "gone");
    assert_status(ST_OK, perform(*state, UPDATE, &letter));
    assert_status(ST_OK, perform(*state, UPDATE, &letter));
    assert_status(ST_OK, find(*state, letter.id, &got));
    assert_int_equal(got.state, DEAD_LETTER_DEAD);
    assert_int_equal(got.attempts, 6);
    assert_string_equal(got.reason, "gone");
    letter.id = test_uuid();
    assert_status(ST_NOT_FOUND, perform(*state, UPDATE, &letter));
}

static void what_is_removed_is_gone(void **state)
{
    struct dead_letter letter = put(*state, test_uuid(), DEAD_LETTER_DEAD), got;

    assert_status(ST_OK, perform(*state, REMOVE, &letter));
    assert_status(ST_NOT_FOUND, perform(*state, REMOVE, &letter));
    assert_status(ST_NOT_FOUND, find(*state, letter.id, &got));
}

static size_t list(struct orders *orders, const struct dead_letter_list *what, size_t max,
                   struct dead_letter *out)
{
    struct call call = test_call();
    size_t n = 99;

    assert_status(ST_OK, orders->letters->ops->list(orders->letters, &call, what, max, out, &n));
    return n;
}

static void a_list_goes_on_where_it_ended(void **state)
{
    struct uuid key = test_uuid();
    struct dead_letter_list what = {.key = &key};
    struct dead_letter a = put(*state, key, DEAD_LETTER_DEAD),
                       b = put(*state, key, DEAD_LETTER_PARKED),
                       c = put(*state, key, DEAD_LETTER_PARKED), got[DEAD_LETTER_LIST_MAX];

    assert_int_equal(list(*state, &what, 2, got), 2);
    assert_true(uuid_equal(got[0].id, a.id) && uuid_equal(got[1].id, b.id));
    assert_string_equal(got[0].json, "");
    what.after_seq = got[1].seq;
    assert_int_equal(list(*state, &what, 2, got), 1);
    assert_true(uuid_equal(got[0].id, c.id));
    what = (struct dead_letter_list){.key = &key, .dead_only = true};
    assert_int_equal(list(*state, &what, 2, got), 1);
    what = (struct dead_letter_list){0};
    assert_true(list(*state, &what, DEAD_LETTER_LIST_MAX, got) > 3);
}

static void what_is_parked_behind_nobody_is_stuck(void **state)
{
    struct orders *orders = *state;
    struct call call = test_call();
    struct uuid key = test_uuid(), id;
    struct dead_letter first = put(orders, key, DEAD_LETTER_DEAD),
                       second = put(orders, key, DEAD_LETTER_PARKED);

    while (orders->letters->ops->stuck(orders->letters, &call, &id) == ST_OK) {
        struct dead_letter other = {.id = id}; /* of tests before this one */
        assert_status(ST_OK, perform(orders, REMOVE, &other));
    }
    assert_status(ST_OK, perform(orders, REMOVE, &first));
    assert_status(ST_OK, orders->letters->ops->stuck(orders->letters, &call, &id));
    assert_true(uuid_equal(id, second.id));
    assert_status(ST_OK, perform(orders, REMOVE, &second));
    assert_status(ST_NOT_FOUND, orders->letters->ops->stuck(orders->letters, &call, &id));
}

static void the_census_counts(void **state)
{
    struct orders *orders = *state;
    struct call call = test_call();
    struct dead_letter_census before, after;

    assert_status(ST_OK, orders->letters->ops->census(orders->letters, &call, &before));
    put(orders, test_uuid(), DEAD_LETTER_DEAD);
    put(orders, test_uuid(), DEAD_LETTER_PARKED);
    put(orders, test_uuid(), DEAD_LETTER_PARKED);
    assert_status(ST_OK, orders->letters->ops->census(orders->letters, &call, &after));
    assert_int_equal(after.count[DEAD_LETTER_DEAD], before.count[DEAD_LETTER_DEAD] + 1);
    assert_int_equal(after.count[DEAD_LETTER_PARKED], before.count[DEAD_LETTER_PARKED] + 2);
    assert_true(after.oldest_ms >= before.oldest_ms);
}

/* All that these tests have put there: the next group begins with nothing. */
static int clear(void **state)
{
    static const struct dead_letter_list ALL;
    struct dead_letter got[DEAD_LETTER_LIST_MAX];
    size_t n;

    while ((n = list(*state, &ALL, DEAD_LETTER_LIST_MAX, got)) > 0)
        for (size_t i = 0; i < n; i++)
            assert_status(ST_OK, perform(*state, REMOVE, &got[i]));
    return 0;
}

int dead_letters_contract(struct orders *orders)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(what_is_put_is_found, orders),
        cmocka_unit_test_prestate(the_longest_texts_fit, orders),
        cmocka_unit_test_prestate(an_event_is_here_once, orders),
        cmocka_unit_test_prestate(the_head_is_the_first_in_order_of_its_key, orders),
        cmocka_unit_test_prestate(it_knows_whether_one_of_several_keys_has_a_letter, orders),
        cmocka_unit_test_prestate(state_reason_and_attempts_change, orders),
        cmocka_unit_test_prestate(what_is_removed_is_gone, orders),
        cmocka_unit_test_prestate(a_list_goes_on_where_it_ended, orders),
        cmocka_unit_test_prestate(what_is_parked_behind_nobody_is_stuck, orders),
        cmocka_unit_test_prestate(the_census_counts, orders),
        {"what is left is cleared away", what_is_removed_is_gone, NULL, clear, orders},
    };

    return cmocka_run_group_tests_name("dead letters", tests, NULL, NULL);
}
