/* sim_trouble.h - what happens to a house at a moment: to its stream, to connections, to clocks. */
#ifndef TEST_SIMULATION_SIM_TROUBLE_H
#define TEST_SIMULATION_SIM_TROUBLE_H

#include "test/simulation/sim_house.h"

enum sim_trouble_kind {
    SIM_STREAM_RESTARTS, /* and is away for some seconds */
    SIM_STREAM_LOSES,    /* and a part of what it had acknowledged is lost: a power loss */
    SIM_STREAM_VANISHES, /* and comes back on an empty store */
    SIM_CUT,             /* an instance's connection breaks */
    SIM_CLOCK_SET,       /* a database's date, or an instance's, up to two hours either way */
    SIM_TROUBLES
};

/** Something of that kind happens at at_us. */
void sim_trouble_at(struct sim_house *house, int64_t at_us, enum sim_trouble_kind kind);

#endif
