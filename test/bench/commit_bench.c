/* commit_bench.c - how often a database commits a row, and nothing else, over so many connections
 * of so many threads, for SECONDS. A table of its own, hanok_bench.bare, in the MariaDB at SOCKET,
 * where it is who runs it. One line of JSON on standard output.
 * usage: commit_bench SOCKET CONNECTIONS SECONDS */
#include <mysql.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test/support/calls.h"
#include "tool/core/assert.h"
#include "tool/core/mem.h"

/* As long as what a step of an order writes. */
static const char TEXT[] = "{\"orderId\":\"01a2241a-2660-7a5e-bde6-776fd739811e\",\"orderNum\":"
                           "\"202611290830001234567890\",\"status\":\"CONFIRMED\",\"version\":2,"
                           "\"total\":{\"amount\":12900,\"currency\":\"KRW\"}}";

static const char *const MAKE[] = {
    "CREATE DATABASE IF NOT EXISTS hanok_bench",
    "CREATE TABLE IF NOT EXISTS hanok_bench.bare (id BINARY(16) NOT NULL, text VARCHAR(255)"
    " NOT NULL, PRIMARY KEY (id)) ENGINE = InnoDB",
};

struct line {
    MYSQL *mysql;
    MYSQL_STMT *insert;
};

static _Atomic int64_t until_ms;
static atomic_long done;

static MYSQL *open_mysql(const char *socket)
{
    MYSQL *mysql = mysql_init(NULL);

    if (!mysql_real_connect(mysql, NULL, NULL, NULL, NULL, 0, socket, 0)) {
        fprintf(stderr, "commit_bench: %s\n", mysql_error(mysql));
        exit(1);
    }
    return mysql;
}

static void make_table(const char *socket)
{
    MYSQL *mysql = open_mysql(socket);

    for (size_t i = 0; i < ARRAY_LEN(MAKE); i++)
        ASSERT(mysql_query(mysql, MAKE[i]) == 0);
    mysql_close(mysql);
}

/* Each statement is a transaction. */
static struct line open_line(const char *socket)
{
    static const char SQL[] = "INSERT INTO hanok_bench.bare (id, text) VALUES (?, ?)";
    struct line line = {.mysql = open_mysql(socket)};

    line.insert = mysql_stmt_init(line.mysql);
    ASSERT(mysql_stmt_prepare(line.insert, SQL, strlen(SQL)) == 0);
    return line;
}

static void commit_rows(void *arg, int i)
{
    MYSQL_STMT *insert = ((struct line *)arg)[i].insert;

    while (clock_now_ms(&CLOCK_SYSTEM) < until_ms) {
        struct uuid id = test_uuid();
        MYSQL_BIND binds[2] = {
            {.buffer_type = MYSQL_TYPE_STRING, .buffer = id.b, .buffer_length = sizeof(id.b)},
            {.buffer_type = MYSQL_TYPE_STRING,
             .buffer = (void *)TEXT,
             .buffer_length = sizeof(TEXT) - 1                                              },
        };
        ASSERT(mysql_stmt_bind_param(insert, binds) == 0 && mysql_stmt_execute(insert) == 0);
        done++;
    }
}

static double measure(struct line lines[], int n, double seconds)
{
    int64_t from_ms = clock_now_ms(&CLOCK_SYSTEM);

    until_ms = from_ms + (int64_t)(seconds * 1000);
    done = 0;
    test_race(n, commit_rows, lines);
    return (double)done * 1000 / (double)(clock_now_ms(&CLOCK_SYSTEM) - from_ms);
}

int main(int argc, char **argv)
{
    int n = argc == 4 ? (int)strtol(argv[2], NULL, 10) : 0;
    double seconds = argc == 4 ? strtod(argv[3], NULL) : 0;
    struct line *lines;

    if (n < 1 || n > TEST_RACERS_MAX || seconds <= 0 || seconds > 60) {
        fprintf(stderr, "usage: commit_bench SOCKET CONNECTIONS SECONDS\n");
        return 2;
    }
    make_table(argv[1]);
    lines = mem_alloc((size_t)n, sizeof(*lines));
    for (int i = 0; i < n; i++)
        lines[i] = open_line(argv[1]);
    measure(lines, n, 0.2);
    printf("{\"perSecond\": %.0f}\n", measure(lines, n, seconds));
    for (int i = 0; i < n; i++) {
        mysql_stmt_close(lines[i].insert);
        mysql_close(lines[i].mysql);
    }
    free(lines);
    return 0;
}
