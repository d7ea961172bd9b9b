/* refresh_test.c - refresh tokens changed for others, lost, stolen and made up. */
#include "tool/core/question.h"
#include "usecase/auth/refresh.h"
#include "usecase/auth/session_world_test.h"

static int setup(void **state)
{
    struct world *w = MEM_NEW(struct world);

    sessions_setup(w);
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

struct beginning {
    struct world *world;
    uint8_t user;
    struct refresh_token token;
};

static enum status begin(struct transaction *tx, const struct call *call, void *arg)
{
    struct beginning *b = arg;

    return session_begin(&b->world->sessions, tx, call, (struct uuid){{b->user}}, &b->token);
}

static struct refresh_form log_in(struct world *w, uint8_t user)
{
    struct beginning b = {
        w, user, {{{0}}, 0, ""}
    };
    struct call call = call_of(w, 0);
    struct refresh_form form = {""};

    assert_int_equal(transactor_run(w->sessions.transactor, &call, begin, &b), ST_OK);
    refresh_token_text(&b.token, form.refresh_token);
    return form;
}

/* form becomes the next one. */
static enum status refresh(struct world *w, struct refresh_form *form,
                           struct login_granted *granted)
{
    struct call call = call_of(w, 0);
    struct question question = {.call = &call, .in = form, .out = granted};

    TEXT_COPY(call.client, "192.0.2.2");
    *granted = (struct login_granted){0};
    refresh_grant(&w->sessions, &question, 1);
    if (question.st == ST_OK)
        TEXT_COPY(form->refresh_token, granted->refresh_token);
    else
        assert_true(operation_declares(&AUTH_REFRESH, question.st, w->problem.code));
    return question.st;
}

static size_t sessions_of(struct world *w, uint8_t user, struct session *rows, size_t max)
{
    struct call call = call_of(w, 0);
    struct uuid id = {{user}};
    const struct store_list list = {.where = {{"user_id", &id}}};
    size_t n;

    assert_int_equal(store_list(w->sessions.sessions, NULL, &call, &list, max, rows, &n), ST_OK);
    return n;
}

static size_t said(struct world *w)
{
    return outbox_memory_said(w->sessions.outbox, NULL, NULL, 0);
}

static void a_refresh_gives_new_tokens_of_the_same_session(void **state)
{
    struct world *w = *state;
    struct refresh_form form = log_in(w, 1), first = form;
    struct session before, after;
    struct login_granted granted;
    char id[UUID_TEXT_LEN + 1];

    assert_int_equal(1, sessions_of(w, 1, &before, 1));
    for (int i = 1; i <= 3; i++) {
        w->passed_us += 600 * (int64_t)SECOND_US;
        assert_int_equal(refresh(w, &form, &granted), ST_OK);
        assert_int_equal(1, sessions_of(w, 1, &after, 1));
        assert_true(uuid_equal(before.id, after.id));
        assert_int_equal(i, after.generation);
        assert_int_equal(wall_us(&w->clock), after.used_us);
    }
    assert_string_not_equal(first.refresh_token, form.refresh_token);
    assert_true(after.expires_us > before.expires_us);
    assert_string_equal("192.0.2.2", after.address);
    assert_non_null(strstr(granted.access_token, uuid_text(before.id, id)));
    assert_non_null(strstr(granted.access_token, " courier"));
    assert_true(uuid_equal(granted.user_id, before.user_id));
    assert_int_equal(900, granted.expires_in_s);
    assert_int_equal(0, said(w));
}

static void an_answer_that_was_lost_is_given_once_more(void **state)
{
    static const int after_s[] = {0, 3, 10};
    struct world *w = *state;
    struct refresh_form first = log_in(w, 1), form = first, again;
    struct login_granted granted;
    struct session session;

    assert_int_equal(refresh(w, &form, &granted), ST_OK);
    for (size_t i = 0; i < ARRAY_LEN(after_s); i++) {
        w->passed_us = after_s[i] * (int64_t)SECOND_US;
        again = first;
        assert_int_equal(refresh(w, &again, &granted), ST_OK);
        assert_string_equal(form.refresh_token, again.refresh_token);
    }
    assert_int_equal(1, sessions_of(w, 1, &session, 1));
    assert_int_equal(1, session.generation);
    assert_int_equal(0, said(w));
    assert_int_equal(refresh(w, &form, &granted), ST_OK); /* and it goes on */
}

static void a_token_used_again_later_ends_the_session(void **state)
{
    struct world *w = *state;
    struct refresh_form first = log_in(w, 1), form = first, other = log_in(w, 1);
    struct outbox_row event;
    struct login_granted granted;
    struct session rows[9];

    assert_int_equal(refresh(w, &form, &granted), ST_OK);
    w->passed_us += 11 * (int64_t)SECOND_US;
    assert_int_equal(refresh(w, &first, &granted), ST_UNAUTHENTICATED);
    assert_string_equal("invalid_token", w->problem.code);
    assert_int_equal(refresh(w, &form, &granted), ST_UNAUTHENTICATED); /* of whoever has it */
    assert_int_equal(1, sessions_of(w, 1, rows, 9));
    assert_int_equal(1, outbox_memory_said(w->sessions.outbox, &(struct uuid){{1}}, &event, 1));
    assert_string_equal(AUTH_SESSION_REUSED.name, event.type);
    assert_int_equal(refresh(w, &first, &granted), ST_UNAUTHENTICATED);
    assert_int_equal(1, said(w));                          /* once is enough */
    assert_int_equal(refresh(w, &other, &granted), ST_OK); /* another login of his */
}

static void what_is_made_up_is_refused_and_ends_nothing(void **state)
{
    struct world *w = *state;
    struct refresh_form mine = log_in(w, 1), other = log_in(w, 2), form;
    char texts[6][REFRESH_TOKEN_MAX + 1] = {"", "garbage", "a.b.c"};
    struct refresh_token a, b;
    struct login_granted granted;

    for (int i = 0; i < 3; i++)
        assert_int_equal(refresh(w, &mine, &granted), ST_OK);
    assert_true(refresh_token_parse(mine.refresh_token, &a));
    assert_true(refresh_token_parse(other.refresh_token, &b));
    TEXT_COPY(b.secret, a.secret); /* the secret of one under the other's id */
    refresh_token_text(&b, texts[3]);
    a.generation = 0;
    refresh_token_text(&a, texts[4]); /* under an older number */
    a.generation = 9;
    refresh_token_text(&a, texts[5]); /* under one to come */
    w->passed_us += 100 * (int64_t)SECOND_US;
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        TEXT_COPY(form.refresh_token, texts[i]);
        assert_int_equal(refresh(w, &form, &granted), ST_UNAUTHENTICATED);
        assert_string_equal("invalid_token", w->problem.code);
    }
    assert_int_equal(0, said(w));
    assert_int_equal(refresh(w, &mine, &granted), ST_OK);
    assert_int_equal(refresh(w, &other, &granted), ST_OK);
}

