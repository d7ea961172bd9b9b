/* sim_shop.h - a house of catalog, order, payment and store, a card company, and people: customers
 * who order, pay later and cancel, an owner who takes orders or does not, makes them, answers who
 * cancels, and gives some money back. */
#ifndef TEST_SIMULATION_SIM_SHOP_H
#define TEST_SIMULATION_SIM_SHOP_H

#include <jansson.h>

#include "model/order.h"
#include "test/simulation/sim_company.h"
#include "test/simulation/sim_house.h"

#define SIM_SHOP_OWNER "0197f3a0-5555-7abc-8def-0123456789ab"

enum { SIM_CUSTOMERS_MAX = 8, SIM_PRODUCTS = 3, SIM_ITEMS = 2, SIM_LINES_MAX = 2 };

struct sim_customer;

/* What somebody has in mind, at its time and perhaps again. */
struct sim_visit {
    struct sim_customer *customer;
    void (*fn)(struct sim_customer *customer, struct sim_visit *visit);
    int tries;
};

struct sim_wish {
    unsigned product;
    int quantity;
    int64_t unit_price; /* that he has seen */
};

/* Who orders; he tries again with the same key when he got no answer. */
struct sim_customer {
    struct sim_shop *shop;
    unsigned number;
    char key[16], user[UUID_TEXT_LEN + 1];
    struct sim_wish wishes[SIM_LINES_MAX];
    size_t n_wishes;
    const char *method;
    bool pay_later;
    struct sim_visit ordering, paying, cancelling, serving, refunding;
    bool accepted, contradicted;
    char refusal[PROBLEM_CODE_MAX + 1]; /* what he was told instead; "" = nothing yet */
    struct uuid order_id;               /* that he was promised */
};

struct sim_shop {
    struct sim_house house;
    struct sim_company company;
    struct sim_service *catalog, *order, *payment, *store;
    bool store_waits; /* for longer than any clock is wrong: with every other seed */
    struct uuid store_id, items[SIM_ITEMS], products[SIM_PRODUCTS];
    size_t n_customers;
    struct sim_customer customers[SIM_CUSTOMERS_MAX];
};

/** stock: units of each item at first. */
void sim_shop_init(struct sim_shop *shop, uint64_t seed, const int stock[SIM_ITEMS]);
void sim_shop_fini(struct sim_shop *shop);
/** What one of a product costs. */
int64_t sim_shop_price(unsigned product);

/** Adds somebody who orders at at_us what the caller then puts into wishes, method and pay_later;
 * by default one of product 0, with a good card, paid later if it has to be. */
struct sim_customer *sim_shop_customer(struct sim_shop *shop, int64_t at_us);
/** He pays what waits for it, from at_us on; cancels; the owner looks after his ticket, again and
 * again; gives back a part of the money. */
void sim_shop_pays(struct sim_customer *customer, int64_t at_us);
void sim_shop_cancels(struct sim_customer *customer, int64_t at_us);
void sim_shop_serves(struct sim_customer *customer, int64_t at_us);
void sim_shop_refunds(struct sim_customer *customer, int64_t at_us);

/** His order as it is; NULL = there is none. */
const struct order *sim_shop_order(const struct sim_customer *customer);

/* Who asks. */
struct sim_caller {
    const char *user, *roles;
    const char *key; /* Idempotency-Key; "" = none */
};
/** As a client of that service would: JSON in, JSON out (*reply, to be given back; NULL = there is
 * none). code: of a refusal. */
enum status sim_shop_ask(struct sim_service *service, const struct sim_caller *caller,
                         const struct operation *op, const char *json,
                         char code[PROBLEM_CODE_MAX + 1], json_t **reply);
/** The event of people who ask: arg is the visit. */
void sim_shop_act(void *arg);
/** Nothing of it is left undone: no hold is overdue, no operation without its outcome. */
bool sim_shop_done(struct sim_house *house);
/** NULL, or which of the invariants of the shop does not hold. */
const char *sim_shop_check(struct sim_shop *shop);

#endif
