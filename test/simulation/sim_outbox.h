/* sim_outbox.h - outbox and leases of a process that may die. */
#ifndef TEST_SIMULATION_SIM_OUTBOX_H
#define TEST_SIMULATION_SIM_OUTBOX_H

#include "test/simulation/sim_process.h"
#include "tool/outbox/partition_lease.h"

enum { SIM_NUMBERS_MAX = 4 };

/* A database hands out numbers when rows are written, and shows rows when they are committed: so
 * one with a lower number may come later. Of a service's database. */
struct sim_numbers {
    unsigned late; /* transactions that are open for long, in a thousand */
    uint64_t taken[SIM_NUMBERS_MAX];
    size_t n;
};

/* Each borrows process and numbers, and owns what it wraps. */
struct outbox *sim_outbox_create(struct sim_process *process, struct outbox *inner,
                                 struct sim_numbers *numbers);
struct partition_lease *sim_lease_create(struct sim_process *process,
                                         struct partition_lease *inner);

#endif
