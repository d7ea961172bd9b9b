/* session_list_test.c - one's own sessions: seen, ended, purged. */
#include "usecase/auth/session_list.h"

#include "usecase/auth/session_world_test.h"

static struct refresh_token begun[9];
static size_t n_begun;

static enum status begin(struct transaction *tx, const struct call *call, void *arg)
{
    struct world *w = arg;
    struct uuid id;

    assert_true(uuid_parse(call->user, &id));
    return session_begin(&w->sessions, tx, call, id, &begun[n_begun]);
}

/* Each a second after the one before. */
static struct uuid log_in(struct world *w, uint8_t user, const char *agent)
{
    struct call call = call_of(w, user);

    TEXT_COPY(call.agent, agent);
    w->passed_us += SECOND_US;
    assert_int_equal(transactor_run(w->sessions.transactor, &call, begin, w), ST_OK);
    return begun[n_begun++].session;
}

static int setup(void **state)
{
    struct world *w = MEM_NEW(struct world);

    sessions_setup(w);
    n_begun = 0;
    add_two_accounts(w);
    *state = w;
    return 0;
}

static int teardown(void **state)
{
    sessions_teardown(*state);
    free(*state);
    return 0;
}

static struct sessions_page list(struct world *w, uint8_t user, int64_t limit, const char *cursor)
{
    struct sessions_query query = {.user_id = {{user}}, .page = {.limit = limit}};
    struct call call = call_of(w, user);
    struct sessions_page page = {.n_items = 0};

    TEXT_COPY(query.page.cursor, cursor);
    assert_int_equal(session_list(&w->sessions, &call, &query, &page), ST_OK);
    return page;
}

static void one_s_sessions_are_told_the_newest_first(void **state)
{
    struct world *w = *state;
    struct uuid first = log_in(w, 1, "phone"), second = log_in(w, 1, "desk");
    struct sessions_page page;

    log_in(w, 2, "another's");
    w->session = first;
    page = list(w, 1, 20, "");
    assert_int_equal(2, page.n_items);
    assert_true(uuid_equal(second, page.items[0].session_id));
    assert_string_equal("desk", page.items[0].client);
    assert_false(page.items[0].current);
    assert_true(uuid_equal(first, page.items[1].session_id));
    assert_true(page.items[1].current);
    assert_true(page.items[1].created_us > 0 && page.items[1].used_us > 0);
    assert_string_equal("", page.next_cursor);
    page = list(w, 1, 1, "");
    assert_true(uuid_equal(second, page.items[0].session_id));
    page = list(w, 1, 1, page.next_cursor);
    assert_true(uuid_equal(first, page.items[0].session_id));
    w->passed_us += 6600 * (int64_t)SECOND_US;
    assert_int_equal(0, list(w, 1, 20, "").n_items);
}

static enum status end(struct world *w, uint8_t user, struct uuid session)
{
    struct session_end form = {{{user}}, session};
    struct call call = call_of(w, user);
    enum status st = session_end(&w->sessions, &call, &form, NULL);

    assert_true(st == ST_OK || operation_declares(&AUTH_SESSIONS_END, st, w->problem.code));
    return st;
}

static void a_session_is_ended_by_its_owner_once(void **state)
{
    struct world *w = *state;
    struct uuid mine = log_in(w, 1, ""), other = log_in(w, 2, "");
    struct outbox_row event;

    assert_int_equal(end(w, 1, other), ST_NOT_FOUND);
    assert_int_equal(end(w, 1, (struct uuid){{9}}), ST_NOT_FOUND);
    assert_int_equal(0, outbox_memory_said(w->sessions.outbox, NULL, NULL, 0));
    assert_int_equal(end(w, 1, mine), ST_OK);
    assert_int_equal(end(w, 1, mine), ST_NOT_FOUND);
    assert_int_equal(1, outbox_memory_said(w->sessions.outbox, NULL, &event, 1));
    assert_string_equal(AUTH_SESSIONS_REVOKED.name, event.type);
    assert_non_null(strstr(event.json, "\"sessions\":1,\"why\":\"ended\""));
    assert_int_equal(1, list(w, 2, 20, "").n_items);
}

