/* sim_shop_day.c - see sim_shop_day.h. */
#include "test/simulation/sim_shop_day.h"

#include <string.h>

#include "dataservice/order/order_store.h"
#include "test/simulation/sim_shop_rows.h"
#include "test/simulation/sim_trouble.h"
#include "tool/core/mem.h"

enum { SECOND_US = 1000000 };

static unsigned one_of(struct sim *sim, const unsigned *choices, size_t n)
{
    return choices[sim_below(sim, n)];
}

static int64_t seconds(struct sim *sim, unsigned most)
{
    return (int64_t)sim_below(sim, (uint64_t)most * SECOND_US);
}

static void take_away(struct sim *sim, struct sim_outage *outage)
{
    if (!sim_chance(sim, 150))
        return;
    outage->from_us = seconds(sim, 10);
    outage->until_us = outage->from_us + seconds(sim, 50);
}

/* Each seed is bad in its own way: some only lose messages, some only crash, some do it all. */
static void brew(struct sim_shop *shop)
{
    static const unsigned RARE[] = {0, 0, 20, 100, 300}, OFTEN[] = {0, 0, 50, 200, 600};
    struct sim_house *house = &shop->house;
    struct sim *sim = &house->sim;
    struct sim_weather *w = &house->weather;
    struct sim_bus *bus = &house->bus;

    w->over_us = sim->now_us + 2 * SECOND_US + seconds(sim, sim_chance(sim, 300) ? 90 : 20);
    bus->over_us = w->over_us;
    w->crash = one_of(sim, RARE, ARRAY_LEN(RARE));
    w->fail = one_of(sim, RARE, ARRAY_LEN(RARE));
    w->lose = one_of(sim, RARE, ARRAY_LEN(RARE));
    w->freeze = one_of(sim, RARE, 4);
    bus->drop = one_of(sim, OFTEN, ARRAY_LEN(OFTEN));
    bus->twice = one_of(sim, OFTEN, ARRAY_LEN(OFTEN));
    bus->late = one_of(sim, OFTEN, 4);
    bus->delay_us = sim_chance(sim, 300) ? 3 * SECOND_US : 3000;
    for (size_t i = 0; i < house->n_services; i++) {
        take_away(sim, &house->services[i].away);
        take_away(sim, &house->services[i].database_away);
    }
}

static void brew_company(struct sim_shop *shop)
{
    static const unsigned OFTEN[] = {0, 0, 50, 200, 400};
    struct sim_company *company = &shop->company;
    struct sim *sim = &shop->house.sim;

    company->over_us = shop->house.weather.over_us;
    company->drop = one_of(sim, OFTEN, ARRAY_LEN(OFTEN));
    company->mute = one_of(sim, OFTEN, ARRAY_LEN(OFTEN));
    company->late = one_of(sim, OFTEN, ARRAY_LEN(OFTEN));
    company->slow = one_of(sim, OFTEN, ARRAY_LEN(OFTEN));
    take_away(sim, &company->away);
}

static void brew_events(struct sim_shop *shop)
{
    static const unsigned OFTEN[] = {0, 0, 50, 200, 600};
    struct sim_house *house = &shop->house;
    struct sim *sim = &house->sim;
    unsigned n = sim_chance(sim, 300) ? (unsigned)sim_below(sim, 4) : 0;

    house->air = (struct sim_air){.drop = one_of(sim, OFTEN, 4),
                                  .late = one_of(sim, OFTEN, 4),
                                  .delay_us = sim_chance(sim, 300) ? SECOND_US : 3000,
                                  .over_us = house->weather.over_us};
    house->stream.forgets = sim_chance(sim, 500);
    for (size_t i = 0; i < house->n_services; i++)
        house->services[i].numbers.late = one_of(sim, OFTEN, 5);
    for (unsigned i = 0; i < n; i++)
        sim_trouble_at(house, sim->now_us + seconds(sim, 20),
                       (enum sim_trouble_kind)sim_below(sim, SIM_CLOCK_SET));
}

static void wish(struct sim *sim, struct sim_wish *wish)
{
    *wish =
        (struct sim_wish){(unsigned)sim_below(sim, SIM_PRODUCTS), 1 + (int)sim_below(sim, 2), 0};
    wish->unit_price = sim_shop_price(wish->product) - sim_chance(sim, 50); /* it has risen */
}

