/* profile_removal_test.c - hiding, showing and erasing profiles over a memory store. */
#include "usecase/user/profile_removal.h"
#include "usecase/user/profile_world_test.h"

typedef enum status (*removal_fn)(void *, struct transaction *, const struct call *, const void *,
                                  void *);

static enum status run(struct world *w, removal_fn fn, uint8_t saga, uint8_t user)
{
    struct profile_removal removal = {{{saga}}, {{user}}};
    struct call call = call_of(w);

    return transactor_run(w->transactor, &call, run_change,
                          &(struct change){fn, &w->registrar, &removal, NULL});
}

static void a_hidden_profile_is_nobody_s_and_keeps_its_address(void **state)
{
    struct world *w = *state;
    struct profile got;

    assert_int_equal(do_register(w, 1, "one@example.org"), ST_OK);
    assert_int_equal(run(w, profile_hide, 5, 1), ST_OK);
    assert_int_equal(read_profile(w, 1, &got), ST_NOT_FOUND);
    assert_int_equal(do_register(w, 2, "one@example.org"), ST_CONFLICT);
    assert_int_equal(run(w, profile_hide, 5, 1), ST_OK);
    assert_int_equal(run(w, profile_hide, 6, 1), ST_CONFLICT);
    assert_string_equal(w->problem.code, "withdrawal_pending");
    assert_int_equal(outbox_memory_said(w->registrar.outbox, NULL, NULL, 0), 1);
}

static void a_profile_that_is_shown_again_is_as_it_was(void **state)
{
    struct world *w = *state;
    struct profile before, after;

    assert_int_equal(do_register(w, 1, "one@example.org"), ST_OK);
    assert_int_equal(read_profile(w, 1, &before), ST_OK);
    assert_int_equal(run(w, profile_hide, 5, 1), ST_OK);
    assert_int_equal(run(w, profile_show, 6, 1), ST_OK); /* another's */
    assert_int_equal(read_profile(w, 1, &after), ST_NOT_FOUND);
    assert_int_equal(run(w, profile_show, 5, 1), ST_OK);
    assert_int_equal(read_profile(w, 1, &after), ST_OK);
    assert_memory_equal(&before, &after, sizeof(before));
    assert_int_equal(outbox_memory_said(w->registrar.outbox, NULL, NULL, 0), 1);
}

static void an_erased_profile_is_gone_and_its_address_free(void **state)
{
    struct world *w = *state;
    struct outbox_row said[3];
    struct profile got;

    assert_int_equal(do_register(w, 1, "one@example.org"), ST_OK);
    assert_int_equal(run(w, profile_hide, 5, 1), ST_OK);
    for (int i = 0; i < 2; i++)
        assert_int_equal(run(w, profile_erase, 5, 1), ST_OK);
    assert_int_equal(find_profile(w, 1, &got), ST_NOT_FOUND);
    assert_int_equal(do_register(w, 2, "one@example.org"), ST_OK);
    assert_int_equal(outbox_memory_said(w->registrar.outbox, NULL, said, ARRAY_LEN(said)), 3);
    assert_string_equal(said[1].type, "user.profile_removed");
    assert_string_equal(said[1].json, "{\"userId\":\"01000000-0000-0000-0000-000000000000\"}");
}

static void without_a_profile_there_is_nothing_to_do(void **state)
{
    static const removal_fn ALL[] = {profile_hide, profile_show, profile_erase};
    struct world *w = *state;

    for (size_t i = 0; i < ARRAY_LEN(ALL); i++)
        assert_int_equal(run(w, ALL[i], 5, 1), ST_OK);
    assert_int_equal(outbox_memory_said(w->registrar.outbox, NULL, NULL, 0), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_hidden_profile_is_nobody_s_and_keeps_its_address),
        TEST(a_profile_that_is_shown_again_is_as_it_was),
        TEST(an_erased_profile_is_gone_and_its_address_free),
        TEST(without_a_profile_there_is_nothing_to_do),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
