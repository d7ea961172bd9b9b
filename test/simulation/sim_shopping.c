/* sim_shopping.c - people in a shop; as clients do, in JSON. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "dataservice/order/order_store.h"
#include "protocol/order.h"
#include "protocol/payment.h"
#include "test/simulation/sim_shop_rows.h"
#include "tool/core/assert.h"
#include "tool/core/mem.h"

enum { TRIES_MAX = 6, RETRY_US = 3000000, CALL_MS = 5000, REPLY_MAX = 16384 };

static json_t *reply_of(const struct operation *op, const void *out)
{
    char *text = mem_alloc(1, REPLY_MAX);
    struct json_out o;
    json_t *reply;

    json_out_init(&o, text, REPLY_MAX);
    encode(op->reply, out, &o);
    ASSERT(!o.overflow);
    reply = json_loads(text, 0, NULL);
    free(text);
    ASSERT(reply);
    return reply;
}

enum status sim_shop_ask(struct sim_service *service, const struct sim_caller *caller,
                         const struct operation *op, const char *json,
                         char code[PROBLEM_CODE_MAX + 1], json_t **reply)
{
    struct sim_instance *instance = sim_house_instance(service);
    struct problem problem = {0};
    struct call call = {.problem = &problem};
    void *in, *out;
    enum status st;

    *reply = NULL;
    code[0] = '\0';
    if (!instance)
        return ST_UNAVAILABLE;
    call.clock = instance->run.clock;
    call.deadline_ms = clock_now_ms(call.clock) + CALL_MS;
    TEXT_COPY(call.user, caller->user);
    TEXT_COPY(call.roles, caller->roles);
    TEXT_COPY(call.idempotency_key, caller->key);
    in = mem_alloc(1, op->request->size);
    out = mem_alloc(1, op->reply->size);
    st = decode(op->request, json, strlen(json), in, &problem);
    ASSERT(st == ST_OK);
    st = sim_house_serve(instance, op, &call, in, out);
    if (st == ST_OK || st == ST_PENDING)
        *reply = reply_of(op, out);
    snprintf(code, PROBLEM_CODE_MAX + 1, "%s", problem.code);
    free(in);
    free(out);
    return st;
}

/* What is the shop's is done by an administrator. */
static enum status ask(struct sim_customer *customer, struct sim_service *service,
                       const struct operation *op, const char *json, char *code, json_t **reply)
{
    bool own = service == customer->shop->order;
    struct sim_caller caller = {customer->user, own ? "" : "admin", customer->key};
    enum status st = sim_shop_ask(service, &caller, op, json, code, reply);

    sim_note(&customer->shop->house.sim, customer->key, op->subject, st);
    return st;
}

void sim_shop_act(void *arg)
{
    struct sim_visit *visit = arg;

    visit->fn(visit->customer, visit);
}

static void again(struct sim_visit *visit)
{
    struct sim *sim = &visit->customer->shop->house.sim;

    if (++visit->tries < TRIES_MAX)
        sim_post(sim, 1000 + (int64_t)sim_below(sim, RETRY_US), sim_shop_act, visit);
}

static void write_form(const struct sim_customer *customer, char *json, size_t size)
{
    const struct sim_shop *shop = customer->shop;
    char store[UUID_TEXT_LEN + 1], product[UUID_TEXT_LEN + 1];
    size_t len = (size_t)snprintf(json, size, "{\"storeId\":\"%s\",\"lines\":[",
                                  uuid_text(shop->store_id, store));

    for (size_t i = 0; i < customer->n_wishes; i++)
        len += (size_t)snprintf(
            json + len, size - len,
            "%s{\"productId\":\"%s\",\"quantity\":%d,\"unitPrice\":{\"amount\":%" PRId64
            ",\"currency\":\"KRW\"}}",
            i > 0 ? "," : "", uuid_text(shop->products[customer->wishes[i].product], product),
            customer->wishes[i].quantity, customer->wishes[i].unit_price);
    snprintf(json + len, size - len,
             "],\"deliverTo\":{\"name\":\"Kim\",\"phone\":\"+82 10-1234-5678\",\"address\":\"Seoul "
             "1\"},\"payment\":{\"method\":\"%s\"},\"payLater\":%s}",
             customer->method, customer->pay_later ? "true" : "false");
}

static void keep_promise(struct sim_customer *customer, const json_t *reply)
{
    struct uuid id;

    ASSERT(uuid_parse(json_string_value(json_object_get(reply, "orderId")), &id));
    if (customer->accepted && !uuid_equal(customer->order_id, id))
        customer->contradicted = true;
    customer->accepted = true;
    customer->order_id = id;
}