/* They want more than there is; some have bad cards. */
static void invite(struct sim_shop *shop)
{
    struct sim *sim = &shop->house.sim;
    unsigned n = 2 + (unsigned)sim_below(sim, 5);

    for (unsigned i = 0; i < n; i++) {
        struct sim_customer *customer = sim_shop_customer(shop, seconds(sim, 5));
        customer->n_wishes = 1 + sim_below(sim, SIM_LINES_MAX);
        for (size_t j = 0; j < customer->n_wishes; j++)
            wish(sim, &customer->wishes[j]);
        if (sim_chance(sim, 150))
            customer->method = "tok_declined";
        customer->pay_later = sim_chance(sim, 700);
        if (customer->pay_later && sim_chance(sim, 600))
            sim_shop_pays(customer, seconds(sim, 30));
        if (sim_chance(sim, 450))
            sim_shop_cancels(customer, seconds(sim, 30));
        if (sim_chance(sim, 800))
            sim_shop_serves(customer, seconds(sim, 20));
        if (sim_chance(sim, 250))
            sim_shop_refunds(customer, seconds(sim, 30));
    }
}

/* Nothing is in their way: what is decided by what was there a moment ago is decided wrongly. */
static void invite_all_for_one(struct sim_shop *shop)
{
    struct sim *sim = &shop->house.sim;

    for (unsigned i = 0; i < SIM_CUSTOMERS_MAX; i++) {
        struct sim_customer *customer = sim_shop_customer(shop, seconds(sim, 1));
        customer->pay_later = false;
        sim_shop_serves(customer, seconds(sim, 20));
    }
}

/* Everything that can. */
static void go_wrong(struct sim_shop *shop)
{
    brew(shop);
    brew_company(shop);
    brew_events(shop);
    invite(shop);
}

static void tell_order(const struct order *order, struct sim_shop_tally *tally)
{
    tally->confirmed += order->status == ORDER_STATUS_CONFIRMED;
    tally->deferred += order->status == ORDER_STATUS_AWAITING_PAYMENT;
    tally->canceled += order->status == ORDER_STATUS_CANCELED;
    tally->sold_out += strcmp(order->reason, "sold_out") == 0;
    tally->declined += strcmp(order->reason, "payment_declined") == 0;
    tally->price_changed += strcmp(order->reason, "price_changed") == 0;
    tally->too_late += strcmp(order->reason, "deadline_exceeded") == 0;
}

static void tell(struct sim_shop *shop, struct sim_shop_tally *tally)
{
    struct memdb_table *orders = sim_rows(shop->order, &ORDER_TABLE);

    for (size_t i = 0; i < memdb_count(orders); i++)
        tell_order(memdb_row(orders, i), tally);
    sim_company_look(&shop->company);
    for (size_t i = 0; i < shop->company.n; i++) {
        const struct provider_entry *one = &shop->company.book[i];
        tally->taken += one->operation.kind == PROVIDER_CAPTURE;
        tally->refunded += one->operation.kind == PROVIDER_REFUND;
    }
    sim_shop_tell_tickets(shop, &tally->tickets);
    tally->deaths += sim_house_deaths(&shop->house);
}

const char *sim_shop_day_run(struct sim_shop_day *day, struct sim_shop_tally *tally)
{
    static const int STOCK[SIM_ITEMS] = {6, 3}, ONE[SIM_ITEMS] = {1, 0};
    struct sim_shop *shop = MEM_NEW(struct sim_shop);
    struct sim_house *house = &shop->house;
    const char *wrong = NULL;

    sim_shop_init(shop, day->seed, day->scarce ? ONE : STOCK);
    house->sim.trace = day->trace;
    house->mistakes = day->mistakes;
    if (day->scarce)
        invite_all_for_one(shop);
    else
        go_wrong(shop);
    if (!sim_house_settle(house))
        wrong = "it does not come to an end";
    if (!wrong)
        wrong = sim_shop_check(shop);
    tell(shop, tally);
    if (!wrong && !sim_house_stragglers(house))
        wrong = "a message that came after the end changed something";
    day->digest = house->sim.digest;
    sim_shop_fini(shop);
    free(shop);
    return wrong;
}
