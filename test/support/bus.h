/* bus.h - a private NATS with an asking and an answering side on one loop, for tests. The test's
 * thread turns the loop itself, so nothing happens behind its back. */
#ifndef TEST_SUPPORT_BUS_H
#define TEST_SUPPORT_BUS_H

#include "test/support/nats_server.h"
#include "tool/core/work_pool.h"
#include "tool/message/client.h"
#include "tool/message/responder.h"
#include "tool/metrics/metrics.h"

enum { BUS_HELD_MAX = 1024, BUS_PATIENCE_MS = 120000 };

/* A service "echo": say answers the question, work does so from another thread, refuse answers 409
 * (503 overloaded to "busy"), huge answers too much, hold keeps the request until echo_release. */
/* The one question that echo.say answers with 202. */
#define BUS_UNDECIDED "{\"number\":999999}"

struct echo {
    struct link *link;
    struct responder *server;
    struct loop *loop;
    struct work_pool *pool;
    struct responder_spec *specs;
    struct responder_request *held[BUS_HELD_MAX];
    unsigned n_held, n_handled;
    struct call last; /* as read from the last request */
};

struct bus {
    struct nats_server nats;
    const char *tls_ca; /* NULL = plain */
    struct loop *loop;
    struct metrics *metrics;
    struct link *link;
    struct breakers *breakers;
    struct message_client *client;
    struct echo echo, second; /* the second only in tests that echo_init it */
};

/* What came back. */
struct answer {
    unsigned n; /* how often; more than once is a bug */
    enum status st;
    int error_code;
    char data[512];
    size_t len;
};

/** cmocka's setup and teardown of a test: *state is a struct bus with both sides up. */
int bus_setup(void **state);
/** The same with further lines of nats-server's configuration, and TLS where tls_ca is not NULL. */
int bus_setup_with(void **state, const char *nats_conf, const char *tls_ca);
int bus_teardown(void **state);
void echo_init(struct echo *echo, struct bus *bus);
/** Answers what hold has kept, by its own payload. */
void echo_release(struct echo *echo);
/** Sends; the outcome, also when it is refused at once, is in *answer sooner or later. */
void bus_ask(struct bus *bus, const char *subject, const char *data, int64_t timeout_ms,
             struct answer *answer, uint64_t *token);
int64_t bus_counter(struct bus *bus, const char *name);
/** Requests of the client that somebody waits for. */
int64_t bus_waiting(struct bus *bus);
int64_t bus_give_up_ms(void);
void bus_check_patience(int64_t give_up_ms, const char *what);

/** Turns the loop until cond holds; fails the test when that takes half a minute. */
#define BUS_WAIT(bus, cond)                                                                        \
    for (int64_t give_up_ms = bus_give_up_ms(); !(cond); loop_turn((bus)->loop, 10))               \
    bus_check_patience(give_up_ms, #cond)

#endif
