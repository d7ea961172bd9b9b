/* proxy_test.c - workers that ask through the loop and wait. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#include "test/support/bus.h"
#include "tool/core/mem.h"
#include "tool/proxy/proxy.h"

enum { LONG_MS = 60000, THREADS = 100, CALLS_EACH = 10, SHORT_MS = 20 };

struct note {
    int64_t number;
};

static const struct field NOTE_FIELDS[] = {
    FIELD(struct note, number, "number", FIELD_INT, FIELD_REQUIRED, .min = 0, .max = 1000000),
};
static const struct descriptor NOTE = DESCRIPTOR(struct note, "Note", NOTE_FIELDS, "A number.");
static const struct operation SAY = {.subject = "echo.say", .request = &NOTE, .reply = &NOTE};
static const struct operation REFUSE = {.subject = "echo.refuse", .request = &NOTE};
static const struct operation NOBODY = {.subject = "nobody.home", .request = &NOTE};
static const struct operation HUGE = {.subject = "echo.huge", .request = &NOTE, .reply = &NOTE};
static const struct operation UNDECLARED = {.subject = "echo.say", .request = &NOTE};
static const struct operation HOLD = {.subject = "echo.hold.on.to.it", .request = &NOTE};

/* A thread that makes calls; done when it has none left. */
struct caller {
    pthread_t thread;
    struct proxy *proxy;
    const struct operation *op;
    int64_t first, timeout_ms;
    unsigned n_calls, n_right;
    enum status st; /* of the last call */
    bool asked;     /* whether that reached anybody */
    bool deaf;      /* it wants no reply */
    struct problem problem;
    atomic_bool done;
};

static void *make_calls(void *arg)
{
    struct caller *c = arg;

    for (unsigned i = 0; i < c->n_calls; i++) {
        struct call call = {.clock = &CLOCK_SYSTEM,
                            .deadline_ms = clock_now_ms(&CLOCK_SYSTEM) + c->timeout_ms,
                            .problem = &c->problem};
        struct note request = {.number = c->first + i}, reply = {.number = -1};

        struct remote *remote = proxy_remote(c->proxy);

        c->st =
            remote->ops->ask(remote, &call, c->op, &request, c->deaf ? NULL : &reply, &c->asked);
        c->n_right += c->st == ST_OK && (c->deaf || reply.number == request.number);
    }
    atomic_store(&c->done, true);
    return NULL;
}

static void start(struct caller *c, struct proxy *proxy, const struct operation *op,
                  int64_t timeout_ms)
{
    *c = (struct caller){.proxy = proxy, .op = op, .timeout_ms = timeout_ms, .n_calls = 1};
    assert_int_equal(pthread_create(&c->thread, NULL, make_calls, c), 0);
}

static struct proxy *proxy_of(struct bus *bus)
{
    static const struct operation *const CALLS[] = {&SAY, &REFUSE, &NOBODY, &HUGE, &HOLD};

    return proxy_create(&(struct proxy_config){
        .client = bus->client, .loop = bus->loop, .calls = CALLS, .n_calls = ARRAY_LEN(CALLS)});
}

/* One call from a thread of its own, while this one turns the loop. */
static enum status call_once(struct bus *bus, const struct operation *op, int64_t timeout_ms,
                             struct problem *problem, bool *asked)
{
    struct proxy *proxy = proxy_of(bus);
    struct caller c;

    start(&c, proxy, op, timeout_ms);
    BUS_WAIT(bus, atomic_load(&c.done));
    pthread_join(c.thread, NULL);
    proxy_destroy(proxy);
    *problem = c.problem;
    *asked = c.asked;
    return c.st;
}

static void many_threads_each_get_their_own_reply(void **state)
{
    static struct caller callers[THREADS];
    struct bus *bus = *state;
    struct proxy *proxy = proxy_of(bus);

    for (unsigned i = 0; i < THREADS; i++) {
        callers[i] = (struct caller){.proxy = proxy,
                                     .op = &SAY,
                                     .first = i * CALLS_EACH,
                                     .timeout_ms = LONG_MS,
                                     .n_calls = CALLS_EACH};
        assert_int_equal(pthread_create(&callers[i].thread, NULL, make_calls, &callers[i]), 0);
    }
    for (unsigned i = 0; i < THREADS; i++) {
        BUS_WAIT(bus, atomic_load(&callers[i].done));
        pthread_join(callers[i].thread, NULL);
        assert_int_equal(callers[i].n_right, CALLS_EACH);
    }
    assert_int_equal(bus->echo.n_handled, THREADS * CALLS_EACH);
    proxy_destroy(proxy);
}

