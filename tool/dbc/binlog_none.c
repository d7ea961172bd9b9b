/* binlog_none.c - see binlog.h: where the client library cannot read a log, as Oracle's cannot. */
#include "tool/dbc/binlog.h"

#include <stdio.h>

#include "tool/dbc/driver_mysql.h"

#if !DRIVER_READS_LOGS

struct binlog *dbc_binlog_open(const struct binlog_config *config, const struct gtid_position *from,
                               bool *lost, char why[DBC_WHY_MAX + 1])
{
    (void)config;
    (void)from;
    *lost = false;
    snprintf(why, DBC_WHY_MAX + 1, "the client library has no replication API");
    return NULL;
}

enum binlog_event dbc_binlog_next(struct binlog *b)
{
    (void)b;
    return BINLOG_UNABLE;
}

bool dbc_binlog_row(struct binlog *b, enum binlog_change *change, struct row_value values[])
{
    (void)b;
    (void)change;
    (void)values;
    return false;
}

const struct gtid_position *dbc_binlog_position(const struct binlog *b)
{
    static const struct gtid_position BEGIN;

    (void)b;
    return &BEGIN;
}

const char *dbc_binlog_why(const struct binlog *b)
{
    (void)b;
    return "";
}

void dbc_binlog_close(struct binlog *b)
{
    (void)b;
}

#endif
