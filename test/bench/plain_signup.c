/* plain_signup.c - see plain_signup.h. */
#include "test/bench/plain_signup.h"

#include <mysql.h>
#include <string.h>

#include "tool/core/assert.h"
#include "tool/core/mem.h"

enum { PARAMS_MAX = 8 };

#define OUTBOX                                                                                     \
    "INSERT INTO outbox (id, partition_no, type, `key`, saga_id, saga_status, payload,"            \
    " traceparent, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, NOW(6))"

enum { ACCOUNT, SAGA, AUTH_EVENT, SAGA_ENDS, ACTIVE, MESSAGE, PROFILE, USER_EVENT, STATEMENTS };

static const struct {
    bool of_user; /* else of auth */
    const char *sql;
} SQL[STATEMENTS] = {
    [ACCOUNT] = {false, "INSERT INTO user (id, login_id, password_hash, status, roles, created_at,"
                        " updated_at) VALUES (?, ?, ?, 'SIGNUP_PENDING', '', NOW(6), NOW(6))"},
    [SAGA] = {false, "INSERT INTO saga (id, subject, type, state, step, version, attempts, reason,"
                     " data, done, wake_at, deadline_at, started_at, updated_at) VALUES (?, ?,"
                     " 'signup', 'PROCESSING', 'register_profile', 1, 0, '', ?, 0, NOW(6) +"
                     " INTERVAL 10 SECOND, NOW(6) + INTERVAL 30 SECOND, NOW(6), NOW(6))"     },
    [AUTH_EVENT] = {false, OUTBOX                                                                                      },
    [SAGA_ENDS] = {false, "UPDATE saga SET state = 'SUCCEEDED', step = '', version = version + 1,"
                          " attempts = 0, reason = '', data = NULL, done = 1, wake_at = NOW(6),"
                          " updated_at = NOW(6) WHERE id = ? AND version = 1"                },
    [ACTIVE] = {false, "UPDATE user SET status = 'ACTIVE', updated_at = NOW(6) WHERE id = ?"
                       " AND status = 'SIGNUP_PENDING'"                                      },
    [MESSAGE] = {true,  "INSERT INTO processed_message (consumer, message_key, outcome, deliveries,"
                       " created_at) VALUES ('user.registry', ?, ?, 1, NOW(6)) ON DUPLICATE KEY"
                       " UPDATE deliveries = deliveries + 1"                                  },
    [PROFILE] = {true,  "INSERT INTO user_inform (user_id, name, email, email_key, phone,"
                       " removal_id, version, created_at, updated_at) VALUES (?, ?, ?, ?, ?, NULL,"
                       " 1, NOW(6), NOW(6))"                                                  },
    [USER_EVENT] = {true,  OUTBOX                                                                                      },
};

struct plain_signup {
    MYSQL *auth, *user;
    MYSQL_STMT *statements[STATEMENTS];
};

struct param {
    const void *bytes; /* NULL = SQL NULL */
    size_t len;
};

static struct param text(const char *text)
{
    return (struct param){text, text ? strlen(text) : 0};
}

static struct param id(const struct uuid *id)
{
    return (struct param){id->b, sizeof(id->b)};
}

static MYSQL *connect_to(const struct mariadb_server *server, const char *schema)
{
    MYSQL *mysql = mysql_init(NULL);

    ASSERT(mysql_real_connect(mysql, NULL, server->user, NULL, schema, 0, server->socket, 0));
    ASSERT(mysql_query(mysql, "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED") == 0);
    ASSERT(mysql_autocommit(mysql, false) == 0);
    return mysql;
}

struct plain_signup *plain_signup_open(const struct mariadb_server *server)
{
    struct plain_signup *p = MEM_NEW(struct plain_signup);

    p->auth = connect_to(server, "hanok_auth");
    p->user = connect_to(server, "hanok_user");
    for (int i = 0; i < STATEMENTS; i++) {
        p->statements[i] = mysql_stmt_init(SQL[i].of_user ? p->user : p->auth);
        ASSERT(mysql_stmt_prepare(p->statements[i], SQL[i].sql, strlen(SQL[i].sql)) == 0);
    }
    return p;
}

static void run(struct plain_signup *p, int statement, const struct param params[], size_t n)
{
    MYSQL_STMT *s = p->statements[statement];
    MYSQL_BIND binds[PARAMS_MAX] = {0};

    for (size_t i = 0; i < n; i++) {
        binds[i].buffer_type = params[i].bytes ? MYSQL_TYPE_STRING : MYSQL_TYPE_NULL;
        binds[i].buffer = (void *)params[i].bytes;
        binds[i].buffer_length = params[i].len;
    }
    ASSERT(mysql_stmt_bind_param(s, binds) == 0 && mysql_stmt_execute(s) == 0);
    ASSERT(mysql_stmt_affected_rows(s) == 1);
}

#define RUN(p, statement, ...)                                                                     \
    run((p), (statement), (const struct param[]){__VA_ARGS__},                                     \
        sizeof((const struct param[]){__VA_ARGS__}) / sizeof(struct param))

void plain_signup_run(struct plain_signup *p, struct uuid user, struct uuid saga,
                      const struct uuid events[3], const char *name)
{
    static const char PAYLOAD[] = "{\"userId\":\"01a2241a-2660-7a5e-bde6-776fd739811e\"}";
    static const char DATA[] = "{\"name\":\"Bench\",\"email\":\"bench@example.org\","
                               "\"phone\":\"+821012345678\"}";
    char key[UUID_TEXT_LEN + 1];

    RUN(p, ACCOUNT, id(&user), text(name), text("$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA"));
    RUN(p, AUTH_EVENT, id(&events[0]), text("7"), text("auth.account_created"), id(&user),
        id(&saga), text("PROCESSING"), text(PAYLOAD), text(NULL));
    RUN(p, SAGA, id(&saga), id(&user), text(DATA));
    ASSERT(mysql_query(p->auth, "COMMIT") == 0);
    RUN(p, MESSAGE, text(uuid_text(saga, key)), text("{\"status\":\"REGISTERED\"}"));
    RUN(p, PROFILE, id(&user), text("Bench"), text(name), text(name), text("+821012345678"));
    RUN(p, USER_EVENT, id(&events[1]), text("7"), text("user.profile_registered"), id(&user),
        id(&saga), text(NULL), text(PAYLOAD), text(NULL));
    ASSERT(mysql_query(p->user, "COMMIT") == 0);
    RUN(p, SAGA_ENDS, id(&saga));
    RUN(p, ACTIVE, id(&user));
    RUN(p, AUTH_EVENT, id(&events[2]), text("7"), text("auth.account_activated"), id(&user),
        id(&saga), text("SUCCEEDED"), text(PAYLOAD), text(NULL));
    ASSERT(mysql_query(p->auth, "COMMIT") == 0);
}

void plain_signup_close(struct plain_signup *p)
{
    for (int i = 0; i < STATEMENTS; i++)
        mysql_stmt_close(p->statements[i]);
    mysql_close(p->auth);
    mysql_close(p->user);
    free(p);
}