static void who_wants_no_reply_learns_that_there_was_one(void **state)
{
    struct bus *bus = *state;
    struct proxy *proxy = proxy_of(bus);
    struct caller c = {
        .proxy = proxy, .op = &SAY, .timeout_ms = LONG_MS, .n_calls = 2, .deaf = true};

    assert_int_equal(pthread_create(&c.thread, NULL, make_calls, &c), 0);
    BUS_WAIT(bus, atomic_load(&c.done));
    pthread_join(c.thread, NULL);
    assert_int_equal(c.n_right, 2);
    assert_true(c.asked);
    proxy_destroy(proxy);
}

static void who_has_not_decided_is_no_problem(void **state)
{
    struct bus *bus = *state;
    struct proxy *proxy = proxy_of(bus);
    struct caller c = {.proxy = proxy, .op = &SAY, .first = 999999, .timeout_ms = LONG_MS};

    c.n_calls = 1;
    assert_int_equal(pthread_create(&c.thread, NULL, make_calls, &c), 0);
    BUS_WAIT(bus, atomic_load(&c.done));
    pthread_join(c.thread, NULL);
    assert_int_equal(c.st, ST_PENDING);
    assert_int_equal(c.problem.status, ST_OK);
    proxy_destroy(proxy);
}

static void what_goes_wrong_is_a_status_and_a_problem(void **state)
{
    static const struct {
        const char *why;
        const struct operation *op;
        int64_t timeout_ms;
        enum status want;
        const char *code;
        bool asked;
    } cases[] = {
        {"refused",                 &REFUSE,     LONG_MS,  ST_CONFLICT,    "taken",           true },
        {"nobody there",            &NOBODY,     LONG_MS,  ST_UNAVAILABLE, "unavailable",     false},
        {"the service is at fault", &HUGE,       LONG_MS,  ST_INTERNAL,    "reply_too_large", true },
        {"silence",                 &HOLD,       SHORT_MS, ST_TIMEOUT,     "timeout",         true },
        {"no time at all",          &SAY,        0,        ST_TIMEOUT,     "timeout",         false},
        {"not declared",            &UNDECLARED, LONG_MS,  ST_INTERNAL,    "internal",        false},
    };
    struct bus *bus = *state;

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct problem problem = {0};
        bool asked;
        enum status st = call_once(bus, cases[i].op, cases[i].timeout_ms, &problem, &asked);

        if (st != cases[i].want || problem.status != st || asked != cases[i].asked)
            fail_msg("%s: %s", cases[i].why, status_name(st));
        assert_string_equal(problem.code, cases[i].code);
    }
    assert_int_equal(bus->echo.n_handled, 0); /* without time nothing was sent */
    BUS_WAIT(bus, bus->echo.n_held == 1);
}

static void a_worker_does_not_wait_for_a_loop_that_is_late(void **state)
{
    struct bus *bus = *state;
    struct proxy *proxy = proxy_of(bus);
    struct caller callers[8];

    for (size_t i = 0; i < ARRAY_LEN(callers); i++)
        start(&callers[i], proxy, &SAY, SHORT_MS);
    for (size_t i = 0; i < ARRAY_LEN(callers); i++) { /* nobody turns the loop meanwhile */
        pthread_join(callers[i].thread, NULL);
        assert_int_equal(callers[i].st, ST_TIMEOUT);
    }
    loop_turn(bus->loop, 0); /* it finds their questions, and that nobody asks any more */
    assert_int_equal(bus_waiting(bus), 0);
    proxy_destroy(proxy);
}

/* Deadlines that pass at about the time of the reply: either outcome is right, and the memory of a
 * question is nobody's too early or for ever (asan, tsan). */
