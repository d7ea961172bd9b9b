/* log_world.h - a private MariaDB, with a transaction log or without, an outbox in it, and what is
 * said of reading the log. */
#ifndef TEST_TOOL_OUTBOX_LOG_WORLD_H
#define TEST_TOOL_OUTBOX_LOG_WORLD_H

#include <stdatomic.h>

#include "test/support/calls.h"
#include "test/support/mariadb_server.h"
#include "tool/outbox/mysql/outbox_binlog.h"

enum { LOG_PATIENCE_S = 60, LOG_ROWS_MAX = 256 };

struct log_world {
    struct mariadb_server server;
    struct dbc_pool *db;
    struct transactor *transactor;
    struct outbox *table, *log;
    atomic_int changes;
    struct uuid holder; /* of all partitions */
    uint64_t stream_seq;
    int said; /* file that log lines go to */
    struct outbox_row *rows;
};

/* For a group of cmocka; the state is a struct log_world. */
int log_world_with(void **state);
int log_world_without(void **state);
int log_world_teardown(void **state);
/** An empty outbox, and nothing said. */
void log_start_anew(struct log_world *world);

/** An outbox that is read from the log; rows: as outbox_binlog_config. */
struct outbox *log_open(struct log_world *world, struct dbc_pool *db, size_t rows);
void log_await_reads(const struct outbox *log, bool reads);
/** Until rows come from the log: then it does not have one that only the table has. */
void log_await_exact(struct log_world *world, struct outbox *log);
/** A statement that the log is not told of: it shows where rows are read from. */
void log_behind(struct log_world *world, const char *sql);

/** What has been logged since it was forgotten the last time. */
bool log_has_said(struct log_world *world, const char *text);
void log_await_said(struct log_world *world, const char *text);
void log_forget_said(struct log_world *world);

/** Says an event in a transaction that ends so; returns its id. */
struct uuid log_say(struct log_world *world, struct uuid key, enum status end);
/** How many are pending in these partitions; into world->rows. */
size_t log_pending(struct log_world *world, struct outbox *outbox, uint32_t partitions);
void log_await_pending(struct log_world *world, struct outbox *outbox, size_t n);
/** Marks as sent the first n of world->rows. */
void log_mark_all(struct log_world *world, struct outbox *outbox, size_t n);

#endif
