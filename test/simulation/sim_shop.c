/* sim_shop.c - the services of a shop as their rows are, over memory and a card company of ours;
 * and what the shop has. */
#include "test/simulation/sim_shop.h"

#include <stdio.h>
#include <string.h>

#include "cmd/catalog/catalog.h"
#include "cmd/order/order.h"
#include "cmd/payment/payment.h"
#include "dataservice/capacity/memory/capacity_rows_memory.h"
#include "dataservice/catalog/memory/shelf_memory.h"
#include "protocol/catalog.h"
#include "test/simulation/sim_capacity.h"
#include "test/simulation/sim_shop_rows.h"
#include "test/simulation/sim_sweep.h"
#include "tool/core/assert.h"
#include "tool/core/mem.h"
#include "tool/sweep/memory/sweep_rows_memory.h"

enum { PAY_WITHIN_S = 60, ASK_MS = 3000 };

/* Of each product: what it costs, and of which items how many are in it. */
static const struct {
    int64_t price;
    int parts[SIM_ITEMS];
} GOODS[SIM_PRODUCTS] = {
    {1000, {1, 0}},
    {3500, {2, 1}},
    {1900, {0, 1}},
};

static struct sim_instance *instance_of(const struct service_run *run)
{
    return container_of((struct service_run *)(uintptr_t)run, struct sim_instance, run);
}

static struct sim_shop *shop_of(const struct sim_instance *instance)
{
    return container_of(instance->service->house, struct sim_shop, house);
}

/* rows of that table, by what how says of it. */
static struct sweep_rows *sweeps(struct sim_instance *instance, const struct table *table,
                                 const struct sweep_memory_table *how)
{
    struct sweep_memory_table rows = *how;

    rows.db = instance->service->db;
    rows.table = sim_rows(instance->service, table);
    rows.row_size = table->row_size;
    rows.clock = &instance->service->db_clock.base;
    return sim_sweep_create(&instance->process, sweep_rows_memory_create(&rows));
}

/* ---- catalog ---- */

static bool is_held(const void *row)
{
    return ((const struct hold *)row)->state == HOLD_HELD;
}

static enum status start_catalog(void *self, const struct service_run *run)
{
    struct catalog_service *service = self;
    struct catalog *catalog = &service->catalog;
    struct sim_instance *instance = instance_of(run);
    struct memdb *db = instance->service->db;

    catalog->capacity.rows = sim_capacity_create(
        &instance->process, db, capacity_rows_memory_create(db, catalog->capacity.slots));
    catalog->shelf = shelf_memory_create(catalog->products, catalog->product_items, catalog->items,
                                         catalog->capacity.slots);
    catalog->outbox = run->outbox;
    catalog->entropy = run->entropy;
    catalog->transactor = run->transactor;
    sweeping_start(&service->sweeping, catalog, run);
    service->sweeping.rows->ops->destroy(service->sweeping.rows);
    service->sweeping.rows = sweeps(instance, &HOLD_TABLE,
                                    &(struct sweep_memory_table){
                                        .id = offsetof(struct hold, id),
                                        .due_us = offsetof(struct hold, expires_us),
                                        .next_us = offsetof(struct hold, sweep_us),
                                        .open = is_held,
                                    });
    service->sweeping.sweeper.config.rows = service->sweeping.rows;
    return ST_OK;
}

static void stop_catalog(void *self)
{
    struct catalog_service *service = self;

    sweeping_stop(&service->sweeping);
    shelf_destroy(service->catalog.shelf);
    sim_capacity_destroy(service->catalog.capacity.rows);
}

/* ---- payment ---- */

static bool is_requested(const void *row)
{
    return ((const struct payment_operation *)row)->state == OPERATION_REQUESTED;
}

static bool is_authorized(const void *row)
{
    return ((const struct payment *)row)->status == PAYMENT_IS_AUTHORIZED;
}

static enum status start_payment(void *self, const struct service_run *run)
{
    struct payment_service *service = self;
    struct payment_case *payments = &service->payments;
    struct sim_instance *instance = instance_of(run);
    struct sweeper_config config = {.transactor = run->transactor,
                                    .arg = payments,
                                    .batch = 16,
                                    .lease_ms = 25000,
                                    .ask_ms = ASK_MS,
                                    .grace_ms = 60000};

    payments->ask_ms = ASK_MS;
    payments->provider = sim_company_provider(&shop_of(instance)->company, &instance->process);
    payments->provider_name = "pgsim";
    payments->transactor = run->transactor;
    payments->barrier = run->barrier;
    payments->outbox = run->outbox;
    payments->entropy = run->entropy;
    payment_count(payments, NULL);
    config.name = "operation";
    config.rows = sweeps(instance, &OPERATION_TABLE,
                         &(struct sweep_memory_table){
                             .id = offsetof(struct payment_operation, operation_id),
                             .due_us = offsetof(struct payment_operation, due_us),
                             .next_us = offsetof(struct payment_operation, look_at_us),
                             .open = is_requested,
                         });
    config.ask = operation_sweep;
    config.act = operation_swept;
    sweeper_init(&service->operations, &config);
    config.name = "authorization";
    config.rows = sweeps(instance, &PAYMENT_TABLE,
                         &(struct sweep_memory_table){
                             .id = offsetof(struct payment, payment_id),
                             .due_us = offsetof(struct payment, expires_us),
                             .next_us = offsetof(struct payment, look_at_us),
                             .open = is_authorized,
                         });
    config.ask = NULL;
    config.act = payment_expire;
    sweeper_init(&service->expiries, &config);
    return ST_OK;
}

