/* profile_update_test.c - changing profiles over a memory store. */
#include "tool/encoder/descriptor.h"
#include "usecase/user/profile_removal.h"
#include "usecase/user/profile_update.h"
#include "usecase/user/profile_world_test.h"

/* As it comes: the user's id and a merge patch. */
static enum status update(struct world *w, uint8_t user, int64_t if_version, const char *patch,
                          struct profile *out)
{
    struct call call = call_of(w);
    struct profile_patch message;
    char json[512], id[UUID_TEXT_LEN + 1];
    enum status st;

    snprintf(json, sizeof(json), "{\"userId\":\"%s\"%s%s}", uuid_text((struct uuid){{user}}, id),
             patch[0] ? "," : "", patch);
    st = decode(USER_UPDATE.request, json, strlen(json), &message, call.problem);
    if (st != ST_OK)
        return st;
    call.if_version = if_version;
    *out = (struct profile){0};
    st = transactor_run(w->transactor, &call, run_change,
                        &(struct change){profile_update, &w->registrar, &message, out});
    if (st != ST_OK)
        assert_true(operation_declares(&USER_UPDATE, st, w->problem.code));
    return st;
}

static void a_patch_changes_what_it_names_and_says_so(void **state)
{
    static const struct {
        const char *patch, *name, *email, *phone, *members;
        int64_t version;
    } cases[] = {
        {"",                                                        "Name", "one@example.org", "12345678",  "",      1},
        {"\"name\":\"Name\"",                                       "Name", "one@example.org", "12345678",  "",      1},
        {"\"name\":\"N2\"",                                         "N2",   "one@example.org", "12345678",  "name",  2},
        {"\"phone\":\"+82 10-1\"",                                  NULL,   NULL,              NULL,        NULL,    0},
        {"\"phone\":\"+82 10-1234\"",                               "N2",   "one@example.org", "+82101234", "phone", 3},
        {"\"email\":\"ONE@example.org\"",                           "N2",   "ONE@example.org", "+82101234", "email", 4},
        {"\"phone\":\"1234567\",\"email\":\"b@c\",\"name\":\"N3\"", "N3",   "b@c",             "1234567",
         "name email phone",                                                                                         5},
    };
    struct world *w = *state;
    struct outbox_row said[8];
    size_t n = 1;

    assert_int_equal(do_register(w, 1, "one@example.org"), ST_OK);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        char want[128];
        struct profile got;
        enum status st = update(w, 1, 0, cases[i].patch, &got);
        if (!cases[i].name) {
            assert_int_equal(st, ST_INVALID);
            continue;
        }
        assert_int_equal(st, ST_OK);
        assert_string_equal(got.person.name, cases[i].name);
        assert_string_equal(got.person.email, cases[i].email);
        assert_string_equal(got.person.phone, cases[i].phone);
        assert_int_equal(got.version, cases[i].version);
        n += cases[i].members[0] != '\0';
        assert_int_equal(outbox_memory_said(w->registrar.outbox, NULL, said, ARRAY_LEN(said)), n);
        if (!cases[i].members[0])
            continue;
        snprintf(want, sizeof(want),
                 "{\"userId\":\"01000000-0000-0000-0000-000000000000\",\"members\":\"%s\"}",
                 cases[i].members);
        assert_string_equal(said[n - 1].type, "user.profile_changed");
        assert_string_equal(said[n - 1].json, want);
    }
}

static void what_a_profile_must_have_cannot_be_taken_away(void **state)
{
    static const char *const PATCHES[] = {"\"name\":null", "\"email\":null", "\"phone\":null",
                                          "\"name\":\"\"", "\"age\":3"};
    struct world *w = *state;
    struct profile got;

    assert_int_equal(do_register(w, 1, "one@example.org"), ST_OK);
    for (size_t i = 0; i < ARRAY_LEN(PATCHES); i++) {
        assert_int_equal(update(w, 1, 0, PATCHES[i], &got), ST_INVALID);
        assert_int_equal(w->problem.n_errors, 1);
        assert_memory_equal(w->problem.errors[0].field, PATCHES[i] + 1,
                            strlen(w->problem.errors[0].field));
    }
    assert_int_equal(find_profile(w, 1, &got), ST_OK);
    assert_int_equal(got.version, 1);
}

static void a_version_can_be_asked_for(void **state)
{
    static const struct {
        int64_t if_version;
        uint8_t user;
        enum status want;
    } cases[] = {
        {0,                1, ST_OK       },
        {CALL_ANY_VERSION, 1, ST_OK       },
        {1,                1, ST_STALE    },
        {3,                1, ST_OK       },
        {CALL_NO_VERSION,  1, ST_STALE    },
        {CALL_ANY_VERSION, 9, ST_NOT_FOUND},
        {1,                9, ST_NOT_FOUND},
    };
    struct world *w = *state;
    int64_t version = 1;

    assert_int_equal(do_register(w, 1, "one@example.org"), ST_OK);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        char patch[32];
        struct profile got;
        snprintf(patch, sizeof(patch), "\"name\":\"N%zu\"", i);
        assert_int_equal(update(w, cases[i].user, cases[i].if_version, patch, &got), cases[i].want);
        version += cases[i].want == ST_OK;
        assert_int_equal(find_profile(w, 1, &got), ST_OK);
        assert_int_equal(got.version, version);
    }
}

static void an_address_of_another_is_refused_and_changes_nothing(void **state)
{
    struct world *w = *state;
    struct profile got;

    assert_int_equal(do_register(w, 1, "one@example.org"), ST_OK);
    assert_int_equal(do_register(w, 2, "two@example.org"), ST_OK);
    assert_int_equal(update(w, 2, 0, "\"name\":\"N2\",\"email\":\"ONE@example.org\"", &got),
                     ST_CONFLICT);
    assert_string_equal(w->problem.code, "email_taken");
    assert_int_equal(find_profile(w, 2, &got), ST_OK);
    assert_string_equal(got.person.name, "Name");
    assert_int_equal(outbox_memory_said(w->registrar.outbox, NULL, NULL, 0), 2);
    assert_int_equal(update(w, 1, 0, "\"email\":\"free@example.org\"", &got), ST_OK);
    assert_int_equal(update(w, 2, 0, "\"email\":\"ONE@example.org\"", &got), ST_OK);
}

static void what_is_hidden_cannot_be_changed(void **state)
{
    struct world *w = *state;
    struct profile_removal removal = {{{5}}, {{1}}};
    struct call call = call_of(w);
    struct profile got;

    assert_int_equal(do_register(w, 1, "one@example.org"), ST_OK);
    assert_int_equal(transactor_run(w->transactor, &call, run_change,
                                    &(struct change){profile_hide, &w->registrar, &removal, NULL}),
                     ST_OK);
    assert_int_equal(update(w, 1, 0, "\"name\":\"N2\"", &got), ST_NOT_FOUND);
    assert_int_equal(update(w, 1, 7, "\"name\":\"N2\"", &got), ST_NOT_FOUND);
    assert_int_equal(find_profile(w, 1, &got), ST_OK);
    assert_string_equal(got.person.name, "Name");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_patch_changes_what_it_names_and_says_so),
        TEST(what_a_profile_must_have_cannot_be_taken_away),
        TEST(a_version_can_be_asked_for),
        TEST(an_address_of_another_is_refused_and_changes_nothing),
        TEST(what_is_hidden_cannot_be_changed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
