/* payment_world.h - the payment service by its own rows, over memory or MariaDB, with a card
 * company in memory; and what a test asks of it. */
#ifndef TEST_CMD_PAYMENT_PAYMENT_WORLD_H
#define TEST_CMD_PAYMENT_PAYMENT_WORLD_H

#include "cmd/payment/payment.h"
#include "protocol/order.h"
#include "test/support/calls.h"
#include "test/support/provider_memory.h"

#define WORLD_SECRET "a secret that both sides know"

struct world {
    struct payment_service service;
    struct payment_case *p; /* of service */
    struct cursor_key cursors;
    struct lease *lease;
    /* of memory; NULL of others */
    struct memdb *db;
    struct problem problem;
    struct uuid user, store; /* whose orders, and of which store */
};

/** The stores, the barrier ... are there already. */
void world_init(struct world *w);
/** Of one in memory. */
int world_memory(void **state);
int world_memory_end(void **state);

/** A call of the user, or of somebody with roles. */
struct call world_call(struct world *w, const char *roles);
/** Asks one of the service's operations, as its row says. */
enum status world_ask(struct world *w, const struct operation *op, const char *roles,
                      const char *key, const void *in, void *out);
/** The same, of which the process dies when it is committed. */
enum status world_ask_and_die(struct world *w, const struct operation *op, const void *in,
                              void *out);

/* An order with one saga, and what they have come to. */
struct purchase {
    struct uuid saga_id, order_id;
    struct money total;
    const char *method;
    struct payment_authorized authorized;
};

struct purchase world_purchase(const char *method, int64_t amount, const char *currency);
enum status world_authorize(struct world *w, struct purchase *purchase);
enum status world_void(struct world *w, const struct purchase *purchase);
/** One that is authorized and taken, all of it, in KRW. */
struct purchase world_captured(struct world *w, const char *method, int64_t amount);
enum status world_capture(struct world *w, const struct purchase *purchase, int64_t amount);
/** key NULL: none. */
enum status world_refund(struct world *w, const struct purchase *purchase, const char *key,
                         int64_t amount, struct refund_made *made);
/** Its order is canceled. */
enum status world_cancel(struct world *w, const struct purchase *purchase);

/** As an admin reads it. ST_NOT_FOUND: there is none. */
enum status world_read(struct world *w, const struct purchase *purchase, struct payinfo *info);
/** The same; it must be there, and its status that. */
void world_expect(struct world *w, const struct purchase *purchase, int status);
/** What sweepers do: everything that has no outcome is asked for, `times` times. */
void world_sweep(struct world *w, const struct purchase *purchase, int times);
/** The provider's book says that nothing of the order is held, and net was taken. */
void world_expect_net(struct world *w, const struct purchase *purchase, int64_t net, bool held);

#endif
