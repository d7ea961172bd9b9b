/* view_tables_mysql.h - the two tables of the dashboard in MariaDB. */
#ifndef DATASERVICE_DASHBOARD_MYSQL_VIEW_TABLES_MYSQL_H
#define DATASERVICE_DASHBOARD_MYSQL_VIEW_TABLES_MYSQL_H

#include "dataservice/dashboard/view_tables.h"
#include "tool/dbc/pool.h"

/** Borrows the pool, whose user may rename and empty the two (deploy/mysql/schema.sh). */
struct view_tables *view_tables_mysql_create(struct dbc_pool *pool);

#endif
