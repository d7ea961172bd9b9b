/* sim_capacity.h - slots and hold lines of a process that may die. */
#ifndef TEST_SIMULATION_SIM_CAPACITY_H
#define TEST_SIMULATION_SIM_CAPACITY_H

#include "dataservice/capacity/capacity_rows.h"
#include "test/simulation/sim_process.h"
#include "tool/memdb/memdb.h"

/** Borrows process and db; owns inner, one of memory/ over db. With the mistake `checks_first` it
 * looks what is there before the transaction, and believes it inside. */
struct capacity_rows *sim_capacity_create(struct sim_process *process, struct memdb *db,
                                          struct capacity_rows *inner);
void sim_capacity_destroy(const struct capacity_rows *rows);

#endif
