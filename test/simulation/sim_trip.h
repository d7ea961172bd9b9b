/* sim_trip.h - a house of four services: a trip books a hotel, a flight and a car, at a desk each.
 * Made for the simulation; everything a saga can do is in it: notes, data, answers that are not yet
 * decided, a pivot elsewhere. */
#ifndef TEST_SIMULATION_SIM_TRIP_H
#define TEST_SIMULATION_SIM_TRIP_H

#include "test/simulation/sim_house.h"

enum sim_desk { SIM_HOTEL, SIM_FLIGHT, SIM_CAR, SIM_DESKS };
enum { SIM_TRIPS_MAX = 8 };

/* Who books; tries again with the same trip when he got no answer. */
struct sim_traveller {
    struct sim_trips *trips;
    struct uuid trip_id;
    int64_t refuses; /* the desk that has nothing left for him; SIM_DESKS = none */
    int tries;
    bool accepted;
};

struct sim_trips {
    struct sim_house house;
    struct sim_service *trip, *desks[SIM_DESKS];
    size_t n_travellers;
    struct sim_traveller travellers[SIM_TRIPS_MAX];
};

void sim_trips_init(struct sim_trips *trips, uint64_t seed);
struct sim_traveller *sim_trips_traveller(struct sim_trips *trips, int64_t at_us, int64_t refuses);
/** NULL, or what is wrong: a trip that is half booked, or promised and not there, or undone for
 * another reason than a refusal (or, if late, the deadline). */
const char *sim_trips_check(struct sim_trips *trips, bool late);

#endif
