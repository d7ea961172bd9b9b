/* driver.c - connections: options, session, text statements, what a fault is. */
#include "tool/dbc/driver_mysql.h"

#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <errmsg.h>
#include <mysqld_error.h>

#include "tool/core/assert.h"
#include "tool/core/mem.h"

/* Numbers that one or the other header lacks. */
enum {
    ERROR_CONNECTION_KILLED = 1927,
    ERROR_STATEMENT_TIMEOUT = 1969,
    ERROR_SNAPSHOT_CONFLICT = 1020,
    ERROR_NEEDS_REPREPARE = 1615,
};

static void library_init(void)
{
    int error = mysql_library_init(0, NULL, NULL);
    ASSERT(error == 0);
}

static enum driver_fault classify(unsigned error)
{
    switch (error) {
    case ER_DUP_ENTRY:
        return DRIVER_DUPLICATE;
    case ER_LOCK_DEADLOCK:
    case ER_LOCK_WAIT_TIMEOUT:
    case ERROR_SNAPSHOT_CONFLICT:
        return DRIVER_CONTENDED;
    case ER_CON_COUNT_ERROR:
    case ER_TOO_MANY_USER_CONNECTIONS:
    case ER_USER_LIMIT_REACHED: /* max_user_connections of an account */
        return DRIVER_FULL;
    case CR_SERVER_GONE_ERROR:
    case CR_SERVER_LOST:
    case CR_SSL_CONNECTION_ERROR: /* what over TLS becomes of CR_SERVER_LOST, time-outs too */
    case CR_COMMANDS_OUT_OF_SYNC:
    case ER_SERVER_SHUTDOWN:
    case ERROR_CONNECTION_KILLED:
        return DRIVER_LOST;
    case ER_OPTION_PREVENTS_STATEMENT: /* --read-only */
    case ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION:
    case ER_READ_ONLY_MODE:
    case ER_UNKNOWN_COM_ERROR:    /* a Galera node that is not in its cluster */
    case ER_UNKNOWN_STMT_HANDLER: /* a proxy has gone over to another server */
        return DRIVER_MISPLACED;
    case ERROR_STATEMENT_TIMEOUT:
    case ERROR_NEEDS_REPREPARE:
    case ER_QUERY_INTERRUPTED:
    case ER_MAX_PREPARED_STMT_COUNT_REACHED:
    case ER_DISK_FULL:
    case ER_RECORD_FILE_FULL:
        return DRIVER_REFUSED;
    default:
        return DRIVER_SQL;
    }
}

enum driver_fault driver_note_fault(struct driver *d, unsigned error, const char *sqlstate,
                                    const char *message)
{
    d->error = error;
    snprintf(d->sqlstate, sizeof(d->sqlstate), "%s", sqlstate);
    snprintf(d->message, sizeof(d->message), "%s", message);
    return classify(error);
}

static enum driver_fault fault_of(struct driver *d)
{
    return driver_note_fault(d, mysql_errno(d->mysql), mysql_sqlstate(d->mysql),
                             mysql_error(d->mysql));
}

static int statement_timeout_s(const struct dbc_config *config)
{
    return config->statement_timeout_s > 0 ? config->statement_timeout_s
                                           : DRIVER_STATEMENT_TIMEOUT_S;
}

static void set_tls(MYSQL *mysql, const char *ca)
{
#if DRIVER_IS_MARIADB
    /* Enforcing alone connects in plain text to a server without TLS; verifying does not. */
    driver_bool on = 1;
    mysql_optionsv(mysql, MYSQL_OPT_SSL_CA, ca);
    mysql_optionsv(mysql, MYSQL_OPT_SSL_ENFORCE, &on);
    mysql_optionsv(mysql, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, &on);
#else
    unsigned mode = SSL_MODE_VERIFY_IDENTITY;
    mysql_options(mysql, MYSQL_OPT_SSL_CA, ca);
    mysql_options(mysql, MYSQL_OPT_SSL_MODE, &mode);
#endif
}

static bool has_text(const char *text)
{
    return text && *text;
}

static void set_options(MYSQL *mysql, const struct dbc_config *config)
{
    unsigned connect_s = DRIVER_CONNECT_TIMEOUT_S;
    unsigned io_s = (unsigned)statement_timeout_s(config) + 1;

    mysql_options(mysql, MYSQL_OPT_CONNECT_TIMEOUT, &connect_s);
    mysql_options(mysql, MYSQL_OPT_READ_TIMEOUT, &io_s);
    mysql_options(mysql, MYSQL_OPT_WRITE_TIMEOUT, &io_s);
    mysql_options(mysql, MYSQL_SET_CHARSET_NAME, "utf8mb4");
    if (!has_text(config->socket)) /* else "localhost" is a socket of the library's choice */
        mysql_options(mysql, MYSQL_OPT_PROTOCOL, &(unsigned){MYSQL_PROTOCOL_TCP});
    if (has_text(config->tls_ca))
        set_tls(mysql, config->tls_ca);
}

static enum driver_fault ask(struct driver *d, const char *sql, bool *yes)
{
    MYSQL_RES *result = NULL;
    MYSQL_ROW row;

    if (mysql_real_query(d->mysql, sql, strlen(sql)) != 0 ||
        !(result = mysql_store_result(d->mysql)))
        return fault_of(d);
    row = mysql_fetch_row(result);
    *yes = row && row[0] && row[0][0] == '1';
    mysql_free_result(result);
    return DRIVER_OK;
}

/* What would store names as something else, keep transactions open, or commit what should be one
 * statement by statement, without a word. */
