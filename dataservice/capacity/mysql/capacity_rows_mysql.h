/* capacity_rows_mysql.h - slots and hold lines in MariaDB. */
#ifndef DATASERVICE_CAPACITY_MYSQL_CAPACITY_ROWS_MYSQL_H
#define DATASERVICE_CAPACITY_MYSQL_CAPACITY_ROWS_MYSQL_H

#include "dataservice/capacity/capacity_rows.h"

/** Joins transactions of tool/dbc, of any pool. */
extern const struct capacity_rows CAPACITY_ROWS_MYSQL;

#endif
