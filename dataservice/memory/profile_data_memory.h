/* profile_data_memory.h - profiles in a memdb: for tests and the simulation. */
#ifndef DATASERVICE_MEMORY_PROFILE_DATA_MEMORY_H
#define DATASERVICE_MEMORY_PROFILE_DATA_MEMORY_H

#include "dataservice/profile_data_service.h"
#include "tool/memdb/memdb.h"

/** Both borrowed. Rows live in db's table "user_inform" and outlast the service. */
struct profile_data_service *profile_data_memory_create(struct memdb *db,
                                                        const struct clock *clock);

#endif
