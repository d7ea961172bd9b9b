/* pulling.h - pullers over a real nats-server, each with a loop of its own, that keep what they
 * got.
 */
#ifndef TEST_TOOL_STREAM_PULLING_H
#define TEST_TOOL_STREAM_PULLING_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "test/support/bus.h"
#include "test/support/jetstream.h"
#include "tool/stream/puller.h"

enum { ACK_WAIT_MS = 3000, SEEN_MAX = 256 };

/* One that pulls, and keeps what it got in hand until the test says so, or acknowledges at once. */
struct hand {
    struct loop *loop;
    struct link *link;
    struct puller *puller;
    bool at_once;
    int seen[SEEN_MAX]; /* the numbers of what came */
    unsigned n, delivered;
};

struct pulling {
    struct jetstream js;
    struct hand a, b;
    int64_t ack_wait_ms;
    int64_t stalled_ms; /* the longest time in which the machine let no loop turn, of turning for */
    int next;
};

/** As "audit-07", pulling event.*.*.07. at_once: acknowledges what comes. */
void pulling_begin(struct pulling *f, struct hand *hand, bool at_once);
/** Without a word, as a process that is killed. */
void pulling_end(struct hand *hand);
/** The next number, 1 at first, and something of another partition before it. */
void pulling_publish(struct pulling *f);
void pulling_turn(struct pulling *f);
void pulling_turn_for(struct pulling *f, int64_t ms);
int pulling_setup(void **state);
int pulling_teardown(void **state);

#define WAIT(f, cond)                                                                              \
    for (int64_t give_up_ms = bus_give_up_ms(); !(cond); pulling_turn(f))                          \
    bus_check_patience(give_up_ms, #cond)
#define PULLING_TEST(name) cmocka_unit_test_setup_teardown(name, pulling_setup, pulling_teardown)

#endif