static void who_logs_out_ends_the_session_that_asks(void **state)
{
    struct world *w = *state;
    struct uuid phone = log_in(w, 1, "phone"), other = log_in(w, 2, "");
    static const struct {
        uint8_t user, left;
    } cases[] = {
        {0, 2}, /* nobody */
        {2, 2}, /* somebody else, who has got hold of the id */
        {1, 1},
        {1, 1}, /* again */
    };

    log_in(w, 1, "desk");
    w->session = phone;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct call call = call_of(w, cases[i].user);
        assert_int_equal(session_logout(&w->sessions, &call, NULL, NULL), ST_OK);
        assert_int_equal(cases[i].left, list(w, 1, 20, "").n_items);
    }
    assert_true(uuid_equal(other, list(w, 2, 20, "").items[0].session_id));
    assert_int_equal(0, outbox_memory_said(w->sessions.outbox, NULL, NULL, 0));
}

static enum status check(struct world *w, uint8_t user, struct uuid session, char *roles)
{
    struct granted_roles granted = {""};
    struct call call = call_of(w, user);
    enum status st;

    call.session = session;
    st = session_check(&w->sessions, &call, NULL, &granted);
    assert_true(st == ST_OK || operation_declares(&AUTH_CHECK, st, w->problem.code));
    memcpy(roles, granted.roles, sizeof(granted.roles));
    return st;
}

static void whether_a_session_goes_on_is_asked_of_its_row(void **state)
{
    struct world *w = *state;
    struct uuid mine = log_in(w, 1, ""), other = log_in(w, 2, ""), ended = log_in(w, 1, "");
    char roles[ACCOUNT_ROLES_MAX + 1];

    assert_int_equal(check(w, 1, mine, roles), ST_OK);
    assert_string_equal("courier", roles);
    assert_int_equal(end(w, 1, ended), ST_OK);
    assert_int_equal(check(w, 1, ended, roles), ST_UNAUTHENTICATED);
    assert_string_equal("invalid_token", w->problem.code);
    assert_int_equal(check(w, 1, other, roles), ST_UNAUTHENTICATED);
    assert_int_equal(check(w, 1, (struct uuid){{0}}, roles), ST_UNAUTHENTICATED);
    assert_int_equal(check(w, 0, mine, roles), ST_UNAUTHENTICATED);
    w->passed_us += 6600 * (int64_t)SECOND_US;
    assert_int_equal(check(w, 1, mine, roles), ST_UNAUTHENTICATED);
}

static enum status revoke(struct transaction *tx, const struct call *call, void *arg)
{
    struct world *w = arg;

    return sessions_revoke(&w->sessions, tx, call, (struct uuid){{1}}, SESSIONS_PASSWORD_CHANGED);
}

static void all_sessions_of_an_account_are_revoked_and_no_others(void **state)
{
    struct world *w = *state;
    struct call call = call_of(w, 1);
    struct outbox_row event;

    for (int i = 0; i < 3; i++)
        log_in(w, 1, "");
    log_in(w, 2, "");
    for (int i = 0; i < 2; i++) /* the second time there is nothing to say */
        assert_int_equal(transactor_run(w->sessions.transactor, &call, revoke, w), ST_OK);
    assert_int_equal(0, list(w, 1, 20, "").n_items);
    assert_int_equal(1, list(w, 2, 20, "").n_items);
    assert_int_equal(1, outbox_memory_said(w->sessions.outbox, NULL, &event, 1));
    assert_non_null(strstr(event.json, "\"sessions\":3,\"why\":\"password_changed\""));
}

static void what_has_expired_is_purged(void **state)
{
    struct world *w = *state;
    struct call call = call_of(w, 0);
    struct job_run run = {.call = &call, .name = "purge_sessions"};
    struct session session = {.user_id = {{2}}};

    for (int i = 0; i < 150; i++) { /* more than one run takes */
        session.id = uuid_v7(&w->clock, &ENTROPY_SYSTEM);
        session.expires_us = wall_us(&w->clock) - i * SECOND_US;
        assert_int_equal(store_insert(w->sessions.sessions, NULL, &call, &session, NULL), ST_OK);
    }
    session.id = log_in(w, 1, "");
    assert_int_equal(sessions_purge(&w->sessions, &run), ST_PENDING);
    assert_int_equal(sessions_purge(&w->sessions, &run), ST_OK);
    assert_int_equal(store_find(w->sessions.sessions, NULL, &call, NULL, &session.id, &session),
                     ST_OK);
    assert_int_equal(0, list(w, 2, 20, "").n_items);
    assert_int_equal(sessions_purge(&w->sessions, &run), ST_OK);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(one_s_sessions_are_told_the_newest_first),
        TEST(a_session_is_ended_by_its_owner_once),
        TEST(who_logs_out_ends_the_session_that_asks),
        TEST(whether_a_session_goes_on_is_asked_of_its_row),
        TEST(all_sessions_of_an_account_are_revoked_and_no_others),
        TEST(what_has_expired_is_purged),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
