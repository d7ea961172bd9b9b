/* docs_page_test.c - the page is whole, and its policy lets it run. */
#include "middleware/docs_page.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tool/crypto/digest.h"

static void the_page_needs_no_other_host(void **state)
{
    struct docs_page page;

    (void)state;
    docs_page_init(&page);
    assert_int_equal(strlen(page.html), page.len);
    assert_non_null(strstr(page.html, "<!DOCTYPE html>"));
    assert_non_null(strstr(page.html, "</html>\n"));
    assert_null(strstr(page.html, "://"));
    assert_null(strstr(page.html, " src="));
    assert_null(strstr(page.html, " style=")); /* the policy refuses inline attributes */
    assert_null(strstr(page.html, " onclick="));
    assert_null(strstr(page.html, "innerHTML"));
}

static void the_policy_names_the_hash_of_script_and_style(void **state)
{
    struct docs_page page;
    const char *script;

    (void)state;
    docs_page_init(&page);
    assert_true(strlen(page.policy) < DOCS_PAGE_POLICY_MAX);
    assert_non_null(strstr(page.policy, "default-src 'none'"));
    assert_null(strstr(page.policy, "unsafe"));
    script = strstr(page.policy, "script-src 'sha256-");
    assert_non_null(script);
    script += strlen("script-src 'sha256-");
    assert_int_equal(strcspn(script, "'"), DIGEST_B64_LEN + 1);
    assert_int_equal(script[DIGEST_B64_LEN], '=');
    assert_non_null(strstr(page.policy, "style-src 'sha256-"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_page_needs_no_other_host),
        cmocka_unit_test(the_policy_names_the_hash_of_script_and_style),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
