/* sim_day.h - a bad day of signups and withdrawals and of all that is said of it, from a seed. */
#ifndef TEST_SIMULATION_SIM_DAY_H
#define TEST_SIMULATION_SIM_DAY_H

#include "test/simulation/sim_signup.h"

/* How the sagas of many days ended, and what they went through. */
struct sim_tally {
    size_t succeeded, email_taken, too_late, deaths;
    size_t left, stayed;   /* withdrawals: that were through, that were undone */
    size_t heard;          /* events that had their effect */
    size_t lost, given_up; /* events: acknowledged and lost by the stream; dropped by a person */
};

struct sim_day {
    uint64_t seed;
    bool trace; /* print what happens */
    struct sim_mistakes mistakes;
    uint64_t digest; /* of all that has happened */
};

/** NULL, or what is wrong. Adds to tally. */
const char *sim_day_run(struct sim_day *day, struct sim_tally *tally);

#endif
