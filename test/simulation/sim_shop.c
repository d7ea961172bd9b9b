/* sim_shop.c - the services of a shop as their rows are, over memory and a card company of ours;
 * and what the shop has. */
#include "test/simulation/sim_shop.h"

#include <stdio.h>
#include <string.h>

#include "cmd/catalog/catalog.h"
#include "cmd/order/order.h"
#include "cmd/payment/payment.h"
#include "cmd/store/store.h"
#include "dataservice/capacity/memory/capacity_rows_memory.h"
#include "protocol/catalog.h"
#include "protocol/store.h"
#include "test/simulation/sim_capacity.h"
#include "test/simulation/sim_shop_rows.h"
#include "tool/core/assert.h"
#include "tool/core/mem.h"

enum { PAY_WITHIN_S = 60, SOON_S = 30, LATE_S = 330, ASK_MS = 3000 };

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

/* ---- catalog ---- */

static enum status start_catalog(void *self, const struct service_run *run)
{
    struct catalog *catalog = &((struct catalog_service *)self)->catalog;
    struct sim_instance *instance = instance_of(run);
    struct memdb *db = instance->service->db;

    ASSERT(CATALOG_SERVICE.start(self, run) == ST_OK);
    catalog->capacity.rows = sim_capacity_create(
        &instance->process, db, capacity_rows_memory_create(db, catalog->capacity.slots));
    return ST_OK;
}

static void stop_catalog(void *self)
{
    struct catalog_service *service = self;

    sim_capacity_destroy(service->catalog.capacity.rows);
}

/* ---- payment ---- */

static enum status start_payment(void *self, const struct service_run *run)
{
    struct payment_service *service = self;
    struct payment_case *payments = &service->payments;
    struct sim_instance *instance = instance_of(run);

    payments->ask_ms = ASK_MS;
    payments->provider = sim_company_provider(&shop_of(instance)->company, &instance->process);
    payments->provider_name = "pgsim";
    payments->transactor = run->transactor;
    payments->barrier = run->barrier;
    payments->outbox = run->outbox;
    payments->entropy = run->entropy;
    payment_count(payments, NULL);
    return ST_OK;
}

static void stop_payment(void *self)
{
    struct payment_service *service = self;

    sim_company_provider_destroy(service->payments.provider);
}

/* ---- order ---- */

static enum status start_order(void *self, const struct service_run *run)
{
    struct order_service *service = self;

    service->orders.num_east_s = 9 * 3600;
    service->orders.pay_within_us = PAY_WITHIN_S * INT64_C(1000000);
    return ORDER_SERVICE.start(self, run);
}

/* ---- store ---- */

/* Clocks are wrong by minutes. */
static enum status start_store(void *self, const struct service_run *run)
{
    struct store_service *service = self;
    bool waits = shop_of(instance_of(run))->store_waits;

    service->shops.accept_within_us = service->shops.consent_within_us =
        (waits ? LATE_S : SOON_S) * INT64_C(1000000);
    return STORE_SERVICE.start(self, run);
}

/* ---- the house ---- */

int64_t sim_shop_price(unsigned product)
{
    return GOODS[product].price;
}

static void make(struct sim_service *service, const struct operation *op, const char *json,
                 const char *member, struct uuid *id)
{
    static const struct sim_caller ADMIN = {"0197f3a0-1234-7abc-8def-0123456789ab", "admin", ""};
    char code[PROBLEM_CODE_MAX + 1];
    json_t *reply;
    enum status st = sim_shop_ask(service, &ADMIN, op, json, code, &reply);

    ASSERT(st == ST_OK && uuid_parse(json_string_value(json_object_get(reply, member)), id));
    json_decref(reply);
}

static void fill(struct sim_shop *shop, const int stock[SIM_ITEMS])
{
    char json[512], store[UUID_TEXT_LEN + 1], item[UUID_TEXT_LEN + 1];

    snprintf(json, sizeof(json),
             "{\"storeId\":\"%s\",\"ownerId\":\"" SIM_SHOP_OWNER "\",\"name\":\"Store\"}",
             uuid_text((struct uuid){{0x33}}, store));
    make(shop->store, &STORE_CREATE, json, "storeId", &shop->store_id);
    for (int i = 0; i < SIM_ITEMS; i++) {
        snprintf(json, sizeof(json),
                 "{\"storeId\":\"%s\",\"sku\":\"item-%d\",\"name\":\"Item\",\"onHand\":%d}", store,
                 i, stock[i]);
        make(shop->catalog, &CATALOG_ITEM_CREATE, json, "itemId", &shop->items[i]);
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
        make(shop->catalog, &CATALOG_PRODUCT_CREATE, json, "productId", &shop->products[i]);
    }
}

void sim_shop_init(struct sim_shop *shop, uint64_t seed, const int stock[SIM_ITEMS])
{
    static struct service catalog, order, payment, store;

    catalog = CATALOG_SERVICE;
    catalog.start = start_catalog;
    catalog.stop = stop_catalog;
    order = ORDER_SERVICE;
    order.start = start_order;
    payment = PAYMENT_SERVICE;
    payment.start = start_payment;
    payment.stop = stop_payment;
    store = STORE_SERVICE;
    store.start = start_store;
    shop->store_waits = seed % 2;
    sim_company_init(&shop->company, &shop->house.sim);
    sim_house_init(&shop->house, seed,
                   (const struct service *const[]){&catalog, &order, &payment, &store}, 4);
    shop->catalog = sim_house_service(&shop->house, "catalog");
    shop->order = sim_house_service(&shop->house, "order");
    shop->payment = sim_house_service(&shop->house, "payment");
    shop->store = sim_house_service(&shop->house, "store");
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
