/* sim_shop_day.h - a bad day of a shop, from a seed. */
#ifndef TEST_SIMULATION_SIM_SHOP_DAY_H
#define TEST_SIMULATION_SIM_SHOP_DAY_H

#include "test/simulation/sim_shop.h"

/* What has become of tickets. */
struct sim_ticket_tally {
    size_t made, turned_down, unanswered;
    size_t consented, kept; /* of which the owner was asked: canceled, or not */
};

/* How the orders of many days ended, and what they went through. */
struct sim_shop_tally {
    size_t confirmed, deferred, canceled;
    size_t sold_out, declined, price_changed, too_late; /* rejected for that */
    size_t taken, refunded;                             /* payments */
    struct sim_ticket_tally tickets;
    size_t deaths;
};

struct sim_shop_day {
    uint64_t seed;
    bool trace;  /* print what happens */
    bool scarce; /* a fine day; but there is one of an item, and everybody wants it */
    struct sim_mistakes mistakes;
    uint64_t digest; /* of all that has happened */
};

/** NULL, or what is wrong. Adds to tally. */
const char *sim_shop_day_run(struct sim_shop_day *day, struct sim_shop_tally *tally);

/** Adds to tally. Of sim_shop_desk.c. */
void sim_shop_tell_tickets(struct sim_shop *shop, struct sim_ticket_tally *tally);

#endif
