/* openapi_raw_test.c - the document of a route that takes a body as it is. */
#include "middleware/openapi.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>
#include <jansson.h>

#include "middleware/openapi_at_test.h"
#include "protocol/auth.h"

static void bytes_are_of_any_type_and_of_no_schema(void **state)
{
    const struct openapi_route route = {.method = "POST",
                                        .path = "/hooks",
                                        .op = &AUTH_LOGIN,
                                        .success_status = 200,
                                        .body = true,
                                        .raw = true};
    size_t len;
    char *text = openapi_build(&route, 1, "1.2.3", &len);
    json_t *document = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
    json_t *content = AT(document, "paths", "/hooks", "post", "requestBody", "content");

    (void)state;
    assert_int_equal(json_object_size(content), 1);
    assert_string_equal(json_string_value(AT(content, "*/*", "schema", "type")), "string");
    assert_null(AT(document, "components", "schemas", "LoginRequest"));
    assert_non_null(AT(document, "components", "schemas", "LoginGranted"));
    json_decref(document);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_are_of_any_type_and_of_no_schema),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
