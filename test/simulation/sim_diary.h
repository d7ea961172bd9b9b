/* sim_diary.h - a service that writes down every event it hears, in the order in which it hears
 * them; some it cannot take. */
#ifndef TEST_SIMULATION_SIM_DIARY_H
#define TEST_SIMULATION_SIM_DIARY_H

#include "test/simulation/sim_house.h"

extern const struct service DIARY;

/** How many events are in it. */
size_t sim_diary_notes(struct sim_service *diary);
/** NULL, or what is wrong, once the house has settled: an event that is not in the diary once, and
 * was not given up; one that has not happened; two of one key and one service in the wrong order.
 */
const char *sim_diary_check(struct sim_house *house, struct sim_service *diary);

#endif
