/* sim_diary.h - a service that writes down every event it hears, in the order in which it hears
 * them; some it cannot take. */
#ifndef TEST_SIMULATION_SIM_DIARY_H
#define TEST_SIMULATION_SIM_DIARY_H

#include "test/simulation/sim_heard.h"

extern const struct service DIARY;
extern const struct sim_memory DIARY_MEMORY;

/** How many events are in it. */
size_t sim_diary_notes(struct sim_service *diary);

#endif