static void place(struct sim_customer *customer, struct sim_visit *visit)
{
    char json[1024], code[PROBLEM_CODE_MAX + 1];
    struct sim *sim = &customer->shop->house.sim;
    enum status st;
    json_t *reply;

    write_form(customer, json, sizeof(json));
    st = ask(customer, customer->shop->order, &ORDER_CREATE, json, code, &reply);
    if (st == ST_OK)
        keep_promise(customer, reply);
    else if (status_is_refusal(st))
        TEXT_COPY(customer->refusal, code);
    if (st == ST_OK ? sim_chance(sim, 300) : !status_is_refusal(st) || st == ST_CONFLICT)
        again(visit); /* the answer may not have reached him */
    json_decref(reply);
}

/* About his order, and again until it is decided; *st: ST_NOT_FOUND while there is none. */
static enum status about_order(struct sim_customer *customer, struct sim_service *service,
                               const struct operation *op, const char *more)
{
    char json[256], id[UUID_TEXT_LEN + 1], code[PROBLEM_CODE_MAX + 1];
    json_t *reply = NULL;
    enum status st;

    if (!customer->accepted)
        return ST_UNAVAILABLE;
    snprintf(json, sizeof(json), "{\"orderId\":\"%s\"%s}", uuid_text(customer->order_id, id), more);
    st = ask(customer, service, op, json, code, &reply);
    json_decref(reply);
    return st;
}

static void pay(struct sim_customer *customer, struct sim_visit *visit)
{
    if (about_order(customer, customer->shop->order, &ORDER_PAY, ",\"method\":\"tok_ok\"") != ST_OK)
        again(visit);
}

static void cancel(struct sim_customer *customer, struct sim_visit *visit)
{
    enum status st = about_order(customer, customer->shop->order, &ORDER_CANCEL, "");

    if (st == ST_OK ? sim_chance(&customer->shop->house.sim, 300)
                    : st == ST_CONFLICT || !status_is_refusal(st))
        again(visit);
}

const struct order *sim_shop_order(const struct sim_customer *customer)
{
    struct memdb_table *orders = sim_rows(customer->shop->order, &ORDER_TABLE);

    for (size_t i = 0; customer->accepted && i < memdb_count(orders); i++) {
        const struct order *order = memdb_row(orders, i);
        if (uuid_equal(order->order_id, customer->order_id))
            return order;
    }
    return NULL;
}

static void refund(struct sim_customer *customer, struct sim_visit *visit)
{
    enum status st =
        about_order(customer, customer->shop->payment, &PAYMENT_REFUND_CREATE,
                    ",\"amount\":{\"amount\":300,\"currency\":\"KRW\"},\"reason\":\"cold\"");

    if (st != ST_OK && st != ST_PENDING)
        again(visit);
}

struct sim_customer *sim_shop_customer(struct sim_shop *shop, int64_t at_us)
{
    struct sim_customer *customer = &shop->customers[shop->n_customers];
    struct uuid user = {
        .b = {0x55, (uint8_t)shop->n_customers}
    };

    ASSERT(shop->n_customers < SIM_CUSTOMERS_MAX);
    *customer = (struct sim_customer){
        .shop = shop,
        .number = (unsigned)shop->n_customers++,
        .wishes = {{0, 1, sim_shop_price(0)}},
        .n_wishes = 1,
        .method = "tok_ok",
        .pay_later = true,
        .ordering = { customer, place, 0},
    };
    snprintf(customer->key, sizeof(customer->key), "key%u", customer->number);
    uuid_text(user, customer->user);
    sim_post(&shop->house.sim, at_us, sim_shop_act, &customer->ordering);
    return customer;
}

static void plan(struct sim_visit *visit, struct sim_customer *customer, int64_t at_us,
                 void (*fn)(struct sim_customer *customer, struct sim_visit *visit))
{
    *visit = (struct sim_visit){customer, fn, 0};
    sim_post(&customer->shop->house.sim, at_us, sim_shop_act, visit);
}

void sim_shop_pays(struct sim_customer *customer, int64_t at_us)
{
    plan(&customer->paying, customer, at_us, pay);
}

void sim_shop_cancels(struct sim_customer *customer, int64_t at_us)
{
    plan(&customer->cancelling, customer, at_us, cancel);
}

void sim_shop_refunds(struct sim_customer *customer, int64_t at_us)
{
    plan(&customer->refunding, customer, at_us, refund);
}
