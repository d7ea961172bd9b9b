/* profile_data_contract.c - what every profile_data_service does. */
#include "test/contract/contract.h"

#include <stdio.h>
#include <string.h>

#include "tool/core/mem.h"

static struct profile new_profile(void)
{
    struct profile profile = {.user_id = test_uuid()};
    char local[32];

    TEXT_COPY(profile.person.name, "김한옥 🏠");
    test_name("Han.Ok", local, sizeof(local));
    snprintf(profile.person.email, sizeof(profile.person.email), "%s@Example.org", local);
    TEXT_COPY(profile.person.phone, "+821012345678");
    return profile;
}

static struct profile stored(struct contract *contract)
{
    struct profile profile = new_profile();
    struct call call = test_call();

    assert_status(ST_OK,
                  contract->profiles->ops->insert(contract->profiles, NULL, &call, &profile));
    return profile;
}

static void what_was_inserted_is_found(void **state)
{
    struct profile_data_service *profiles = ((struct contract *)*state)->profiles;
    int64_t before_us = clock_wall_us(&CLOCK_SYSTEM);
    struct profile profile = stored(*state), out;
    struct call call = test_call();

    assert_status(ST_OK, profiles->ops->find(profiles, NULL, &call, profile.user_id, &out));
    assert_true(uuid_equal(profile.user_id, out.user_id));
    assert_string_equal(profile.person.name, out.person.name);
    assert_string_equal(profile.person.email, out.person.email);
    assert_string_equal(profile.person.phone, out.person.phone);
    assert_int_equal(1, out.version);
    assert_in_range(out.created_us, before_us, clock_wall_us(&CLOCK_SYSTEM));
    assert_int_equal(out.created_us, out.updated_us);
}

static void the_longest_texts_fit(void **state)
{
    struct profile_data_service *profiles = ((struct contract *)*state)->profiles;
    struct profile profile = new_profile(), out;
    struct call call = test_call();
    size_t used = strlen(profile.person.email);

    profile.person.name[0] = '\0';
    for (int i = 0; i < 64; i++)
        memcpy(profile.person.name + i * 4, "🏠", 5);
    memset(profile.person.email + used, 'x', PROFILE_EMAIL_MAX - used);
    profile.person.email[PROFILE_EMAIL_MAX] = '\0';
    TEXT_COPY(profile.person.phone, "+123456789012345");
    assert_status(ST_OK, profiles->ops->insert(profiles, NULL, &call, &profile));
    assert_status(ST_OK, profiles->ops->find(profiles, NULL, &call, profile.user_id, &out));
    assert_string_equal(profile.person.name, out.person.name);
    assert_string_equal(profile.person.email, out.person.email);
    assert_string_equal(profile.person.phone, out.person.phone);
}

static void an_email_belongs_to_one_profile_whatever_its_case(void **state)
{
    struct profile_data_service *profiles = ((struct contract *)*state)->profiles;
    struct profile first = stored(*state), second = new_profile(), out;
    struct call call = test_call();

    profile_email_key(first.person.email, second.person.email);
    assert_string_not_equal(first.person.email, second.person.email);
    assert_status(ST_CONFLICT, profiles->ops->insert(profiles, NULL, &call, &second));
    assert_status(ST_NOT_FOUND, profiles->ops->find(profiles, NULL, &call, second.user_id, &out));
    assert_status(ST_OK, profiles->ops->remove(profiles, NULL, &call, first.user_id));
    assert_status(ST_OK, profiles->ops->insert(profiles, NULL, &call, &second));
}

struct taken {
    struct profile_data_service *profiles;
    struct profile twin, other;
};

static enum status insert_twin_then_other(struct transaction *tx, const struct call *call,
                                          void *arg)
{
    struct taken *taken = arg;
    struct profile_data_service *profiles = taken->profiles;

    if (profiles->ops->insert(profiles, tx, call, &taken->twin) != ST_CONFLICT)
        return ST_INTERNAL;
    return profiles->ops->insert(profiles, tx, call, &taken->other);
}

static void a_taken_email_leaves_the_transaction_usable(void **state)
{
    struct contract *contract = *state;
    struct profile first = stored(contract), out;
    struct taken taken = {contract->profiles, new_profile(), new_profile()};
    struct call call = test_call();

    memcpy(taken.twin.person.email, first.person.email, sizeof(first.person.email));
    assert_status(ST_OK, transactor_run(contract->user, &call, insert_twin_then_other, &taken));
    assert_status(ST_OK, contract->profiles->ops->find(contract->profiles, NULL, &call,
                                                       taken.other.user_id, &out));
}

static void who_is_not_there_is_not_found_and_removed_twice(void **state)
{
    struct profile_data_service *profiles = ((struct contract *)*state)->profiles;
    struct profile profile = stored(*state), out = {.version = -1};
    struct call call = test_call();

    for (int twice = 0; twice < 2; twice++)
        assert_status(ST_OK, profiles->ops->remove(profiles, NULL, &call, profile.user_id));
    assert_status(ST_NOT_FOUND, profiles->ops->find(profiles, NULL, &call, profile.user_id, &out));
    assert_int_equal(-1, out.version);
}

int profile_data_contract(struct contract *contract)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(what_was_inserted_is_found, contract),
        cmocka_unit_test_prestate(the_longest_texts_fit, contract),
        cmocka_unit_test_prestate(an_email_belongs_to_one_profile_whatever_its_case, contract),
        cmocka_unit_test_prestate(a_taken_email_leaves_the_transaction_usable, contract),
        cmocka_unit_test_prestate(who_is_not_there_is_not_found_and_removed_twice, contract),
    };

    return cmocka_run_group_tests_name("profile data", tests, NULL, NULL);
}
