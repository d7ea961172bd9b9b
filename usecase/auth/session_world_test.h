/* session_world_test.h - for the tests of logins and sessions: memory stores, virtual time, a
 * signer that signs nothing. */
#ifndef USECASE_AUTH_SESSION_WORLD_TEST_H
#define USECASE_AUTH_SESSION_WORLD_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "protocol/auth.h"
#include "tool/core/log.h"
#include "tool/core/mem.h"
#include "tool/outbox/memory/outbox_memory.h"
#include "tool/store/memory/store_memory.h"
#include "usecase/auth/login.h"

enum { SECOND_US = 1000000 };

struct world {
    struct clock clock;
    int64_t passed_us;
    struct memdb *db;
    struct token_issuer issuer;
    struct cursor_key cursor_key;
    struct sessions sessions;
    struct problem problem;
    struct uuid session; /* of who asks */
};

static int64_t now_ms(const struct clock *clock)
{
    return container_of(clock, struct world, clock)->passed_us / 1000;
}

static int64_t wall_us(const struct clock *clock)
{
    return 1767225600000000 + container_of(clock, struct world, clock)->passed_us;
}

/* "<user> <session> <roles>" */
static enum status issue(struct token_issuer *self, const struct call *call, struct uuid subject,
                         struct uuid session, const char *roles, char out[TOKEN_TEXT_MAX + 1],
                         int64_t *expires_in_s)
{
    char user_text[UUID_TEXT_LEN + 1], session_text[UUID_TEXT_LEN + 1];

    (void)self;
    (void)call;
    snprintf(out, TOKEN_TEXT_MAX + 1, "%s %s %s", uuid_text(subject, user_text),
             uuid_text(session, session_text), roles);
    *expires_in_s = 900;
    return ST_OK;
}

static void keys(struct token_issuer *self, struct token_key_set *out)
{
    (void)self;
    *out = (struct token_key_set){
        .n = 2, .keys = {{"newest", "x1"}, {"older", "x2"}}
    };
}

static const struct token_issuer_ops ISSUER = {issue, keys, NULL};

static void sessions_setup(struct world *w)
{
    log_set_fd(-1);
    w->clock = (struct clock){now_ms, wall_us};
    w->db = memdb_create();
    w->issuer.ops = &ISSUER;
    cursor_key_init(&w->cursor_key, "secret");
    w->sessions = (struct sessions){
        .accounts = store_memory_create(w->db, &ACCOUNT_TABLE),
        .sessions = store_memory_create(w->db, &SESSION_TABLE),
        .transactor = memdb_transactor_create(w->db),
        .outbox = outbox_memory_create(w->db, &w->clock, &ENTROPY_SYSTEM),
        .issuer = &w->issuer,
        .entropy = &ENTROPY_SYSTEM,
        .cursors = &w->cursor_key,
        .limits = {.max = 3, .idle_s = 6400, .lifetime_s = 10000},
    };
}

static void sessions_teardown(struct world *w)
{
    store_destroy(w->sessions.accounts);
    store_destroy(w->sessions.sessions);
    outbox_destroy(w->sessions.outbox);
    w->sessions.transactor->ops->destroy(w->sessions.transactor);
    memdb_destroy(w->db);
}

/* Of a user whose id begins with n. */
static struct call call_of(struct world *w, uint8_t n)
{
    struct call call = {.clock = &w->clock, .problem = &w->problem, .session = w->session};

    w->problem = (struct problem){0};
    call.deadline_ms = clock_now_ms(&w->clock) + 10000;
    if (n > 0)
        uuid_text((struct uuid){{n}}, call.user);
    return call;
}

/* Of user1 and user2, whose ids begin with 1 and 2. */
static inline void add_two_accounts(struct world *w)
{
    struct call call = call_of(w, 0);

    for (uint8_t n = 1; n <= 2; n++) {
        struct account account = {.id = {{n}}, .status = ACCOUNT_ACTIVE, .roles = "courier"};
        snprintf(account.login_id, sizeof(account.login_id), "user%d", n);
        assert_int_equal(store_insert(w->sessions.accounts, NULL, &call, &account, NULL), ST_OK);
    }
}

#endif
