/* sim_sweep.h - the rows of a sweeper in a process that may die. */
#ifndef TEST_SIMULATION_SIM_SWEEP_H
#define TEST_SIMULATION_SIM_SWEEP_H

#include "test/simulation/sim_process.h"
#include "tool/sweep/sweep_rows.h"

/** Borrows process, owns inner. */
struct sweep_rows *sim_sweep_create(struct sim_process *process, struct sweep_rows *inner);

#endif