static enum driver_fault check_session(struct driver *d, bool autocommit)
{
    enum driver_fault fault;
    bool good = false;
    char sql[256];

    snprintf(sql, sizeof(sql),
             "SELECT @@character_set_client = 'utf8mb4' AND @@character_set_connection = 'utf8mb4'"
             " AND @@character_set_results = 'utf8mb4' AND @@autocommit = %d",
             autocommit);
    fault = ask(d, sql, &good);
    if (fault != DRIVER_OK)
        return fault;
    return good ? DRIVER_OK
                : driver_note_fault(d, ER_UNKNOWN_CHARACTER_SET, "HY000",
                                    "the session's character set or autocommit cannot be set");
}

/* Also where our user may write all the same: a server is made read only when another has become
 * the database. Newer servers have words for the numbers. */
enum driver_fault driver_check_place(struct driver *d)
{
    static const char SQL[] = "SELECT @@GLOBAL.read_only IN ('OFF', '0')"
                              " AND @@GLOBAL.innodb_read_only IN ('OFF', '0')";
    bool good = false;
    enum driver_fault fault = ask(d, SQL, &good);

    if (fault != DRIVER_OK || good)
        return fault;
    return driver_note_fault(d, ER_OPTION_PREVENTS_STATEMENT, "HY000", "the server is read only");
}

/* Once a connection, so that a transaction costs no trip for any of it. */
static enum driver_fault set_session(struct driver *d, const struct dbc_config *config,
                                     bool autocommit)
{
    char sql[512];
    enum driver_fault fault;

    snprintf(sql, sizeof(sql),
             "SET SESSION autocommit = %d, time_zone = '+00:00', sql_mode = "
             "'STRICT_ALL_TABLES,NO_ZERO_DATE,NO_ZERO_IN_DATE,ERROR_FOR_DIVISION_BY_ZERO,"
             "NO_ENGINE_SUBSTITUTION,ONLY_FULL_GROUP_BY', max_statement_time = %d,"
             " innodb_lock_wait_timeout = %d, idle_transaction_timeout = %d,"
             " sql_select_limit = 18446744073709551615, group_concat_max_len = 1048576",
             autocommit, statement_timeout_s(config), DRIVER_LOCK_TIMEOUT_S, DRIVER_STANDSTILL_S);
    fault = driver_query(d, sql);
    if (fault == DRIVER_OK)
        fault = driver_query(d, "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED,"
                                " READ WRITE");
    if (fault == DRIVER_OK && mysql_set_character_set(d->mysql, "utf8mb4") != 0)
        fault = fault_of(d);
    if (fault == DRIVER_OK)
        fault = check_session(d, autocommit);
    return fault == DRIVER_OK ? driver_check_place(d) : fault;
}

static enum driver_fault connect_to(struct driver *d, const struct dbc_config *config,
                                    bool autocommit)
{
    bool local = has_text(config->socket);

    if (!mysql_real_connect(d->mysql, local ? NULL : config->host, config->user, config->password,
                            config->schema, local ? 0 : (unsigned)config->port,
                            local ? config->socket : NULL, CLIENT_FOUND_ROWS))
        return fault_of(d);
    if (has_text(config->tls_ca) && !mysql_get_ssl_cipher(d->mysql))
        return driver_note_fault(d, CR_SSL_CONNECTION_ERROR, "HY000",
                                 "the connection is not encrypted");
    return set_session(d, config, autocommit);
}

struct driver *driver_open(const struct dbc_config *config, bool autocommit,
                           enum driver_fault *fault, char why[DBC_WHY_MAX + 1])
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    struct driver *d = MEM_NEW(struct driver);

    pthread_once(&once, library_init);
    d->mysql = mysql_init(NULL);
    ASSERT(d->mysql);
    set_options(d->mysql, config);
    *fault = connect_to(d, config, autocommit);
    if (*fault == DRIVER_OK)
        return d;
    memcpy(why, d->message, sizeof(d->message));
    driver_close(d);
    return NULL;
}

void driver_close(struct driver *d)
{
    if (!d)
        return;
    mysql_close(d->mysql);
    free(d);
}

static int socket_of(MYSQL *mysql)
{
#if DRIVER_IS_MARIADB
    return mysql_get_socket(mysql);
#else
    return mysql->net.fd;
#endif
}

/* Nobody owes an idle connection anything: what there is to read is its end. */
bool driver_idle_intact(struct driver *d)
{
    struct pollfd fd = {.fd = socket_of(d->mysql), .events = POLLIN};

    return poll(&fd, 1, 0) == 0;
}

enum driver_fault driver_ping(struct driver *d)
{
    return mysql_ping(d->mysql) == 0 ? DRIVER_OK : fault_of(d);
}

enum driver_fault driver_set_autocommit(struct driver *d, bool on)
{
    return mysql_autocommit(d->mysql, on) == 0 ? DRIVER_OK : fault_of(d);
}

enum driver_fault driver_query(struct driver *d, const char *sql)
{
    MYSQL_RES *result;

    if (mysql_real_query(d->mysql, sql, strlen(sql)) != 0)
        return fault_of(d);
    result = mysql_store_result(d->mysql);
    if (!result && mysql_field_count(d->mysql) > 0)
        return fault_of(d); /* some faults come only with the result */
    mysql_free_result(result);
    return DRIVER_OK;
}

unsigned driver_errno(const struct driver *d)
{
    return d->error;
}
const char *driver_sqlstate(const struct driver *d)
{
    return d->sqlstate;
}
const char *driver_message(const struct driver *d)
{
    return d->message;
}
