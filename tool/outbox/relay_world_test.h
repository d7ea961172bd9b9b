/* relay_world_test.h - for the relay's tests: memory, virtual time, and a stream that does as it is
 * told. */
#ifndef TOOL_OUTBOX_RELAY_WORLD_TEST_H
#define TOOL_OUTBOX_RELAY_WORLD_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tool/core/log.h"
#include "tool/core/mem.h"
#include "tool/outbox/memory/outbox_memory.h"
#include "tool/outbox/relay.h"

enum { STORED_MAX = 4096, RELAYS = 2, LONG_MS = 30000 };

struct message {
    struct uuid id, key;
    uint64_t seq; /* of the row */
};

/* Numbers begin at 1: message n is stored[n - 1]. */
struct stream {
    struct message stored[STORED_MAX];
    size_t n;
    bool missing;
    size_t refuse_at;         /* the so many-th that is sent is refused; 0 = none */
    size_t sent, made, looks; /* how often */
};

/* What one relay sees of it. */
struct reach {
    struct publisher base;
    struct world *world;
    uint64_t session; /* 0 = away */
    bool holds_back;  /* outcomes come later */
    struct publication *done, *held_back;
};

struct world {
    struct clock clock;
    int64_t now_ms;
    struct memdb *db;
    struct transactor *transactor;
    struct outbox *outbox;
    struct partition_lease *lease;
    struct stream stream;
    struct reach reach[RELAYS];
    struct relay *relays[RELAYS];
};

/* ---- the stream */

static uint64_t session(struct publisher *base)
{
    return container_of(base, struct reach, base)->session;
}

static long find(const struct stream *stream, struct uuid id)
{
    for (size_t i = 0; i < stream->n; i++)
        if (uuid_equal(stream->stored[i].id, id))
            return (long)i;
    return -1;
}

static void store(struct stream *stream, struct publication *p)
{
    long at = find(stream, p->row.id);

    p->st = ST_OK;
    p->duplicate = at >= 0;
    stream->sent++;
    if (stream->missing) {
        p->st = ST_NOT_FOUND;
    } else if (stream->sent == stream->refuse_at) {
        p->st = ST_UNAVAILABLE;
    } else if (at >= 0) {
        p->stream_seq = (uint64_t)at + 1;
    } else {
        assert_true(stream->n < STORED_MAX);
        stream->stored[stream->n++] = (struct message){p->row.id, p->row.key, p->row.seq};
        p->stream_seq = stream->n;
    }
}

static void publish(struct publisher *base, struct publication *list, uint64_t of_session)
{
    struct reach *reach = container_of(base, struct reach, base);

    assert_int_equal(of_session, reach->session);

    for (struct publication *p = list, *next; p; p = next) {
        struct publication **to = reach->holds_back ? &reach->held_back : &reach->done;
        next = p->next;
        store(&reach->world->stream, p);
        p->next = *to;
        *to = p;
    }
}

static struct publication *collect(struct publisher *base)
{
    struct reach *reach = container_of(base, struct reach, base);
    struct publication *list = reach->done;

    reach->done = NULL;
    return list;
}

static enum status span(struct publisher *base, const struct call *call, uint64_t *first,
                        uint64_t *last)
{
    struct stream *stream = &container_of(base, struct reach, base)->world->stream;

    (void)call;
    *first = 1;
    *last = stream->n;
    return stream->missing ? ST_NOT_FOUND : ST_OK;
}

static enum status id_at(struct publisher *base, const struct call *call, uint64_t stream_seq,
                         struct uuid *id)
{
    struct stream *stream = &container_of(base, struct reach, base)->world->stream;

    (void)call;
    stream->looks++;
    if (stream_seq == 0 || stream_seq > stream->n)
        return ST_NOT_FOUND;
    *id = stream->stored[stream_seq - 1].id;
    return ST_OK;
}

static enum status create(struct publisher *base, const struct call *call)
{
    struct stream *stream = &container_of(base, struct reach, base)->world->stream;

