/* signup_events_test.c - what is said of a signup, and when. */
#include "usecase/auth/signup_world_test.h"

/* Nothing personal: whole rows are compared. */
static void what_has_happened_is_said(void **state)
{
    static const struct {
        const char *why;
        enum status answer;
        const char *type, *saga_state, *more;
    } cases[] = {
        {"it succeeds",          ST_OK,       "auth.account_activated",  "SUCCEEDED",   ""},
        {"the address is taken", ST_CONFLICT, "auth.signup_compensated", "COMPENSATED",
         ",\"reason\":\"email_taken\""                                                    },
    };
    struct world *w = *state;

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct signup_form form = ALICE;
        struct signup_accepted accepted;
        struct outbox_row said[3];
        char id[UUID_TEXT_LEN + 1], want[128];
        form.login_id[0] = (char)('a' + i);
        w->answer = cases[i].answer;
        assert_int_equal(sign_up(w, &form, "", &accepted), ST_OK);
        run_for(w, 0);
        assert_int_equal(outbox_memory_said(w->signup.outbox, &accepted.user_id, said, 3), 2);
        assert_string_equal(said[0].type, "auth.account_created");
        assert_string_equal(said[0].saga_state, "STARTED");
        snprintf(want, sizeof(want), "{\"userId\":\"%s\"}", uuid_text(accepted.user_id, id));
        assert_string_equal(said[0].json, want);
        snprintf(want, sizeof(want), "{\"userId\":\"%s\"%s}", id, cases[i].more);
        if (strcmp(said[1].type, cases[i].type) != 0 || strcmp(said[1].json, want) != 0 ||
            strcmp(said[1].saga_state, cases[i].saga_state) != 0)
            fail_msg("%s: %s %s %s", cases[i].why, said[1].type, said[1].saga_state, said[1].json);
        assert_true(uuid_equal(said[0].saga_id, accepted.saga_id));
        assert_true(uuid_equal(said[1].saga_id, accepted.saga_id));
    }
}

static void what_has_not_happened_is_not_said(void **state)
{
    struct world *w = *state;
    struct signup_accepted accepted;

    assert_int_equal(sign_up(w, &ALICE, "key", &accepted), ST_OK);
    assert_int_equal(sign_up(w, &ALICE, "kez", &accepted), ST_CONFLICT); /* login_id_taken */
    assert_int_equal(sign_up(w, &ALICE, "key", &accepted), ST_OK);       /* once more */
    assert_int_equal(outbox_memory_said(w->signup.outbox, NULL, NULL, 0), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_has_happened_is_said),
        TEST(what_has_not_happened_is_not_said),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
