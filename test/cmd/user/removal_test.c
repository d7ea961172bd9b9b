/* removal_test.c - the messages of the withdrawal saga at the user service, by its own rows. */
#include "test/cmd/user/user_world.h"

static enum status ask(struct world *w, const struct operation *op, uint8_t saga, uint8_t user,
                       enum registry_status want)
{
    struct profile_removal message = {{{saga}}, {{user}}};
    struct registry_outcome outcome = {0};
    struct call call = call_of(w);
    enum status st = user_write(&w->writes, op, &call, &message, &outcome);

    if (st == ST_OK) {
        assert_true(uuid_equal(outcome.user_id, message.user_id));
        assert_int_equal(outcome.status, want);
    } else {
        assert_true(operation_declares(op, st, w->problem.code));
    }
    return st;
}

static void make_profile(struct world *w, uint8_t user)
{
    struct profile profile = {
        .user_id = {{user}              },
          .person = { .name = "Name", .phone = "12345678"}
    };
    struct call call = call_of(w);

    snprintf(profile.person.email, sizeof(profile.person.email), "user%u@example.org", user);
    assert_int_equal(store_insert(w->writes.registrar.profiles, NULL, &call, &profile, NULL),
                     ST_OK);
}

/* s: it is shown, h: hidden, -: gone */
static char look(struct world *w, uint8_t user)
{
    struct call call = call_of(w);
    struct profile profile;

    if (store_find(w->writes.registrar.profiles, NULL, &call, NULL, &(struct uuid){{user}},
                   &profile) != ST_OK)
        return '-';
    assert_int_equal(profile.version, 1);
    return uuid_is_nil(profile.removal) ? 's' : 'h';
}

/* h: hide, s: show again, e: erase, o: hide for another withdrawal. The last answer counts. */
static void messages_come_in_any_order_any_number_of_times(void **state)
{
    static const struct {
        const char *order;
        enum status last;
        const char *code;
        char profile;
    } cases[] = {
        {"h",    ST_OK,       "",                   'h'},
        {"hh",   ST_OK,       "",                   'h'},
        {"s",    ST_OK,       "",                   's'},
        {"hs",   ST_OK,       "",                   's'},
        {"hss",  ST_OK,       "",                   's'},
        {"sh",   ST_CONFLICT, "cancelled",          's'},
        {"hsh",  ST_CONFLICT, "cancelled",          's'},
        {"shsh", ST_CONFLICT, "cancelled",          's'},
        {"ho",   ST_CONFLICT, "withdrawal_pending", 'h'},
        {"hoso", ST_CONFLICT, "withdrawal_pending", 's'},
        {"hso",  ST_OK,       "",                   'h'},
        {"he",   ST_OK,       "",                   '-'},
        {"hee",  ST_OK,       "",                   '-'},
        {"heh",  ST_OK,       "",                   '-'},
        {"e",    ST_OK,       "",                   '-'},
        {"eh",   ST_OK,       "",                   '-'},
    };
    struct world *w = *state;

    for (uint8_t i = 0; i < ARRAY_LEN(cases); i++) {
        uint8_t saga = (uint8_t)(i + 1), other = (uint8_t)(saga + 100);
        enum status got = ST_INTERNAL;
        char profile, code[PROBLEM_CODE_MAX + 1];
        make_profile(w, i);
        for (const char *message = cases[i].order; *message; message++)
            got = *message == 'h'   ? ask(w, &USER_REMOVE, saga, i, REGISTRY_HIDDEN)
                  : *message == 'o' ? ask(w, &USER_REMOVE, other, i, REGISTRY_HIDDEN)
                  : *message == 's' ? ask(w, &USER_REMOVE_CANCEL, saga, i, REGISTRY_CANCELLED)
                                    : ask(w, &USER_ERASE, saga, i, REGISTRY_ERASED);
        TEXT_COPY(code, w->problem.code);
        profile = look(w, i);
        if (got != cases[i].last || profile != cases[i].profile ||
            (got != ST_OK && strcmp(code, cases[i].code) != 0))
            fail_msg("%s: got %s %s, %c", cases[i].order, status_name(got), code, profile);
    }
}

/* Nothing that is kept of a change or a removal holds the person. */
static void what_is_kept_of_it_is_not_personal(void **state)
{
    struct world *w = *state;
    char kept[BARRIER_OUTCOME_MAX + 1], id[UUID_TEXT_LEN + 1];
    struct call call = call_of(w);

    make_profile(w, 1);
    assert_int_equal(ask(w, &USER_REMOVE, 1, 1, REGISTRY_HIDDEN), ST_OK);
    assert_int_equal(ask(w, &USER_ERASE, 1, 1, REGISTRY_ERASED), ST_OK);
    for (int i = 0; i < 2; i++) {
        const struct operation *op = i ? &USER_ERASE : &USER_REMOVE;
        assert_int_equal(w->writes.barrier->ops->find(w->writes.barrier, &call, op->subject,
                                                      uuid_text((struct uuid){{1}}, id), kept),
                         ST_OK);
        assert_string_equal(kept, i ? "200 0 {\"userId\":\"01000000-0000-0000-0000-000000000000\","
                                      "\"status\":\"ERASED\"}"
                                    : "200 0 {\"userId\":\"01000000-0000-0000-0000-000000000000\","
                                      "\"status\":\"HIDDEN\"}");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(messages_come_in_any_order_any_number_of_times),
        TEST(what_is_kept_of_it_is_not_personal),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
