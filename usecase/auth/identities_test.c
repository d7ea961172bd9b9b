/* identities_test.c - who somebody from outside is here, and that nothing of him stays. */
#include "usecase/auth/identities.h"

#include "usecase/auth/signup_world_test.h"

#define ISSUER "https://id.example.org/"

static struct uuid resolve(struct world *w, const char *issuer, const char *subject)
{
    struct identity_query who = {{0}, {0}};
    struct identity_user user;
    struct call call = call_with(w, "");

    TEXT_COPY(who.issuer, issuer);
    TEXT_COPY(who.subject, subject);
    assert_int_equal(identity_resolve(&w->identities, &call, &who, &user), ST_OK);
    assert_false(uuid_is_nil(user.user_id));
    return user.user_id;
}

static void he_is_the_same_each_time(void **state)
{
    struct world *w = *state;
    struct uuid first = resolve(w, ISSUER, "kim");

    assert_true(uuid_equal(first, resolve(w, ISSUER, "kim")));
    assert_false(uuid_equal(first, resolve(w, ISSUER, "Kim")));
    assert_true(uuid_equal(first, resolve(w, ISSUER, "kim")));
}

static void the_same_subject_of_another_issuer_is_somebody_else(void **state)
{
    static const struct {
        const char *issuer, *subject;
    } people[] = {
        {"https://a.example",  "kim" },
        {"https://b.example",  "kim" },
        {"https://a.example/", "kim" },
        {"https://a.example/", "kim "},
        {"https://a.example",  "/kim"},
        {"https://a.examplek", "im"  },
        {"https://a.example",  "김" },
    };
    struct world *w = *state;
    struct uuid ids[ARRAY_LEN(people)];

    for (size_t i = 0; i < ARRAY_LEN(people); i++) {
        ids[i] = resolve(w, people[i].issuer, people[i].subject);
        for (size_t k = 0; k < i; k++)
            assert_false(uuid_equal(ids[i], ids[k]));
    }
}

static void names_of_any_length_fit(void **state)
{
    struct world *w = *state;
    char issuer[IDENTITY_NAME_MAX + 1] = "", subject[IDENTITY_NAME_MAX + 1] = "";
    struct uuid id;

    memset(issuer, 'i', IDENTITY_NAME_MAX);
    memset(subject, 's', IDENTITY_NAME_MAX);
    id = resolve(w, issuer, subject);
    assert_true(uuid_equal(id, resolve(w, issuer, subject)));
    subject[IDENTITY_NAME_MAX - 1] = 't';
    assert_false(uuid_equal(id, resolve(w, issuer, subject)));
}

static enum status withdraw(struct world *w, struct uuid user_id, struct uuid *saga_id)
{
    struct withdrawal_accepted accepted = {.saga_id = {{0}}};
    struct call call = call_with(w, "");
    enum status st =
        withdrawal_accept(&w->withdrawal, &call, &(struct withdrawal_form){user_id}, &accepted);

    *saga_id = accepted.saga_id;
    return st;
}

static void who_is_only_known_from_outside_can_withdraw(void **state)
{
    struct world *w = *state;
    struct uuid user_id = resolve(w, ISSUER, "kim"), lee = resolve(w, ISSUER, "lee"), first, again;

    assert_int_equal(withdraw(w, user_id, &first), ST_OK);
    assert_true(uuid_equal(user_id, resolve(w, ISSUER, "kim"))); /* it may still be undone */
    run_for(w, 0);
    assert_int_equal(withdraw(w, user_id, &again), ST_OK); /* told the one that was */
    assert_true(uuid_equal(first, again));
    assert_true(w->hidden == 1 && w->erased == 1);
    assert_false(uuid_equal(user_id, resolve(w, ISSUER, "kim")));
    assert_true(uuid_equal(lee, resolve(w, ISSUER, "lee")));
}

static void what_is_refused_leaves_him_as_he_was(void **state)
{
    struct world *w = *state;
    struct uuid user_id = resolve(w, ISSUER, "kim"), first, second;

    w->answer = ST_CONFLICT;
    assert_int_equal(withdraw(w, user_id, &first), ST_OK);
    run_for(w, 0);
    assert_true(uuid_equal(user_id, resolve(w, ISSUER, "kim")));
    w->answer = ST_OK;
    assert_int_equal(withdraw(w, user_id, &second), ST_OK);
    assert_false(uuid_equal(first, second));
    run_for(w, 0);
    assert_false(uuid_equal(user_id, resolve(w, ISSUER, "kim")));
}

/* As an operator may have linked them. */
static void all_names_of_an_account_go_with_it(void **state)
{
    struct world *w = *state;
    struct signup_accepted accepted;
    struct uuid saga_id;
    struct call call = call_with(w, "");

    assert_int_equal(sign_up(w, &ALICE, "", &accepted), ST_OK);
    run_for(w, 0);
    for (int i = 0; i < 40; i++) {
        struct identity row = {.user_id = accepted.user_id};

        snprintf(row.id, sizeof(row.id), "%d", i);
        assert_int_equal(store_insert(w->identities.store, NULL, &call, &row, NULL), ST_OK);
    }
    assert_int_equal(identity_known(&w->identities, NULL, &call, accepted.user_id), ST_OK);
    assert_int_equal(withdraw(w, accepted.user_id, &saga_id), ST_OK);
    run_for(w, 0);
    assert_int_equal(identity_known(&w->identities, NULL, &call, accepted.user_id), ST_NOT_FOUND);
}

static void nobody_else_can_be_withdrawn(void **state)
{
    struct uuid saga_id;

    assert_int_equal(withdraw(*state, uuid_v7(&CLOCK_SYSTEM, &ENTROPY_SYSTEM), &saga_id),
                     ST_NOT_FOUND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(he_is_the_same_each_time),
        TEST(the_same_subject_of_another_issuer_is_somebody_else),
        TEST(names_of_any_length_fit),
        TEST(who_is_only_known_from_outside_can_withdraw),
        TEST(what_is_refused_leaves_him_as_he_was),
        TEST(all_names_of_an_account_go_with_it),
        TEST(nobody_else_can_be_withdrawn),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
