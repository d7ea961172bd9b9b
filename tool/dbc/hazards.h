/* hazards.h - settings of the database's server with which it says "done" of what a crash or a
 * power loss then takes back: promises that nobody above it can keep. */
#ifndef TOOL_DBC_HAZARDS_H
#define TOOL_DBC_HAZARDS_H

#include "tool/dbc/pool.h"

struct dbc_hazard {
    const char *setting;  /* a global variable of the server */
    const char *when;     /* SQL: true when it is unsafe */
    const char *sentence; /* what it may cost, and what to do */
};

enum { DBC_HAZARD_VALUE_MAX = 63 };

/** Told each that there is; value: what the setting is now. */
typedef void (*dbc_hazard_fn)(void *arg, const struct dbc_hazard *hazard, const char *value);

/** ST_OK (fn was told all there are) | ST_UNAVAILABLE ... (not known; ask again) */
enum status dbc_hazards(struct dbc_pool *pool, const struct call *call, dbc_hazard_fn fn,
                        void *arg);

#endif
