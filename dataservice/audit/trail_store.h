/* trail_store.h - what has happened to each account (hanok_audit.trail): rows of struct
 * trail_entry. */
#ifndef DATASERVICE_AUDIT_TRAIL_STORE_H
#define DATASERVICE_AUDIT_TRAIL_STORE_H

#include "model/trail.h"
#include "tool/store/store.h"

/** Found by its key, event_id. */
extern const struct table TRAIL_TABLE;

#endif
