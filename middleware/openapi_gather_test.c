/* openapi_gather_test.c - the document of a route that asks several. */
#include "middleware/openapi.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>
#include <jansson.h>

#include "middleware/openapi_at_test.h"
#include "protocol/auth.h"
#include "protocol/user.h"

static const struct route_parts MINE = {
    .n = 3,
    .rows = {{.name = "account", .subject = "auth.account", .op = &AUTH_ACCOUNT},
             {.name = "profile", .subject = "user.get", .op = &USER_GET},
             {.name = "other", .subject = "x.y"}}
};

/* An index is a key of a list. */
static void what_is_gathered_stands_under_its_names_or_is_null(void **state)
{
    const struct openapi_route routes[] = {
        {.method = "GET", .path = "/me", .success_status = 200, .bearer = true, .gather = &MINE},
        {.method = "GET",
         .path = "/users/{userId}",
         .op = &USER_GET,
         .success_status = 200,
         .bearer = true                                                                        }
    };
    size_t len;
    char *text = openapi_build(routes, 2, "1.2.3", &len);
    json_t *document = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
    json_t *get = AT(document, "paths", "/me", "get");
    json_t *schema = AT(get, "responses", "200", "content", "application/json", "schema");

    (void)state;
    assert_string_equal(json_string_value(AT(get, "summary")), "account, profile, other at once");
    assert_string_equal(
        json_string_value(AT(schema, "properties", "account", "oneOf", "0", "$ref")),
        "#/components/schemas/AccountView");
    assert_string_equal(json_string_value(AT(schema, "properties", "other", "type", "1")), "null");
    assert_int_equal(json_array_size(AT(schema, "properties", "missing", "items", "enum")), 3);
    assert_int_equal(json_array_size(AT(schema, "required")), 3);
    assert_non_null(AT(document, "components", "schemas", "AccountView", "properties", "loginId"));
    assert_non_null(AT(document, "components", "schemas", "Profile", "properties", "name"));
    assert_non_null(AT(get, "responses", "504"));
    assert_non_null(AT(get, "responses", "404")); /* the first part's */
    json_decref(document);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_gathered_stands_under_its_names_or_is_null),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
