/* sim_jobs.h - the jobs of a service, as its rows say. Private to the house. */
#ifndef TEST_SIMULATION_SIM_JOBS_H
#define TEST_SIMULATION_SIM_JOBS_H

#include "test/simulation/sim_house.h"

/** Of a service that is new in the house. */
void sim_jobs_add(struct sim_service *service);
void sim_jobs_remove(struct sim_service *service);

#endif