static void a_session_that_is_over_refreshes_nothing(void **state)
{
    struct world *w = *state;
    struct refresh_form idle = log_in(w, 1), used = log_in(w, 1), ended = log_in(w, 1);
    struct call call = call_of(w, 0);
    struct refresh_token token;
    struct login_granted granted;

    assert_true(refresh_token_parse(ended.refresh_token, &token));
    assert_int_equal(store_remove(w->sessions.sessions, NULL, &call, &token.session, NULL, NULL),
                     ST_OK);
    assert_int_equal(refresh(w, &ended, &granted), ST_UNAUTHENTICATED);
    w->passed_us = 6000 * (int64_t)SECOND_US;
    assert_int_equal(refresh(w, &used, &granted), ST_OK);
    w->passed_us = 6600 * (int64_t)SECOND_US; /* nobody used it for 6400 s, and a 64th of it */
    assert_int_equal(refresh(w, &idle, &granted), ST_UNAUTHENTICATED);
    assert_int_equal(refresh(w, &used, &granted), ST_OK);
    w->passed_us = 10000 * (int64_t)SECOND_US;
    assert_int_equal(refresh(w, &used, &granted), ST_UNAUTHENTICATED); /* the life time */
}

static enum status set_status(void *row, const struct call *call, void *arg)
{
    (void)call;
    ((struct account *)row)->status = *(enum account_status *)arg;
    return ST_OK;
}

static enum status set_roles(void *row, const struct call *call, void *arg)
{
    (void)call;
    TEXT_COPY(((struct account *)row)->roles, (const char *)arg);
    return ST_OK;
}

