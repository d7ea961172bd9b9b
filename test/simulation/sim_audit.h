/* sim_audit.h - the audit service in a house: its real handler over a table of its own. */
#ifndef TEST_SIMULATION_SIM_AUDIT_H
#define TEST_SIMULATION_SIM_AUDIT_H

#include "test/simulation/sim_heard.h"

extern const struct service AUDIT;
/* In the order of its time lines. */
extern const struct sim_memory AUDIT_MEMORY;

#endif
