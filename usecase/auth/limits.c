/* limits.c - see limits.h. All of them hold for half a minute at first, for a quarter of an hour at
 * last. */
#include "usecase/auth/limits.h"

#include <string.h>

#include "tool/core/mem.h"
#include "tool/core/network.h"

/* clang-format off */
static const struct throttle_rule LOGIN_CLIENT = {"login_client", 5, 900, 30, 900, .forgiven = true};
static const struct throttle_rule LOGIN_ANYBODY = {"login_anybody", 50, 900, 30, 900, false};
/* As many as race for one login id in earnest, and far fewer than whoever looks addresses up needs. */
static const struct throttle_rule SIGNUP = {"signup", 100, 900, 30, 900, false};
static const struct throttle_rule PASSWORD = {"password", 5, 900, 30, 900, .forgiven = true};
/* clang-format on */

enum { ANYBODY, CLIENT, SUBJECTS };

enum status login_limits_begin(struct login_limits *l, const struct throttle *throttle,
                               const struct call *call, const char *login_id)
{
    char network[NETWORK_TEXT_MAX + 1];
    int held_s[SUBJECTS];
    enum status st;

    network_of(call->client, network);
    *l = (struct login_limits){.throttle = throttle};
    l->subjects[CLIENT] = throttle_subject(throttle, &LOGIN_CLIENT, network, login_id);
    l->subjects[ANYBODY] = throttle_subject(throttle, &LOGIN_ANYBODY, "", login_id);
    st = throttle_look(throttle, call, l->subjects, SUBJECTS, held_s);
    if (st != ST_OK)
        return st;
    if (held_s[CLIENT] > 0)
        return throttle_refuse(throttle, call, &l->subjects[CLIENT], held_s[CLIENT]);
    l->held_s = held_s[ANYBODY];
    return ST_OK;
}

static enum status look_for_client(struct store *sessions, const struct call *call,
                                   struct uuid user_id, bool *known)
{
    const struct store_list of_user = {.where = {{"user_id", &user_id}}};
    struct session *rows = mem_alloc(SESSIONS_MAX, sizeof(*rows));
    char client[NETWORK_TEXT_MAX + 1], seen[NETWORK_TEXT_MAX + 1];
    int64_t now_us = clock_wall_us(call->clock);
    size_t n = 0;
    enum status st = store_list(sessions, NULL, call, &of_user, SESSIONS_MAX, rows, &n);

    *known = false;
    network_of(call->client, client);
    for (size_t i = 0; st == ST_OK && i < n && client[0]; i++) {
        network_of(rows[i].address, seen);
        *known |= session_alive(&rows[i], now_us) && strcmp(seen, client) == 0;
    }
    free(rows);
    return st;
}

/* Asked of nobody too: who does not exist is refused as late as who does. */
enum status login_limits_know(struct login_limits *l, struct store *sessions,
                              const struct call *call, struct uuid user_id)
{
    bool known;
    enum status st;

    if (l->held_s == 0)
        return ST_OK;
    st = look_for_client(sessions, call, user_id, &known);
    if (st != ST_OK)
        return st;
    if (!known)
        return throttle_refuse(l->throttle, call, &l->subjects[ANYBODY], l->held_s);
    l->from = CLIENT;
    return ST_OK;
}

enum status login_limits_fail(const struct login_limits *l, const struct call *call)
{
    return throttle_fail(l->throttle, call, l->subjects + l->from, SUBJECTS - l->from);
}

enum status login_limits_pass(const struct login_limits *l, struct transaction *tx,
                              const struct call *call)
{
    return throttle_pass(l->throttle, tx, call, l->subjects + l->from, SUBJECTS - l->from);
}

struct throttle_subject signup_limit(const struct throttle *throttle, const struct call *call)
{
    char network[NETWORK_TEXT_MAX + 1];

    network_of(call->client, network);
    return throttle_subject(throttle, &SIGNUP, network, "");
}

void signup_limit_count(const struct throttle *throttle, const struct call *call, struct uuid limit)
{
    struct call quiet = *call;

    quiet.problem = NULL; /* it holds why the signup ends */
    (void)throttle_fail(throttle, &quiet, &(struct throttle_subject){.rule = &SIGNUP, .id = limit},
                        1);
}

struct throttle_subject password_limit(const struct throttle *throttle, struct uuid user_id)
{
    char id[UUID_TEXT_LEN + 1];

    return throttle_subject(throttle, &PASSWORD, uuid_text(user_id, id), "");
}

enum status account_limits_forget(const struct throttle *throttle, struct transaction *tx,
                                  const struct call *call, const struct account *account)
{
    const struct throttle_subject subjects[] = {
        throttle_subject(throttle, &LOGIN_ANYBODY, "", account->login_id),
        password_limit(throttle, account->id),
    };

    return throttle_forget(throttle, tx, call, subjects, ARRAY_LEN(subjects));
}
