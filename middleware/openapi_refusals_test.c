/* openapi_refusals_test.c - what the document says of refusals, and of what the gateway answers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "middleware/openapi.h"
#include "middleware/openapi_at_test.h"
#include "protocol/gateway.h"
#include "protocol/user.h"
#include "tool/core/mem.h"

static const struct openapi_route ROUTES[] = {
    {.method = "GET",
     .path = "/users/{userId}",
     .op = &USER_GET,
     .success_status = 200,
     .bearer = true,
     .etag = true                                                                                     },
    {.method = "GET",   .path = "/welcome", .summary = "?", .success_status = 200, .reply = &WELCOME},
    {.method = "GET",
     .path = "/health",
     .summary = "?",
     .success_status = 200,
     .reply = &HEALTH,
     .or_503 = true},
};

static int build(void **state)
{
    size_t len;
    char *text = openapi_build(ROUTES, ARRAY_LEN(ROUTES), "1.2.3", &len);

    *state = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
    free(text);
    return *state ? 0 : -1;
}

static const char *ref_of(json_t *value)
{
    const char *ref = json_string_value(json_object_get(value, "$ref"));

    return ref ? ref : "";
}

static void what_any_request_may_meet_is_said_of_each_route(void **state)
{
    static const struct {
        const char *status, *ref;
    } wanted[] = {
        {"405", "#/components/responses/MethodNotAllowed"           },
        {"408", "#/components/responses/RequestTimeout"             },
        {"414", "#/components/responses/URITooLong"                 },
        {"417", "#/components/responses/ExpectationFailed"          },
        {"505", "#/components/responses/HTTPVersionNotSupported"    },
        {"413", "#/components/responses/ContentTooLarge"            },
        {"431", "#/components/responses/RequestHeaderFieldsTooLarge"},
        {"501", "#/components/responses/NotImplemented"             },
    };

    for (size_t r = 0; r < ARRAY_LEN(ROUTES); r++)
        for (size_t i = 0; i < ARRAY_LEN(wanted); i++)
            assert_string_equal(
                ref_of(AT(*state, "paths", ROUTES[r].path, "get", "responses", wanted[i].status)),
                wanted[i].ref);
    assert_string_equal(ref_of(AT(*state, "paths", "/welcome", "get", "responses", "503")),
                        "#/components/responses/ServiceUnavailable");
    assert_non_null(AT(*state, "components", "responses", "MethodNotAllowed", "headers", "Allow"));
}

static void a_code_stands_beside_no_ref(void **state)
{
    json_t *schema = AT(*state, "paths", "/users/{userId}", "get", "responses", "401", "content",
                        "application/problem+json", "schema");
    json_t *problem = json_array_get(AT(schema, "allOf"), 0);
    json_t *code = AT(json_array_get(AT(schema, "allOf"), 1), "properties", "code");

    assert_null(json_object_get(schema, "$ref"));
    assert_string_equal(ref_of(problem), "#/components/schemas/Problem");
    assert_int_equal(json_object_size(problem), 1);
    assert_string_equal(json_string_value(AT(code, "type")), "string");
    assert_int_equal(json_array_size(AT(code, "enum")), 2);
}

static void what_the_gateway_answers_has_a_schema(void **state)
{
    json_t *health = AT(*state, "paths", "/health", "get", "responses");

    assert_string_equal(ref_of(AT(*state, "paths", "/welcome", "get", "responses", "200", "content",
                                  "application/json", "schema")),
                        "#/components/schemas/Welcome");
    assert_string_equal(ref_of(AT(health, "503", "content", "application/json", "schema")),
                        "#/components/schemas/Health");
    assert_non_null(AT(health, "503", "content", "application/problem+json"));
    assert_non_null(AT(*state, "components", "schemas", "Health", "properties", "checks"));
}

static void it_says_where_who_and_what(void **state)
{
    json_t *get = AT(*state, "paths", "/users/{userId}", "get");

    assert_string_equal(json_string_value(AT(json_array_get(AT(*state, "servers"), 0), "url")),
                        "/");
    assert_non_null(AT(*state, "info", "contact", "name"));
    assert_int_equal(json_array_size(AT(*state, "tags")), 2);
    assert_string_equal(json_string_value(AT(get, "description")),
                        "Whose it is may ask, and who has one of these roles: admin.");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_any_request_may_meet_is_said_of_each_route),
        cmocka_unit_test(a_code_stands_beside_no_ref),
        cmocka_unit_test(what_the_gateway_answers_has_a_schema),
        cmocka_unit_test(it_says_where_who_and_what),
    };

    return cmocka_run_group_tests(tests, build, drop);
}
