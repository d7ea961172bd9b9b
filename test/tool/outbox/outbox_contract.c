/* outbox_contract.c - what every outbox does. */
#include "test/tool/outbox/outbox_contract.h"

#include <stdio.h>
#include <string.h>

#include "tool/core/log.h"
#include "tool/core/mem.h"

enum { ALL = (1 << EVENT_PARTITIONS) - 1, ROWS_MAX = 256 };

struct told {
    struct uuid key;
    char text[EVENT_DATA_MAX + 1];
};

/* clang-format off */
static const struct field TOLD_FIELDS[] = {
    FIELD(struct told, key, "key", FIELD_UUID, FIELD_REQUIRED, .rule = NULL),
    FIELD(struct told, text, "text", FIELD_TEXT, 0, .rule = NULL),
};
/* clang-format on */
static const struct descriptor TOLD = DESCRIPTOR(struct told, "Told", TOLD_FIELDS, "");
static const struct event_type SAID = {"shop.said", "", &TOLD, offsetof(struct told, key)};

/* Some sentences of one transaction. */
struct saying {
    struct outbox *outbox;
    const struct told *told;
    size_t n;
    enum status end;
};

static enum status say_in(struct transaction *tx, const struct call *call, void *arg)
{
    const struct saying *saying = arg;
    enum status st = ST_OK;

    for (size_t i = 0; i < saying->n && st == ST_OK; i++)
        st = event_say(saying->outbox, tx, call, &SAID, &saying->told[i]);
    return st == ST_OK ? saying->end : st;
}

static enum status say(struct outbox_world *world, const struct call *call, const struct told *told,
                       size_t n, enum status end)
{
    struct saying saying = {world->outbox, told, n, end};

    return transactor_run(world->transactor, call, say_in, &saying);
}

static struct told sentence(struct uuid key, const char *text)
{
    struct told told = {.key = key};

    TEXT_COPY(told.text, text);
    return told;
}

static size_t pending(struct outbox_world *world, uint32_t partitions, size_t max,
                      struct outbox_row *rows)
{
    struct call call = test_call();
    struct outbox_row *at[ROWS_MAX];
    size_t n;

    for (size_t i = 0; i < ROWS_MAX; i++)
        at[i] = &rows[i];
    assert_status(ST_OK,
                  world->outbox->ops->pending(world->outbox, &call, partitions, max, at, &n));
    return n;
}

/* Of this key only; the partition may have others. */
static size_t pending_of(struct outbox_world *world, struct uuid key, struct outbox_row *rows)
{
    size_t n = pending(world, UINT32_C(1) << event_partition(key), ROWS_MAX, rows), kept = 0;

    for (size_t i = 0; i < n; i++)
        if (uuid_equal(rows[i].key, key))
            rows[kept++] = rows[i];
    return kept;
}

