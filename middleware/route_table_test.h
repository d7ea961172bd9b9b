/* route_table_test.h - the routes that route_test.c and route_parse_test.c look at. */
#ifndef MIDDLEWARE_ROUTE_TABLE_TEST_H
#define MIDDLEWARE_ROUTE_TABLE_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "middleware/route.h"

static const char *const BUILT_IN[] = {"/welcome", "/", NULL};

static const char TEXT[] =
    "# comment\n"
    "\n"
    "POST /signup auth.signup status=201 location=/users/{userId} wait=yes "
    "idempotency=yes # behind\n"
    "GET\t/users/{userId}   user.get auth=bearer etag=yes timeout=2000\r\n"
    "PATCH /users/{userId} member.update auth=bearer\n"
    "GET /.well-known/jwks.json auth.jwks\n"
    "GET /a/{x}/b/{y} a.b\n"
    "DELETE /users/{userId} member.withdraw body=required status=202 auth=fresh";

static inline struct route_table *table_of(const char *text)
{
    char why[ROUTE_WHY_MAX + 1];
    struct route_table *table = route_table_parse("t.conf", text, BUILT_IN, why);

    if (!table)
        fail_msg("%s", why);
    return table;
}

#endif