static void deadlines_may_pass_at_any_moment(void **state)
{
    static struct caller callers[THREADS];
    struct bus *bus = *state;
    struct proxy *proxy = proxy_of(bus);

    for (unsigned i = 0; i < THREADS; i++)
        start(&callers[i], proxy, &HOLD, 1 + i % SHORT_MS);
    for (unsigned i = 0; i < THREADS; i++)
        for (int64_t give_up_ms = bus_give_up_ms(); !atomic_load(&callers[i].done);
             loop_turn(bus->loop, 1)) {
            bus_check_patience(give_up_ms, "all callers are done");
            echo_release(&bus->echo);
        }
    for (unsigned i = 0; i < THREADS; i++) {
        pthread_join(callers[i].thread, NULL);
        assert_true(callers[i].st == ST_OK || callers[i].st == ST_TIMEOUT ||
                    callers[i].st == ST_UNAVAILABLE /* the breaker has had enough */);
    }
    proxy_destroy(proxy);
}

/* ---- several at once ---- */

enum { ALL = 4 };

struct asker {
    pthread_t thread;
    struct proxy *proxy;
    struct remote_question asked[ALL];
    enum status st;
    atomic_bool done;
};

static void *ask_all(void *arg)
{
    struct asker *a = arg;
    struct call call = {.clock = &CLOCK_SYSTEM,
                        .deadline_ms = clock_now_ms(&CLOCK_SYSTEM) + LONG_MS};

    a->st = remote_ask_all(proxy_remote(a->proxy), &call, a->asked, ALL);
    atomic_store(&a->done, true);
    return NULL;
}

/* None of them is answered before all of them have come. */
static void several_questions_are_under_way_at_once(void **state)
{
    static const struct remote_row HELD = {&HOLD, sizeof(struct note), 0, false};
    static const struct note IN = {.number = 1};
    struct bus *bus = *state;
    struct asker a = {.proxy = proxy_of(bus)};

    for (size_t i = 0; i < ALL; i++)
        a.asked[i] = (struct remote_question){&HELD, &IN, NULL, ST_INTERNAL};
    assert_int_equal(pthread_create(&a.thread, NULL, ask_all, &a), 0);
    BUS_WAIT(bus, bus->echo.n_held == ALL);
    assert_false(atomic_load(&a.done));
    echo_release(&bus->echo);
    BUS_WAIT(bus, atomic_load(&a.done));
    pthread_join(a.thread, NULL);
    assert_int_equal(a.st, ST_OK);
    proxy_destroy(a.proxy);
}

/* Each has its own answer; the first that is none says what they come to. */
static void of_several_questions_each_is_answered(void **state)
{
    static const struct remote_row ROWS[ALL] = {
        {&SAY,        sizeof(struct note), sizeof(struct note), false},
        {&REFUSE,     sizeof(struct note), 0,                   false},
        {&UNDECLARED, sizeof(struct note), sizeof(struct note), false},
        {&SAY,        sizeof(struct note), sizeof(struct note), false},
    };
    static const enum status WANT[ALL] = {ST_OK, ST_CONFLICT, ST_INTERNAL, ST_OK};
    struct bus *bus = *state;
    struct asker a = {.proxy = proxy_of(bus)};
    struct note in[ALL], out[ALL];

    for (size_t i = 0; i < ALL; i++) {
        in[i].number = (int64_t)i + 10;
        out[i].number = -1;
        a.asked[i] = (struct remote_question){&ROWS[i], &in[i], &out[i], ST_PENDING};
    }
    assert_int_equal(pthread_create(&a.thread, NULL, ask_all, &a), 0);
    BUS_WAIT(bus, atomic_load(&a.done));
    pthread_join(a.thread, NULL);
    assert_int_equal(a.st, ST_CONFLICT);
    for (size_t i = 0; i < ALL; i++) {
        assert_int_equal(a.asked[i].st, WANT[i]);
        assert_int_equal(out[i].number, WANT[i] == ST_OK ? in[i].number : -1);
    }
    proxy_destroy(a.proxy);
}

#define BUS_TEST(name) cmocka_unit_test_setup_teardown(name, bus_setup, bus_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        BUS_TEST(many_threads_each_get_their_own_reply),
        BUS_TEST(who_wants_no_reply_learns_that_there_was_one),
        BUS_TEST(who_has_not_decided_is_no_problem),
        BUS_TEST(what_goes_wrong_is_a_status_and_a_problem),
        BUS_TEST(a_worker_does_not_wait_for_a_loop_that_is_late),
        BUS_TEST(deadlines_may_pass_at_any_moment),
        BUS_TEST(several_questions_are_under_way_at_once),
        BUS_TEST(of_several_questions_each_is_answered),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
