/* hold_store.h - holds (table hold of whoever owns slots): rows of struct hold. Their lines:
 * capacity_rows.h. */
#ifndef DATASERVICE_CAPACITY_HOLD_STORE_H
#define DATASERVICE_CAPACITY_HOLD_STORE_H

#include "model/hold.h"
#include "tool/store/store.h"

/** Found by its key, id; listed by "owner_id". */
extern const struct table HOLD_TABLE;

#endif