static void stop_payment(void *self)
{
    struct payment_service *service = self;

    service->operations.config.rows->ops->destroy(service->operations.config.rows);
    service->expiries.config.rows->ops->destroy(service->expiries.config.rows);
    service->payments.provider->ops->destroy(service->payments.provider);
}

/* ---- order ---- */

static bool is_unpaid(const void *row)
{
    return ((const struct order *)row)->status == ORDER_STATUS_AWAITING_PAYMENT;
}

static enum status start_order(void *self, const struct service_run *run)
{
    struct order_service *service = self;
    enum status st;

    TEXT_COPY(service->num_tz, "Asia/Seoul");
    service->pay_within_s = PAY_WITHIN_S;
    st = order_start(self, run);
    if (st != ST_OK)
        return st;
    service->unpaid_rows->ops->destroy(service->unpaid_rows);
    service->unpaid_rows = sweeps(instance_of(run), &ORDER_TABLE,
                                  &(struct sweep_memory_table){
                                      .id = offsetof(struct order, order_id),
                                      .due_us = offsetof(struct order, pay_by_us),
                                      .next_us = offsetof(struct order, look_at_us),
                                      .open = is_unpaid,
                                  });
    service->unpaid.config.rows = service->unpaid_rows;
    return ST_OK;
}

/* ---- the house ---- */

int64_t sim_shop_price(unsigned product)
{
    return GOODS[product].price;
}

static void make(struct sim_shop *shop, const struct operation *op, const char *json,
                 const char *member, struct uuid *id)
{
    static const struct sim_caller ADMIN = {"0197f3a0-1234-7abc-8def-0123456789ab", "admin", ""};
    char code[PROBLEM_CODE_MAX + 1];
    json_t *reply;
    enum status st = sim_shop_ask(shop->catalog, &ADMIN, op, json, code, &reply);

    ASSERT(st == ST_OK && uuid_parse(json_string_value(json_object_get(reply, member)), id));
    json_decref(reply);
}

static void fill(struct sim_shop *shop, const int stock[SIM_ITEMS])
{
    char json[512], store[UUID_TEXT_LEN + 1], item[UUID_TEXT_LEN + 1];

    shop->store_id = (struct uuid){{0x33}};
    uuid_text(shop->store_id, store);
    for (int i = 0; i < SIM_ITEMS; i++) {
        snprintf(json, sizeof(json),
                 "{\"storeId\":\"%s\",\"sku\":\"item-%d\",\"name\":\"Item\",\"onHand\":%d}", store,
                 i, stock[i]);
        make(shop, &CATALOG_ITEM_CREATE, json, "itemId", &shop->items[i]);
    }
    for (int i = 0; i < SIM_PRODUCTS; i++) {
        int len = snprintf(json, sizeof(json),
                           "{\"storeId\":\"%s\",\"name\":\"Product %d\",\"price\":{\"amount\":%d,"
                           "\"currency\":\"KRW\"},\"items\":[",
                           store, i, (int)GOODS[i].price);
        const char *comma = "";
        for (int j = 0; j < SIM_ITEMS; j++) {
            if (GOODS[i].parts[j] == 0)
                continue;
            len += snprintf(json + len, sizeof(json) - (size_t)len,
                            "%s{\"itemId\":\"%s\",\"quantity\":%d}", comma,
                            uuid_text(shop->items[j], item), GOODS[i].parts[j]);
            comma = ",";
        }
        snprintf(json + len, sizeof(json) - (size_t)len, "]}");
        make(shop, &CATALOG_PRODUCT_CREATE, json, "productId", &shop->products[i]);
    }
}

/* But the one that asks by SQL. */
static size_t payment_jobs(struct job jobs[SIM_JOBS_MAX])
{
    size_t n = 0;

    for (size_t i = 0; i < PAYMENT_SERVICE.n_jobs; i++)
        if (PAYMENT_SERVICE.jobs[i].fn != ledger_balances_watch)
            jobs[n++] = PAYMENT_SERVICE.jobs[i];
    return n;
}

void sim_shop_init(struct sim_shop *shop, uint64_t seed, const int stock[SIM_ITEMS])
{
    static struct service catalog, order, payment;
    static struct job jobs[SIM_JOBS_MAX];

    catalog = CATALOG_SERVICE;
    catalog.start = start_catalog;
    catalog.stop = stop_catalog;
    order = ORDER_SERVICE;
    order.start = start_order;
    payment = PAYMENT_SERVICE;
    payment.start = start_payment;
    payment.stop = stop_payment;
    payment.jobs = jobs;
    payment.n_jobs = payment_jobs(jobs);
    sim_company_init(&shop->company, &shop->house.sim);
    sim_house_init(&shop->house, seed, (const struct service *const[]){&catalog, &order, &payment},
                   3);
    shop->catalog = sim_house_service(&shop->house, "catalog");
    shop->order = sim_house_service(&shop->house, "order");
    shop->payment = sim_house_service(&shop->house, "payment");
    shop->house.client = sim_shop_act;
    shop->house.done = sim_shop_done;
    shop->n_customers = 0;
    fill(shop, stock);
}

void sim_shop_fini(struct sim_shop *shop)
{
    sim_house_fini(&shop->house);
    sim_company_fini(&shop->company);
}
