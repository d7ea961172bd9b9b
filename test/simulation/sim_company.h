/* sim_company.h - the card company, as an instance of payment meets it: a stranger who keeps a book
 * of his own, does an operation once however often it is asked for by one key, and is slow, silent,
 * late or not there. */
#ifndef TEST_SIMULATION_SIM_COMPANY_H
#define TEST_SIMULATION_SIM_COMPANY_H

#include "protocol/provider.h"
#include "test/simulation/sim_house.h"
#include "tool/remote/remote.h"

enum { SIM_BOOK_MAX = 256, SIM_LETTERS_MAX = 64 };

/* A question that is still on its way when who asked has given up. */
struct sim_letter {
    struct sim_company *company;
    struct provider_operation op;
};

struct sim_company {
    struct sim *sim;
    struct sim_clock clock;
    struct remote *card;             /* in memory: its rules and its book */
    unsigned drop, mute, late, slow; /* questions lost, answers lost, questions that come in a
                                        while, answers that take long; per mille */
    int64_t over_us;                 /* all is well from then on */
    struct sim_outage away;          /* no connection: nothing is asked */
    size_t n_letters;
    struct sim_letter letters[SIM_LETTERS_MAX];
    size_t n; /* of the book, when somebody looked */
    struct provider_entry book[SIM_BOOK_MAX];
};

/* What became of an authorization, by the book. */
struct sim_charge {
    int64_t authorized, captured, refunded;
    bool voided;
};

void sim_company_init(struct sim_company *company, struct sim *sim);
void sim_company_fini(struct sim_company *company);
/** What an instance asks; borrows both. */
struct remote *sim_company_provider(struct sim_company *company, struct sim_process *process);
void sim_company_provider_destroy(struct remote *provider);

/** Reads the book as it is now; the two below are about what was read. */
void sim_company_look(struct sim_company *company);
/** NULL: it never came. */
const struct provider_entry *sim_company_find(const struct sim_company *company, const char *key);
struct sim_charge sim_company_charge(const struct sim_company *company, const char *key);

#endif