    (void)call;
    stream->missing = false;
    stream->made++;
    return ST_OK;
}

static const struct publisher_ops REACH = {session, publish, collect, span, id_at, create};

/* ---- the world */

static int64_t now_ms(const struct clock *clock)
{
    return container_of(clock, struct world, clock)->now_ms;
}

static int64_t wall_us(const struct clock *clock)
{
    return 1767225600000000 + now_ms(clock) * 1000;
}

static void start(struct world *w, size_t i)
{
    w->reach[i] = (struct reach){.base = {&REACH}, .world = w, .session = 1};
    w->relays[i] = relay_create(&(struct relay_config){.outbox = w->outbox,
                                                       .lease = w->lease,
                                                       .publisher = &w->reach[i].base,
                                                       .clock = &w->clock,
                                                       .entropy = &ENTROPY_SYSTEM});
}

static int setup(void **state)
{
    struct world *w = MEM_NEW(struct world);

    log_set_fd(-1);
    w->clock = (struct clock){now_ms, wall_us};
    w->now_ms = 1000;
    w->db = memdb_create();
    w->transactor = memdb_transactor_create(w->db);
    w->outbox = outbox_memory_create(w->db, &w->clock, &ENTROPY_SYSTEM);
    w->lease = partition_lease_memory_create(w->db, &w->clock);
    start(w, 0);
    *state = w;
    return 0;
}

static int teardown(void **state)
{
    struct world *w = *state;

    for (size_t i = 0; i < RELAYS; i++)
        relay_destroy(w->relays[i]);
    w->lease->ops->destroy(w->lease);
    outbox_destroy(w->outbox);
    w->transactor->ops->destroy(w->transactor);
    memdb_destroy(w->db);
    free(w);
    return 0;
}

/* All relays, as often as they want it, for so long. */
static void run_for(struct world *w, int64_t ms)
{
    for (int64_t until_ms = w->now_ms + ms; w->now_ms < until_ms; w->now_ms += 2)
        for (size_t i = 0; i < RELAYS; i++)
            if (w->relays[i])
                assert_true(relay_turn(w->relays[i]) >= 0);
}

struct told {
    struct uuid key;
};

static const struct field TOLD_FIELDS[] = {
    FIELD(struct told, key, "key", FIELD_UUID, FIELD_REQUIRED, .rule = NULL),
};
static const struct descriptor TOLD = DESCRIPTOR(struct told, "Told", TOLD_FIELDS, "");
static const struct event_type SAID = {"shop.said", "", &TOLD, offsetof(struct told, key)};

struct saying {
    struct outbox *outbox;
    struct told told;
};

static enum status say_in(struct transaction *tx, const struct call *call, void *arg)
{
    struct saying *saying = arg;

    return event_say(saying->outbox, tx, call, &SAID, &saying->told);
}

static struct uuid key_of(uint8_t n)
{
    return (struct uuid){{n}};
}

static void say(struct world *w, uint8_t key, size_t n)
{
    struct call call = {.clock = &w->clock, .deadline_ms = w->now_ms + 1000};

    for (size_t i = 0; i < n; i++)
        assert_int_equal(transactor_run(w->transactor, &call, say_in,
                                        &(struct saying){w->outbox, {key_of(key)}}),
                         ST_OK);
    if (w->relays[0])
        relay_wake(w->relays[0]);
}

static int64_t pending(struct world *w)
{
    struct call call = {.clock = &w->clock, .deadline_ms = w->now_ms + 1000};
    struct outbox_lag lag;

    assert_int_equal(w->outbox->ops->lag(w->outbox, &call, &lag), ST_OK);
    return lag.pending;
}

/* Every event of every key is stored, once, in the order of saying. */
static void expect_stored(struct world *w, size_t n)
{
    assert_int_equal(pending(w), 0);
    assert_int_equal(w->stream.n, n);
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < i; k++)
            if (uuid_equal(w->stream.stored[i].key, w->stream.stored[k].key))
                assert_true(w->stream.stored[k].seq < w->stream.stored[i].seq);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

#endif
