/* registration_test.c - the messages of the signup saga at the user service, by its own rows. */
#include "test/cmd/user/user_world.h"

static enum status do_register(struct world *w, uint8_t saga, uint8_t user, const char *email)
{
    struct profile_registration message = {
        .person = {.name = "Name", .phone = "12345678"}
    };
    struct registry_outcome outcome = {0};
    struct call call = call_of(w);
    enum status st;

    message.saga_id = (struct uuid){{saga}};
    message.user_id = (struct uuid){{user}};
    TEXT_COPY(message.person.email, email);
    st = user_write(&w->writes, &USER_REGISTRY, &call, &message, &outcome);
    assert_int_equal(uuid_equal(outcome.user_id, message.user_id), st == ST_OK);
    if (st != ST_OK)
        assert_true(operation_declares(&USER_REGISTRY, st, w->problem.code));
    return st;
}

static enum status do_cancel(struct world *w, uint8_t saga, uint8_t user)
{
    struct profile_cancellation message = {{{saga}}, {{user}}};
    struct registry_outcome outcome = {0};
    struct call call = call_of(w);
    enum status st = user_write(&w->writes, &USER_REGISTRY_CANCEL, &call, &message, &outcome);

    assert_true(uuid_equal(outcome.user_id, message.user_id));
    assert_int_equal(outcome.status, REGISTRY_CANCELLED);
    return st;
}

static bool has_profile(struct world *w, uint8_t user)
{
    struct call call = call_of(w);
    struct profile profile;

    return store_find(w->writes.registrar.profiles, NULL, &call, NULL, &(struct uuid){{user}},
                      &profile) == ST_OK;
}

/* r: register, c: cancel, t: register with a taken address. The last answer counts. */
static void messages_come_in_any_order_any_number_of_times(void **state)
{
    static const struct {
        const char *order;
        enum status last;
        const char *code;
        bool profile;
    } cases[] = {
        {"r",    ST_OK,       "",            true },
        {"rr",   ST_OK,       "",            true },
        {"c",    ST_OK,       "",            false},
        {"rc",   ST_OK,       "",            false},
        {"rcc",  ST_OK,       "",            false},
        {"cr",   ST_CONFLICT, "cancelled",   false},
        {"rcr",  ST_CONFLICT, "cancelled",   false},
        {"crcr", ST_CONFLICT, "cancelled",   false},
        {"t",    ST_CONFLICT, "email_taken", false},
        {"tt",   ST_CONFLICT, "email_taken", false},
        {"tc",   ST_OK,       "",            false},
        {"tct",  ST_CONFLICT, "email_taken", false},
    };
    struct world *w = *state;

    assert_int_equal(do_register(w, 100, 100, "Taken@Example.org"), ST_OK);
    for (uint8_t i = 0; i < ARRAY_LEN(cases); i++) {
        enum status got = ST_INTERNAL;
        char email[32];
        snprintf(email, sizeof(email), "user%u@example.org", (unsigned)i);
        for (const char *message = cases[i].order; *message; message++)
            got = *message == 'c'   ? do_cancel(w, i, i)
                  : *message == 'r' ? do_register(w, i, i, email)
                                    : do_register(w, i, i, "taken@example.ORG");
        if (got != cases[i].last || strcmp(w->problem.code, cases[i].code) != 0 ||
            has_profile(w, i) != cases[i].profile)
            fail_msg("%s: got %s %s", cases[i].order, status_name(got), w->problem.code);
    }
    assert_true(has_profile(w, 100));
}

/* The address was free again in between: what was refused stays refused. */
static void a_recorded_refusal_stands(void **state)
{
    struct world *w = *state;

    assert_int_equal(do_register(w, 1, 1, "one@example.org"), ST_OK);
    assert_int_equal(do_register(w, 2, 2, "one@example.org"), ST_CONFLICT);
    assert_int_equal(do_cancel(w, 1, 1), ST_OK);
    assert_int_equal(do_register(w, 2, 2, "one@example.org"), ST_CONFLICT);
    assert_int_equal(do_register(w, 3, 3, "one@example.org"), ST_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(messages_come_in_any_order_any_number_of_times),
        TEST(a_recorded_refusal_stands),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
