/* access_test.c - who may ask. */
#include "tool/service/access.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tool/core/mem.h"
#include "tool/core/uuid.h"

static const char OWN[] = "01000000-0000-0000-0000-000000000000";
static const char OTHER[] = "02000000-0000-0000-0000-000000000000";

struct question {
    int64_t amount;
    struct uuid user_id;
};

enum { AT = offsetof(struct question, user_id) };

static enum status ask(const struct access *access, const struct call *call,
                       const struct question *question)
{
    enum status st = access_before(access, call);

    return st == ST_OK ? access_after(access, call, question) : st;
}

static void it_depends_on_caller_role_and_owner(void **state)
{
    static const struct {
        const char *why, *subject, *roles;
        struct access access;
        uint8_t asked;
        enum status want;
    } cases[] = {
        {"anybody",                       "",    "",              {ACCESS_ANYBODY, NULL, 0},           1, ST_OK             },
        {"a caller",                      OWN,   "",              {ACCESS_CALLER, NULL, 0},            9, ST_OK             },
        {"no caller",                     "",    "admin",         {ACCESS_CALLER, NULL, 0},            9, ST_UNAUTHENTICATED},
        {"not an id",                     "me",  "admin",         {ACCESS_CALLER, NULL, 0},            9, ST_UNAUTHENTICATED},
        {"the role",                      OWN,   "x support",     {ACCESS_ROLE, "support admin", 0},   9, ST_OK             },
        {"the other role",                OWN,   "admin",         {ACCESS_ROLE, "support admin", 0},   9, ST_OK             },
        {"almost the role",
         OWN,                                    "administrator",
         {ACCESS_ROLE, "support admin", 0},
         9,                                                                                               ST_FORBIDDEN      },
        {"the role, but nobody",
         "",                                     "admin",
         {ACCESS_ROLE, "support admin", 0},
         9,                                                                                               ST_UNAUTHENTICATED},
        {"own",                           OWN,   "",              {ACCESS_OWNER, NULL, AT},            1, ST_OK             },
        {"own, nobody asks",              "",    "",              {ACCESS_OWNER, NULL, AT},            1, ST_UNAUTHENTICATED},
        {"another's",                     OTHER, "",              {ACCESS_OWNER, NULL, AT},            1, ST_FORBIDDEN      },
        {"another's, whatever the roles",
         OTHER,                                  "admin",
         {ACCESS_OWNER, NULL, AT},
         1,                                                                                               ST_FORBIDDEN      },
        {"own, or a role",                OWN,   "",              {ACCESS_OWNER_OR_ROLE, "admin", AT}, 1, ST_OK             },
        {"another's, an admin",
         OTHER,                                  "support admin",
         {ACCESS_OWNER_OR_ROLE, "admin", AT},
         1,                                                                                               ST_OK             },
        {"another's, almost an admin",
         OTHER,                                  "administrator",
         {ACCESS_OWNER_OR_ROLE, "admin", AT},
         1,                                                                                               ST_FORBIDDEN      },
        {"nobody's, or a role",
         "",                                     "admin",
         {ACCESS_OWNER_OR_ROLE, "admin", AT},
         1,                                                                                               ST_UNAUTHENTICATED},
        {"nil is nobody's",               OWN,   "",              {ACCESS_OWNER, NULL, AT},            0, ST_FORBIDDEN      },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct problem problem = {0};
        struct call call = {.problem = &problem};
        enum status got;
        TEXT_COPY(call.user, cases[i].subject);
        TEXT_COPY(call.roles, cases[i].roles);
        got = ask(&cases[i].access, &call, &(struct question){.user_id = {{cases[i].asked}}});
        if (got != cases[i].want || problem.status != got)
            fail_msg("%s: got %s", cases[i].why, status_name(got));
    }
}

static void faults_are_told_to_the_owner_only(void **state)
{
    static const struct access access = {ACCESS_OWNER, NULL, AT};
    struct problem problem = {0};
    struct call call = {.problem = &problem};

    (void)state;
    TEXT_COPY(call.user, OWN);
    problem_field(&problem, "amount", "must be a whole number");
    assert_int_equal(access_after(&access, &call, &(struct question){.user_id = {{1}}}), ST_OK);
    assert_int_equal(problem.n_errors, 1);
    /* The id itself was wrong. */
    assert_int_equal(access_after(&access, &call, &(struct question){0}), ST_OK);
    assert_int_equal(access_after(&access, &call, &(struct question){.user_id = {{2}}}),
                     ST_FORBIDDEN);
    assert_int_equal(problem.n_errors, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_depends_on_caller_role_and_owner),
        cmocka_unit_test(faults_are_told_to_the_owner_only),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
