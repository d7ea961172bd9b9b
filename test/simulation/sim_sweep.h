/* sim_sweep.h - sweepers as rows, in a process that may die. */
#ifndef TEST_SIMULATION_SIM_SWEEP_H
#define TEST_SIMULATION_SIM_SWEEP_H

#include "test/simulation/sim_house.h"

/** Makes the sweepers of the service's rows, in the instance's struct, over its memory. */
void sim_sweeps_create(struct sim_instance *instance);
void sim_sweeps_destroy(struct sim_instance *instance);

#endif
