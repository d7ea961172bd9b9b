/* account_data_memory.h - accounts in a memdb: for tests and the simulation. */
#ifndef DATASERVICE_MEMORY_ACCOUNT_DATA_MEMORY_H
#define DATASERVICE_MEMORY_ACCOUNT_DATA_MEMORY_H

#include "dataservice/account_data_service.h"
#include "tool/memdb/memdb.h"

/** Both borrowed. Rows live in db's table "user" and outlast the service. */
struct account_data_service *account_data_memory_create(struct memdb *db,
                                                        const struct clock *clock);

#endif
