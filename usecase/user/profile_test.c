/* profile_test.c - registering and reading profiles over a memory store. */
#include "usecase/user/profile_world_test.h"
#include "usecase/user/registry_form.h"

static void do_unregister(struct world *w, uint8_t user)
{
    struct profile_cancellation message = {.user_id = {{user}}};
    struct registry_outcome outcome = {0};
    struct call call = call_of(w);

    assert_int_equal(
        transactor_run(w->transactor, &call, run_change,
                       &(struct change){profile_unregister, &w->registrar, &message, NULL}),
        ST_OK);
    assert_int_equal(profile_unregistered(&w->registrar, &call, &message, &outcome), ST_OK);
    assert_true(uuid_equal(outcome.user_id, message.user_id));
    assert_int_equal(outcome.status, REGISTRY_CANCELLED);
}

static void an_address_has_one_profile(void **state)
{
    struct world *w = *state;

    assert_int_equal(do_register(w, 1, "One@example.org"), ST_OK);
    assert_int_equal(do_register(w, 2, "one@example.ORG"), ST_CONFLICT);
    assert_string_equal(w->problem.code, "email_taken");
    do_unregister(w, 2); /* there is none */
    do_unregister(w, 1);
    assert_int_equal(do_register(w, 2, "one@example.org"), ST_OK);
}

static void what_has_happened_is_said_and_nothing_else(void **state)
{
    static const char *const WANT[] = {"user.profile_registered", "user.profile_cancelled"};
    struct world *w = *state;
    struct outbox_row said[2];

    do_unregister(w, 1); /* there is none */
    assert_int_equal(do_register(w, 1, "one@example.org"), ST_OK);
    assert_int_equal(do_register(w, 2, "one@example.org"), ST_CONFLICT);
    do_unregister(w, 1);
    do_unregister(w, 1);
    assert_int_equal(outbox_memory_said(w->registrar.outbox, NULL, said, ARRAY_LEN(said)), 2);
    for (size_t i = 0; i < ARRAY_LEN(said); i++) {
        assert_string_equal(said[i].type, WANT[i]);
        assert_string_equal(said[i].json, "{\"userId\":\"01000000-0000-0000-0000-000000000000\"}");
    }
}

static void a_profile_that_is_there_is_read(void **state)
{
    struct world *w = *state;

    assert_int_equal(do_register(w, 1, "one@example.org"), ST_OK);
    for (uint8_t id = 1; id <= 2; id++) {
        struct profile profile = {0};

        assert_int_equal(read_profile(w, id, &profile), id == 1 ? ST_OK : ST_NOT_FOUND);
        assert_int_equal(profile.version, id == 1 ? 1 : 0);
    }
}

/* As it stands in the table processed_message. */
static void registrations_are_kept_as_the_release_before_reads_them(void **state)
{
    static const struct {
        const char *text;
        enum status st;
        const char *code;
    } cases[] = {
        {"registered 01000000-0000-0000-0000-000000000000", ST_OK,       ""           },
        {"email_taken",                                     ST_CONFLICT, "email_taken"},
        {"cancelled",                                       ST_PENDING,  ""           },
        {"409 0 {}",                                        ST_PENDING,  ""           },
        {"registered",                                      ST_PENDING,  ""           },
    };
    struct world *w = *state;

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct registry_outcome outcome = {0};
        struct call call = call_of(w);
        char text[64] = "";
        enum status got = REGISTRY_FORM.read(cases[i].text, &call, &outcome);

        if (got != cases[i].st || strcmp(w->problem.code, cases[i].code) != 0)
            fail_msg("%s: got %s %s", cases[i].text, status_name(got), w->problem.code);
        if (got == ST_PENDING)
            continue;
        assert_int_equal(outcome.user_id.b[0], got == ST_OK);
        assert_true(REGISTRY_FORM.write(got, &call, &outcome, text, sizeof(text)));
        assert_string_equal(text, cases[i].text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_address_has_one_profile),
        TEST(what_has_happened_is_said_and_nothing_else),
        TEST(a_profile_that_is_there_is_read),
        TEST(registrations_are_kept_as_the_release_before_reads_them),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
