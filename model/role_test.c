/* role_test.c - roles as a text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "model/role.h"
#include "tool/core/mem.h"

static void a_role_is_granted_and_revoked_once(void **state)
{
    static const struct {
        const char *before;
        enum role role;
        bool granted;
        const char *after;
    } cases[] = {
        {"",                       ROLE_COURIER,  true,  "courier"       },
        {"courier",                ROLE_COURIER,  true,  "courier"       },
        {"courier",                ROLE_ADMIN,    true,  "admin courier" },
        {"admin courier operator", ROLE_COURIER,  false, "admin operator"},
        {"admin",                  ROLE_OPERATOR, false, "admin"         },
        {"admin",                  ROLE_ADMIN,    false, ""              },
        {"administrator admin",    ROLE_ADMIN,    false, "administrator" },
        {"later",                  ROLE_PARTNER,  true,  "later partner" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        char roles[ACCOUNT_ROLES_MAX + 1];
        TEXT_COPY(roles, cases[i].before);
        role_set(roles, cases[i].role, cases[i].granted);
        assert_string_equal(roles, cases[i].after);
        assert_int_equal(role_has(roles, cases[i].role), cases[i].granted);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_role_is_granted_and_revoked_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