static void a_refresh_asks_what_the_account_is_now(void **state)
{
    enum account_status leaving = ACCOUNT_WITHDRAW_PENDING;
    struct world *w = *state;
    struct refresh_form form = log_in(w, 1), before;
    struct uuid id = {{1}};
    struct call call = call_of(w, 0);
    struct login_granted granted;

    assert_int_equal(store_change(w->sessions.accounts, NULL, &call, &id,
                                  &(struct store_change){.fn = set_roles, .arg = (void *)"admin"},
                                  NULL),
                     ST_OK);
    assert_int_equal(refresh(w, &form, &granted), ST_OK);
    assert_non_null(strstr(granted.access_token, " admin"));
    assert_int_equal(store_change(w->sessions.accounts, NULL, &call, &id,
                                  &(struct store_change){.fn = set_status, .arg = &leaving}, NULL),
                     ST_OK);
    before = form;
    assert_int_equal(refresh(w, &form, &granted), ST_CONFLICT);
    assert_string_equal("withdrawal_pending", w->problem.code);
    assert_int_equal(1, w->problem.retry_after_s);
    leaving = ACCOUNT_ACTIVE; /* it was compensated */
    assert_int_equal(store_change(w->sessions.accounts, NULL, &call, &id,
                                  &(struct store_change){.fn = set_status, .arg = &leaving}, NULL),
                     ST_OK);
    assert_int_equal(refresh(w, &before, &granted), ST_OK);
    assert_int_equal(store_remove(w->sessions.accounts, NULL, &call, &id, NULL, NULL), ST_OK);
    assert_int_equal(refresh(w, &before, &granted), ST_UNAUTHENTICATED);
}

/* What a batch asked, and what each was answered. */
struct crowd {
    struct call calls[QUESTIONS_MAX];
    struct problem problems[QUESTIONS_MAX];
    struct refresh_form forms[QUESTIONS_MAX];
    struct login_granted granted[QUESTIONS_MAX];
    struct question asked[QUESTIONS_MAX];
};

static void refresh_together(struct world *w, struct crowd *crowd)
{
    for (size_t i = 0; i < QUESTIONS_MAX; i++) {
        crowd->calls[i] = call_of(w, 0);
        crowd->calls[i].problem = &crowd->problems[i];
        crowd->asked[i] = (struct question){
            .call = &crowd->calls[i], .in = &crowd->forms[i], .out = &crowd->granted[i]};
    }
    refresh_grant(&w->sessions, crowd->asked, QUESTIONS_MAX);
}

static void one_token_asked_often_at_once_is_changed_once(void **state)
{
    struct world *w = *state;
    struct crowd *crowd = MEM_NEW(struct crowd);
    struct refresh_form form = log_in(w, 1);
    struct session session;

    for (int round = 1; round <= 2; round++) { /* the second time it is all again */
        for (size_t i = 0; i < QUESTIONS_MAX; i++)
            crowd->forms[i] = form;
        refresh_together(w, crowd);
        for (size_t i = 0; i < QUESTIONS_MAX; i++) {
            assert_int_equal(crowd->asked[i].st, ST_OK);
            assert_string_equal(crowd->granted[0].refresh_token, crowd->granted[i].refresh_token);
        }
        assert_int_equal(1, sessions_of(w, 1, &session, 1));
        assert_int_equal(1, session.generation);
    }
    free(crowd);
}

static void each_of_many_gets_its_own_answer(void **state)
{
    struct world *w = *state;
    struct crowd *crowd = MEM_NEW(struct crowd);
    struct refresh_form once = log_in(w, 1), lost = once, reused = log_in(w, 2), stolen = reused;
    struct login_granted granted;
    struct session rows[9];

    assert_int_equal(refresh(w, &reused, &granted), ST_OK);
    w->passed_us += 11 * (int64_t)SECOND_US;
    assert_int_equal(refresh(w, &once, &granted), ST_OK);
    for (size_t i = 0; i < QUESTIONS_MAX; i++)
        TEXT_COPY(crowd->forms[i].refresh_token, "garbage");
    for (size_t i = 0; i < 2; i++)
        crowd->forms[i] = log_in(w, 2);
    crowd->forms[3] = once;
    crowd->forms[4] = stolen;
    crowd->forms[5] = lost;
    refresh_together(w, crowd);
    assert_int_equal(2, sessions_of(w, 2, rows, 9)); /* that of the stolen token is over */
    assert_int_equal(1, said(w));
    for (size_t i = 0; i < QUESTIONS_MAX; i++)
        assert_int_equal(crowd->asked[i].st,
                         i < 2 || i == 3 || i == 5 ? ST_OK : ST_UNAUTHENTICATED);
    assert_string_equal(crowd->granted[5].refresh_token, once.refresh_token);
    assert_string_not_equal(crowd->granted[0].refresh_token, crowd->granted[1].refresh_token);
    free(crowd);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_refresh_gives_new_tokens_of_the_same_session),
        TEST(an_answer_that_was_lost_is_given_once_more),
        TEST(a_token_used_again_later_ends_the_session),
        TEST(what_is_made_up_is_refused_and_ends_nothing),
        TEST(a_session_that_is_over_refreshes_nothing),
        TEST(a_refresh_asks_what_the_account_is_now),
        TEST(one_token_asked_often_at_once_is_changed_once),
        TEST(each_of_many_gets_its_own_answer),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
