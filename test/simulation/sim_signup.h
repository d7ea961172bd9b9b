/* sim_signup.h - a house of auth and user, people who sign up, change their profiles and leave, a
 * diary of what happens, and the audit of it. */
#ifndef TEST_SIMULATION_SIM_SIGNUP_H
#define TEST_SIMULATION_SIM_SIGNUP_H

#include "model/signup_form.h"
#include "model/withdrawal.h"
#include "test/simulation/sim_house.h"

enum { SIM_CLIENTS_MAX = 8, SIM_TRIES_MAX = 6 };

struct sim_client;

/* What somebody has in mind, at its time and perhaps again. */
struct sim_errand {
    struct sim_client *client;
    void (*fn)(struct sim_client *client, struct sim_errand *errand);
    int tries;
};

/* Who signs up; with an idempotency key he tries again when he got no answer. */
struct sim_client {
    struct sim_signup *signup;
    struct signup_form form;
    char key[16]; /* "" = none */
    struct sim_errand signing_up, logging_in, changing, leaving;
    unsigned address;                       /* with which he changes his profile */
    struct uuid withdrawals[SIM_TRIES_MAX]; /* that he was promised */
    size_t n_withdrawals;
    bool accepted, contradicted;
    char end[PROBLEM_CODE_MAX + 1]; /* what a try was told that came after it; "" = none */
    struct signup_accepted answer;
};

struct sim_signup {
    struct sim_house house;
    struct sim_service *auth, *user, *diary, *audit;
    size_t n_clients;
    struct sim_client clients[SIM_CLIENTS_MAX];
};

void sim_signup_init(struct sim_signup *signup, uint64_t seed);
/** Adds a client that signs up at at_us, as person `who` with the address `email`. */
struct sim_client *sim_signup_client(struct sim_signup *signup, int64_t at_us, unsigned who,
                                     unsigned email, const char *key);
/** He changes his profile at at_us, or soon after, if he has one by then: name and address. */
void sim_signup_changes(struct sim_client *client, int64_t at_us, unsigned email);
/** He logs in, again and again. */
void sim_signup_logs_in(struct sim_client *client, int64_t at_us);
/** He gives up his account. */
void sim_signup_leaves(struct sim_client *client, int64_t at_us);
/** The errand once more, in a while; not for ever. */
void sim_signup_again(struct sim_errand *errand);
/** The event of people who ask: arg is the errand. */
void sim_signup_act(void *arg);
/** NULL, or what is wrong: a saga that has not ended, or is half done, or was promised and is not
 * there; a profile or an account without its saga. */
const char *sim_signup_check(struct sim_signup *signup);

#endif
