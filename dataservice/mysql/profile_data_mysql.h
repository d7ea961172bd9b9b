/* profile_data_mysql.h - profiles in hanok_user.user_inform. */
#ifndef DATASERVICE_MYSQL_PROFILE_DATA_MYSQL_H
#define DATASERVICE_MYSQL_PROFILE_DATA_MYSQL_H

#include "dataservice/profile_data_service.h"
#include "tool/dbc/dbc.h"

/** pool is borrowed. Time is the database's. */
struct profile_data_service *profile_data_mysql_create(struct dbc_pool *pool);

#endif