static void what_is_said_is_kept_whole_and_in_order(void **state)
{
    struct outbox_world *world = *state;
    struct outbox_row *rows = mem_alloc(ROWS_MAX, sizeof(*rows));
    struct call call = test_call();
    struct uuid key = test_uuid();
    struct told told[] = {sentence(key, "\xea\xb9\x80 \"one\""), sentence(key, "two")};
    char id[UUID_TEXT_LEN + 1], want[128];

    call.saga_id = test_uuid();
    call.saga_state = "PROCESSING";
    TEXT_COPY(call.traceparent, "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
    assert_status(ST_OK, say(world, &call, told, 2, ST_OK));
    assert_int_equal(2, pending_of(world, key, rows));
    snprintf(want, sizeof(want), "{\"key\":\"%s\",\"text\":\"\xea\xb9\x80 \\\"one\\\"\"}",
             uuid_text(key, id));
    assert_string_equal(want, rows[0].json);
    assert_string_equal("shop.said", rows[0].type);
    assert_string_equal("PROCESSING", rows[0].saga_state);
    assert_string_equal(call.traceparent, rows[0].traceparent);
    assert_true(uuid_equal(call.saga_id, rows[0].saga_id));
    assert_true(rows[0].seq < rows[1].seq);
    assert_false(uuid_equal(rows[0].id, rows[1].id));
    assert_int_equal(event_partition(key), rows[0].partition);
    assert_in_range(rows[0].created_us, clock_wall_us(&CLOCK_SYSTEM) - INT64_C(60000000),
                    clock_wall_us(&CLOCK_SYSTEM) + INT64_C(60000000));
    free(rows);
}

static void it_is_kept_with_the_transaction_or_not_at_all(void **state)
{
    struct outbox_world *world = *state;
    struct outbox_row *rows = mem_alloc(ROWS_MAX, sizeof(*rows));
    struct call call = test_call();
    struct uuid key = test_uuid();
    struct told told = sentence(key, "");

    assert_status(ST_CONFLICT, say(world, &call, &told, 1, ST_CONFLICT));
    assert_int_equal(0, pending_of(world, key, rows));
    assert_status(ST_OK, say(world, &call, &told, 1, ST_OK));
    assert_int_equal(1, pending_of(world, key, rows));
    assert_true(uuid_is_nil(rows[0].saga_id));
    assert_string_equal("", rows[0].saga_state);
    assert_string_equal("", rows[0].traceparent);
    free(rows);
}

static void what_is_too_long_is_refused_and_the_longest_kept(void **state)
{
    struct outbox_world *world = *state;
    struct outbox_row *rows = mem_alloc(ROWS_MAX, sizeof(*rows));
    struct call call = test_call();
    struct told told = sentence(test_uuid(), "");
    size_t frame = strlen("{\"key\":\"\",\"text\":\"\"}") + UUID_TEXT_LEN;

    memset(told.text, 'x', EVENT_DATA_MAX - frame + 1);
    assert_status(ST_INTERNAL, say(world, &call, &told, 1, ST_OK));
    told.text[EVENT_DATA_MAX - frame] = '\0';
    assert_status(ST_OK, say(world, &call, &told, 1, ST_OK));
    assert_int_equal(1, pending_of(world, told.key, rows));
    assert_int_equal(EVENT_DATA_MAX, strlen(rows[0].json));
    free(rows);
}

static void partitions_are_read_by_themselves_and_a_few_at_a_time(void **state)
{
    enum { SAID_N = 64 };
    struct outbox_world *world = *state;
    struct outbox_row *rows = mem_alloc(ROWS_MAX, sizeof(*rows));
    struct call call = test_call();
    uint32_t some = 0;
    size_t all = pending(world, ALL, ROWS_MAX, rows), parts = 0, n;

    for (int i = 0; i < SAID_N; i++) {
        struct told told = sentence(test_uuid(), "");
        assert_status(ST_OK, say(world, &call, &told, 1, ST_OK));
        some |= UINT32_C(1) << event_partition(told.key);
    }
    for (unsigned p = 0; p < EVENT_PARTITIONS; p++) {
        n = pending(world, UINT32_C(1) << p, ROWS_MAX, rows);
        parts += n;
        assert_true(n > 0 || !(some >> p & 1));
        for (size_t i = 0; i < n; i++)
            assert_int_equal(p, rows[i].partition);
    }
    assert_int_equal(all + SAID_N, parts);
    assert_int_equal(parts, pending(world, ALL, ROWS_MAX, rows));
    for (size_t i = 1; i < parts; i++)
        assert_true(rows[i - 1].partition < rows[i].partition ||
                    (rows[i - 1].partition == rows[i].partition && rows[i - 1].seq < rows[i].seq));
    assert_int_equal(10, pending(world, ALL, 10, rows));
    free(rows);
}

static void hold_all(struct outbox_world *world, struct uuid holder)
{
    struct call call = test_call();
    uint32_t held;
    unsigned holders;

    assert_status(ST_OK,
                  world->lease->ops->hold(world->lease, &call, holder, 60000, &held, &holders));
    assert_int_equal(OUTBOX_ALL, held);
}

static void leave(struct outbox_world *world, struct uuid holder)
{
    struct call call = test_call();

    assert_status(ST_OK, world->lease->ops->leave(world->lease, &call, holder));
}

/* As if the stream had acknowledged them to holder, from this number on; the rows' order. */
static void mark_as(struct outbox_world *world, struct uuid holder, const struct outbox_row *rows,
                    size_t n, uint64_t stream_seq)
{
    struct outbox_sent *sent = mem_alloc(n + 1, sizeof(*sent));
    struct call call = test_call();

    for (size_t i = 0; i < n; i++)
        sent[i] = (struct outbox_sent){rows[i].seq, stream_seq + i, rows[i].id, rows[i].partition};
    assert_status(ST_OK, world->outbox->ops->sent(world->outbox, &call, holder, sent, n, NULL));
    free(sent);
}

static void mark(struct outbox_world *world, const struct outbox_row *rows, size_t n,
                 uint64_t stream_seq)
{
    struct uuid holder = test_uuid();

    hold_all(world, holder);
    mark_as(world, holder, rows, n, stream_seq);
    leave(world, holder);
}

static enum status last_sent(struct outbox_world *world, unsigned partition, uint64_t at_most,
                             struct outbox_sent *out)
{
    struct call call = test_call();

    return world->outbox->ops->last_sent(world->outbox, &call, partition, at_most, out);
}

/* So many rows, all of one key. */
static size_t say_many(struct outbox_world *world, struct uuid key, size_t n,
                       struct outbox_row *rows)
{
    struct call call = test_call();
    struct told told = sentence(key, "");

    for (size_t i = 0; i < n; i++)
        assert_status(ST_OK, say(world, &call, &told, 1, ST_OK));
    return pending_of(world, key, rows);
}

/* Whoever has the partition now may have found that the stream has lost it since. */
static void who_has_lost_a_partition_marks_nothing_of_it(void **state)
{
    struct outbox_world *world = *state;
    struct outbox_row *rows = mem_alloc(ROWS_MAX, sizeof(*rows));
    struct uuid key = test_uuid(), former = test_uuid(), present = test_uuid();

    assert_int_equal(1, say_many(world, key, 1, rows));
    hold_all(world, former);
    leave(world, former);
    hold_all(world, present);
    mark_as(world, former, rows, 1, 1);
    assert_int_equal(1, pending_of(world, key, rows));
    mark_as(world, present, rows, 1, 2);
    assert_int_equal(0, pending_of(world, key, rows));
    leave(world, present);
    free(rows);
}

static void what_was_sent_is_not_pending(void **state)
{
    static const size_t COUNTS[] = {1, 2, 8, 9, 64, 65, 130}; /* of one call */
    struct outbox_world *world = *state;
    struct outbox_row *rows = mem_alloc(ROWS_MAX, sizeof(*rows));
    uint64_t stream_seq = 1000;

    for (size_t i = 0; i < ARRAY_LEN(COUNTS); i++) {
        struct uuid key = test_uuid();
        struct outbox_sent last;
        assert_int_equal(COUNTS[i] + 1, say_many(world, key, COUNTS[i] + 1, rows));
        mark(world, rows, COUNTS[i], stream_seq);
        stream_seq += COUNTS[i];
        assert_status(ST_OK, last_sent(world, event_partition(key), UINT64_MAX, &last));
        assert_int_equal(stream_seq - 1, last.stream_seq);
        assert_int_equal(rows[COUNTS[i] - 1].seq, last.seq);
        assert_true(uuid_equal(rows[COUNTS[i] - 1].id, last.id));
        assert_int_equal(1, pending_of(world, key, rows));
        mark(world, rows, 1, stream_seq++);
        assert_int_equal(0, pending_of(world, key, rows));
    }
    free(rows);
}

static void what_the_stream_lost_is_pending_again_the_last_one_last(void **state)
{
    enum { SAID_N = 20, KEPT = 5 };
    struct outbox_world *world = *state;
    struct outbox_row *rows = mem_alloc(ROWS_MAX, sizeof(*rows));
    struct call call = test_call();
    struct uuid key = test_uuid();
    unsigned p = event_partition(key);
    struct outbox_sent last;
    size_t n;

    assert_int_equal(SAID_N, say_many(world, key, SAID_N, rows));
    mark(world, rows, SAID_N, 5000);
    assert_status(ST_OK, last_sent(world, p, 5000 + KEPT - 1, &last));
    assert_int_equal(rows[KEPT - 1].seq, last.seq);
    assert_status(ST_OK,
                  world->outbox->ops->send_again(world->outbox, &call, p, 5000 + KEPT - 1, 10, &n));
    assert_int_equal(10, n);
    assert_status(ST_OK, last_sent(world, p, UINT64_MAX, &last)); /* tells again of the loss */
    assert_int_equal(5000 + SAID_N - 1, last.stream_seq);
    assert_status(ST_OK,
                  world->outbox->ops->send_again(world->outbox, &call, p, 5000 + KEPT - 1, 10, &n));
    assert_int_equal(SAID_N - KEPT - 10, n);
    assert_status(ST_OK, last_sent(world, p, UINT64_MAX, &last));
    assert_int_equal(5000 + KEPT - 1, last.stream_seq);
    assert_int_equal(SAID_N - KEPT, pending_of(world, key, rows));
    mark(world, rows, SAID_N - KEPT, 6000);
    free(rows);
}

static void it_tells_how_far_it_is_behind(void **state)
{
    struct outbox_world *world = *state;
    struct outbox_row *rows = mem_alloc(ROWS_MAX, sizeof(*rows));
    struct call call = test_call();
    struct outbox_lag before, lag;

    mark(world, rows, pending(world, OUTBOX_ALL, ROWS_MAX, rows), 7000);
    assert_status(ST_OK, world->outbox->ops->lag(world->outbox, &call, &before));
    assert_int_equal(0, before.pending);
    assert_int_equal(0, before.oldest_ms);
    say_many(world, test_uuid(), 3, rows);
    assert_status(ST_OK, world->outbox->ops->lag(world->outbox, &call, &lag));
    assert_int_equal(3, lag.pending);
    assert_in_range(lag.oldest_ms, 0, 60000);
    free(rows);
}

/* Nothing is older than a hundred seconds; everything sent is older than none. */
static void what_was_sent_long_ago_is_purged(void **state)
{
    struct outbox_world *world = *state;
    struct outbox_row *rows = mem_alloc(ROWS_MAX, sizeof(*rows));
    struct call call = test_call();
    struct uuid key = test_uuid();
    struct outbox_sent last;
    size_t n = 1, all = 0;

    assert_int_equal(2, say_many(world, key, 2, rows));
    mark(world, rows, 1, 8000);
    assert_status(ST_OK, world->outbox->ops->purge(world->outbox, &call, 100, 10, &n));
    assert_int_equal(0, n);
    while (n > 0 || all == 0) {
        assert_status(ST_OK, world->outbox->ops->purge(world->outbox, &call, 0, 10, &n));
        assert_in_range(n, 0, 10);
        all += n;
    }
    assert_true(all > 10);
    assert_status(ST_NOT_FOUND, last_sent(world, event_partition(key), UINT64_MAX, &last));
    assert_int_equal(1, pending_of(world, key, rows));
    free(rows);
}

int outbox_contract(struct outbox_world *world)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(what_is_said_is_kept_whole_and_in_order, world),
        cmocka_unit_test_prestate(it_is_kept_with_the_transaction_or_not_at_all, world),
        cmocka_unit_test_prestate(what_is_too_long_is_refused_and_the_longest_kept, world),
        cmocka_unit_test_prestate(partitions_are_read_by_themselves_and_a_few_at_a_time, world),
        cmocka_unit_test_prestate(what_was_sent_is_not_pending, world),
        cmocka_unit_test_prestate(who_has_lost_a_partition_marks_nothing_of_it, world),
        cmocka_unit_test_prestate(what_the_stream_lost_is_pending_again_the_last_one_last, world),
        cmocka_unit_test_prestate(it_tells_how_far_it_is_behind, world),
        cmocka_unit_test_prestate(what_was_sent_long_ago_is_purged, world),
    };
    int failed;

    log_set_fd(-1);
    failed = cmocka_run_group_tests_name("outbox", tests, NULL, NULL);
    world->outbox->ops->destroy(world->outbox);
    world->transactor->ops->destroy(world->transactor);
    return failed;
}
