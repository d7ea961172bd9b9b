/* openapi_at_test.h - looking into the document; for the tests openapi*_test.c. */
#ifndef MIDDLEWARE_OPENAPI_AT_TEST_H
#define MIDDLEWARE_OPENAPI_AT_TEST_H

#include <stdlib.h>

#include <jansson.h>

static inline json_t *at(json_t *value, const char *const *keys)
{
    for (; *keys; keys++)
        value = json_is_array(value) ? json_array_get(value, strtoul(*keys, NULL, 10))
                                     : json_object_get(value, *keys);
    return value;
}

/* AT(document, "paths", "/me", "get", "parameters", "0"); NULL = nothing is there */
#define AT(value, ...) at((value), (const char *const[]){__VA_ARGS__, NULL})

/* cmocka's teardown of a group whose state is the document. */
static inline int drop(void **state)
{
    json_decref(*state);
    return 0;
}

#endif
