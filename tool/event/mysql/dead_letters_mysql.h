/* dead_letters_mysql.h - dead letters in the table dead_letter of a service's own schema. */
#ifndef TOOL_EVENT_MYSQL_DEAD_LETTERS_MYSQL_H
#define TOOL_EVENT_MYSQL_DEAD_LETTERS_MYSQL_H

#include "tool/dbc/pool.h"
#include "tool/event/dead_letter.h"

/** pool is borrowed. Time is the database's. */
struct dead_letters *dead_letters_mysql_create(struct dbc_pool *pool);

#endif
