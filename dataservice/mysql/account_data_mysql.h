/* account_data_mysql.h - accounts in hanok_auth.user. */
#ifndef DATASERVICE_MYSQL_ACCOUNT_DATA_MYSQL_H
#define DATASERVICE_MYSQL_ACCOUNT_DATA_MYSQL_H

#include "dataservice/account_data_service.h"
#include "tool/dbc/dbc.h"

/** pool is borrowed. Time is the database's. */
struct account_data_service *account_data_mysql_create(struct dbc_pool *pool);

#endif
