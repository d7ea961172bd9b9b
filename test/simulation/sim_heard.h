/* sim_heard.h - whether what was said was heard: each committed event once in effect, those of one
 * key and one service in order, and nothing else. */
#ifndef TEST_SIMULATION_SIM_HEARD_H
#define TEST_SIMULATION_SIM_HEARD_H

#include "test/simulation/sim_house.h"

/* How a service that hears keeps what it has heard. */
struct sim_memory {
    /** How often the event is there; *at: where, in the order in which it was heard. */
    size_t (*find)(struct sim_service *service, struct uuid event_id, int64_t *at);
    size_t (*count)(struct sim_service *service);
};

/** NULL, or what is wrong, once the house has settled. dropped: events may have been given up
 * there, and then are not in effect. */
const char *sim_heard_check(struct sim_house *house, struct sim_service *service,
                            const struct sim_memory *memory, bool dropped);

#endif
