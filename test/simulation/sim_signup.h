/* sim_signup.h - a house of auth and user, people who sign up, a diary of what happens, and
 * the audit of it. */
#ifndef TEST_SIMULATION_SIM_SIGNUP_H
#define TEST_SIMULATION_SIM_SIGNUP_H

#include "model/signup_form.h"
#include "test/simulation/sim_house.h"

enum { SIM_CLIENTS_MAX = 8 };

/* Who signs up; with an idempotency key he tries again when he got no answer. */
struct sim_client {
    struct sim_signup *signup;
    struct signup_form form;
    char key[16]; /* "" = none */
    int tries;
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
/** NULL, or what is wrong: a saga that has not ended, or is half done, or was promised and is not
 * there; a profile or an account without its saga. */
const char *sim_signup_check(struct sim_signup *signup);

#endif
