/* route_check_test.c - rows that fit the operations behind them, and rows that do not. */
#include "middleware/route_check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "middleware/route_near.h"
#include "protocol/operations.h"
#include "tool/core/mem.h"
#include "tool/encoder/field_walk.h"

static const char *const BUILT_IN[] = {"/welcome", "/", NULL};

struct verdict {
    const char *text, *want; /* NULL = nothing is wrong */
};

static void check(const struct verdict *c)
{
    char why[ROUTE_WHY_MAX + 1];
    struct route_table *table = route_table_parse("t.conf", c->text, BUILT_IN, why);

    if (c->want ? table || !strstr(why, c->want) : !table)
        fail_msg("%s: got '%s'", c->text, why);
    free(table);
}

static void a_route_that_does_not_fit_its_operation_is_named(void **state)
{
    static const struct verdict cases[] = {
        {"GET /a thing.get fallback={\"items\":[]}",            NULL                                                              },
        {"GET /a thing.get fallback=thing.old",                 NULL                                                              },
        {"GET /a auth.jwks fallback={\"keys\":[]}",             NULL                                                              },
        {"GET /a auth.jwks fallback={}",                        "fallback={}: auth.jwks answers otherwise, see keys"              },
        {"GET /a thing.get fallback={]",
         "t.conf:1: fallback={]: a subject as user.get, or a JSON object of 255 bytes"                                            },
        {"GET /a thing.get fallback=none",
         "a subject as user.get, or a JSON object of 255 bytes without blanks, is right"                                          },
        {"POST /a thing.get fallback=thing.old",                "POST /a: a fallback is for GET only"                             },
        {"GET /a thing.get fallback=auth.jkws",                 "auth.jkws is no operation: auth.jwks is near"                    },
        {"GET /a thing.get fallback=auth.login",                "fallback=auth.login: it does more than answer"                   },
        {"GET /a thing.get fallback=user.registry",
         "user.registry is asked by other services only"                                                                          },
        {"GET /a thing.get fallback=user.get",                  "user.get wants a verified caller"                                },
        {"POST /a auth.login status=204",
         "auth.login answers something, 204 is for nothing: status=200 is right"                                                  },
        {"GET /a auth.jwks cache=public,60",                    NULL                                                              },
        {"GET /a thing.list cache=public,60",                   NULL                                                              },
        {"POST /a thing.list cache=public,60",
         "t.conf:1: POST /a: only what GET answers may be kept: cache=no-store is right"                                          },
        {"GET /a/{userId} user.get auth=bearer cache=private",  NULL                                                              },
        {"GET /a/{userId} user.get auth=bearer cache=public,5",
         "what anyone may keep can not be for one caller: auth=none, cache=private or "
         "cache=no-store is right"                                                                                                },
        {"GET /a/{userId} user.get auth=bearer roles=admin",    NULL                                                              },
        {"POST /a auth.login cache=public,60",                  "only what GET answers may be kept"                               },
        {"GET /a/{sagaId} auth.signup.status cache=public,60",
         "auth.signup.status does not answer everybody the same: cache=no-store is right"                                         },
        {"POST /a auth.signup wait=yes",                        NULL                                                              },
        {"POST /a auth.login wait=yes",                         "auth.login has nothing to wait for: wait=no is right"            },
        {"POST /a thing.make wait=yes",                         NULL                                                              },
        {"POST /a auth.signup idempotency=yes",                 NULL                                                              },
        {"POST /a auth.login idempotency=yes",
         "auth.login looks at no Idempotency-Key: idempotency=no is right"                                                        },
        {"POST /a thing.make idempotency=yes",                  NULL                                                              },
        {"POST /a auth.login body=none",
         "POST /a: auth.login wants loginId in a body: body=required is right"                                                    },
        {"GET /a auth.login",
         "GET /a: auth.login wants loginId in a body: POST, or body=required, is right"                                           },
        {"POST /a auth.jwks",                                   "POST /a: auth.jwks takes nothing from a body: body=none is right"},
        {"POST /a auth.jwks body=none",                         NULL                                                              },
        {"POST /a/{sagaId} auth.signup.status",                 "takes nothing from a body"                                       },
        {"GET /a auth.signup.status",
         "/a: auth.signup.status takes sagaId from the path: {sagaId} is missing"                                                 },
        {"GET /a user.gte auth=bearer",                         "t.conf:1: user.gte is no operation: user.get is near"            },
        {"GET /a auth.jkws",                                    "auth.jkws is no operation: auth.jwks is near"                    },
        {"GET /a auth.x",                                       "auth.x is no operation: auth."                                   },
        {"GET /a usr.get",                                      "usr.get is no operation: user.get is near"                       },
        {"GET /a uesr.get",                                     "uesr.get is no operation: user.get is near"                      },
        {"GET /a users.get",                                    "users.get is no operation: user.get is near"                     },
        {"GET /a coupon.get",                                   NULL                                                              },
        {"GET /a users.list",                                   NULL                                                              },
        {"GET /a/../b thing.get",
         "/a/../b: '..' is no segment that a request can have: take it out"                                                       },
        {"GET /./b thing.get",                                  "/./b: '.' is no segment that a request can have: take it out"    },
        {"GET /a/.. thing.get",                                 "/a/..: '..' is no segment"                                       },
        {"GET /a/... thing.get",                                NULL                                                              },
        {"GET //b thing.get",                                   "//b: segments are of letters"                                    },
        {"GET /a%20b thing.get",                                "/a%20b: segments are of letters"                                 },
        {"GET /a%41 thing.get",                                 "/a%41: segments are of letters"                                  },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        check(&cases[i]);
}

static void a_route_that_gathers_what_it_cannot_is_named(void **state)
{
    static const struct verdict cases[] = {
        {"GET /me - gather=a:auth.account,p:user.get,x:thing.get auth=bearer",     NULL                                           },
        {"GET /me/{userId} - gather=a:auth.account,x:auth.jwks auth=bearer",       NULL                                           },
        {"GET /me/{id} - gather=a:auth.account,x:auth.jwks auth=bearer",
         "/me/{id}: {id} is nothing that a part of it takes in a path"                                                            },
        {"GET /s/{sagaId} - gather=s:auth.signup.status,p:user.get@s auth=bearer", NULL                                           },
        {"GET /me - gather=a:auth.account,x:auth.signup.status@a auth=bearer",
         "/me: auth.signup.status wants sagaId, which auth.account does not answer"                                               },
        {"GET /me - gather=a:auth.jwks@b,b:auth.jwks",
         "gather=a:auth.jwks@b,b:auth.jwks: name:subject,"                                                                        },
        {"GET /me - gather=a:auth.account",
         "auth.account wants a verified caller: auth=bearer is right"                                                             },
        {"GET /me - gather=a:auth.acount auth=bearer",
         "auth.acount is no operation: auth.account is near"                                                                      },
        {"GET /me - gather=a:auth.signup.status auth=bearer",
         "/me: auth.signup.status wants sagaId: {sagaId} is missing in the path"                                                  },
        {"GET /me - gather=a:auth.logout auth=bearer",                             "auth.logout does more than answer"            },
        {"GET /me - gather=a:user.registry auth=bearer",
         "user.registry is asked by other services only"                                                                          },
        {"GET /me - auth=bearer",                                                  "GET /me: with - as its subject it has gather="},
        {"GET /me user.get gather=a:auth.jwks",                                    "- instead of user.get is right"               },
        {"POST /me - gather=a:auth.jwks",                                          "POST /me gathers: only GET"                   },
        {"GET /me - gather=a:auth.jwks etag=yes",                                  "GET /me gathers: only GET"                    },
        {"GET /me - gather=a:auth.jwks,a:x.y",                                     "gather=a:auth.jwks,a:x.y: name:subject,"      },
        {"GET /me - gather=missing:auth.jwks",                                     "gather=missing:auth.jwks: name:subject,"      },
        {"GET /me - gather=a:auth.jwks,",                                          "gather=a:auth.jwks,: name:subject,"           },
        {"GET /me - gather=a:b",                                                   "gather=a:b: name:subject,"                    },
        {"GET /me - gather=",                                                      "gather=: name:subject,"                       },
        {"GET /me - gather=a:x.a,b:x.a,c:x.a,d:x.a,e:x.a,f:x.a,g:x.a",             "at most 6 of them"                            },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        check(&cases[i]);
}

static void what_wants_a_key_is_given_one(void **state)
{
    static const struct operation_error errors[] = {
        OPERATION_ONCE_BY_KEY, OPERATION_KEY_REQUIRED, {ST_OK, NULL, NULL}
    };
    static const struct operation op = {.subject = "thing.make", .errors = errors};
    struct route route = {
        .method = "POST", .path = "/a", .subject = "thing.make", .op = &op, .status = 204};
    char why[ROUTE_WHY_MAX + 1];

    (void)state;
    assert_false(route_check(&route, why));
    assert_string_equal(why, "thing.make wants an Idempotency-Key: idempotency=yes is right");
    route.idempotency = true;
    assert_true(route_check(&route, why));
}

static void what_wants_a_living_session_has_it_checked(void **state)
{
    static const struct operation op = {
        .subject = "thing.burn", .fresh = true, .access = {.kind = ACCESS_CALLER}};
    struct route route = {
        .method = "DELETE", .path = "/a", .subject = "thing.burn", .op = &op, .status = 204};
    char why[ROUTE_WHY_MAX + 1];

    (void)state;
    assert_false(route_check(&route, why));
    assert_string_equal(why, "thing.burn wants a verified caller: auth=fresh is right");
    route.bearer = true;
    assert_false(route_check(&route, why));
    assert_string_equal(why, "thing.burn wants a session that has not ended: auth=fresh is right");
    route.fresh = true;
    assert_true(route_check(&route, why));
}

static void roles_that_the_operation_lets_nobody_in_by_are_named(void **state)
{
    static const struct operation op = {
        .subject = "thing.burn", .access = {.kind = ACCESS_ROLE, .roles = "admin support"}
    };
    struct route route = {.method = "DELETE",
                          .path = "/a",
                          .subject = "thing.burn",
                          .op = &op,
                          .status = 204,
                          .bearer = true,
                          .roles = {"courier"}};
    char why[ROUTE_WHY_MAX + 1];

    (void)state;
    assert_false(route_check(&route, why));
    assert_string_equal(why, "DELETE /a: thing.burn lets in admin support, and nobody of roles=");
    route.roles = (struct word_list){"courier\0support"};
    assert_true(route_check(&route, why));
}

struct hook {
    char shop_id[40], body[64], more[8];
};

static void headers_and_bytes_go_to_who_takes_them(void **state)
{
    static const struct field FIELDS[] = {
        FIELD(struct hook, shop_id, "shopId", FIELD_TEXT, FIELD_REQUIRED | FIELD_IN_HEADER,
              .doc = "Whose."),
        FIELD(struct hook, body, "body", FIELD_TEXT, FIELD_REQUIRED, .doc = "Bytes."),
        FIELD(struct hook, more, "more", FIELD_TEXT, 0, .doc = "More."),
    };
    static const struct descriptor HOOK = DESCRIPTOR(struct hook, "Hook", FIELDS, "A hook.");
    static const struct operation op = {.subject = "thing.hook", .request = &HOOK};
    struct route route = {.method = "POST",
                          .path = "/a",
                          .subject = "thing.hook",
                          .op = &op,
                          .status = 204,
                          .body = true,
                          .raw = true};
    char why[ROUTE_WHY_MAX + 1];

    (void)state;
    assert_false(route_check(&route, why));
    assert_string_equal(why,
                        "POST /a: thing.hook takes shopId from a header: headers= has to name it");
    assert_true(route_headers_parse(&route.headers, "Shop-Id"));
    assert_true(route_check(&route, why));
    assert_true(route_headers_parse(&route.headers, "Shop-Id,More"));
    assert_false(route_check(&route, why));
    assert_string_equal(why, "headers: More is nothing that thing.hook takes from a header");
    assert_true(route_headers_parse(&route.headers, "Shop-Id"));
    route.op = operation_find("auth.login");
    route.status = 200;
    route.headers.n = 0;
    assert_false(route_check(&route, why));
    assert_string_equal(why, "thing.hook has no text body: raw=no is right");
}

static void what_answers_nothing_answers_204(void **state)
{
    static const struct operation op = {.subject = "thing.drop"};
    struct route route = {
        .method = "DELETE", .path = "/a", .subject = "thing.drop", .op = &op, .status = 200};
    char why[ROUTE_WHY_MAX + 1];

    (void)state;
    assert_false(route_check(&route, why));
    assert_string_equal(why, "thing.drop answers nothing: status=204 is right");
    route.status = 204;
    assert_true(route_check(&route, why));
}

static void no_operation_is_a_slip(void **state)
{
    (void)state;
    for (size_t i = 0; OPERATIONS[i]; i++)
        assert_null(route_near(OPERATIONS[i]->subject));
}

/* A row that fits op, but for who may ask. */
static void write_row(const struct operation *op, const char *more, char row[256])
{
    size_t n = (size_t)snprintf(row, 256, "POST /a");
    bool body = false;

    for (struct field_walk w = field_walk(op->request); field_walk_next(&w);) {
        body |= !(w.field->flags & (FIELD_IN_PATH | FIELD_IN_QUERY));
        if (w.field->flags & FIELD_IN_PATH)
            n += (size_t)snprintf(row + n, 256 - n, "/{%s}", w.field->name);
    }
    snprintf(row + n, 256 - n, " %s body=%s idempotency=%s status=%d %s", op->subject,
             body ? "required" : "none", operation_needs_key(op) ? "yes" : "no",
             op->reply ? 200 : 204, more);
}

static void a_route_leads_nobody_past_who_may_ask(void **state)
{
    char row[256], why[ROUTE_WHY_MAX + 1];

    (void)state;
    for (size_t i = 0; OPERATIONS[i]; i++) {
        const struct operation *op = OPERATIONS[i];
        struct route_table *open, *guarded;

        write_row(op, "", row);
        open = route_table_parse("t.conf", row, BUILT_IN, why);
        if ((open != NULL) != (!op->internal && op->access.kind == ACCESS_ANYBODY))
            fail_msg("%s: %s", row, why);
        write_row(op, op->fresh ? "auth=fresh" : "auth=bearer", row);
        guarded = route_table_parse("t.conf", row, BUILT_IN, why);
        if ((guarded != NULL) == op->internal)
            fail_msg("%s: %s", row, why);
        free(open);
        free(guarded);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_route_that_does_not_fit_its_operation_is_named),
        cmocka_unit_test(a_route_that_gathers_what_it_cannot_is_named),
        cmocka_unit_test(what_wants_a_key_is_given_one),
        cmocka_unit_test(what_wants_a_living_session_has_it_checked),
        cmocka_unit_test(roles_that_the_operation_lets_nobody_in_by_are_named),
        cmocka_unit_test(headers_and_bytes_go_to_who_takes_them),
        cmocka_unit_test(what_answers_nothing_answers_204),
        cmocka_unit_test(no_operation_is_a_slip),
        cmocka_unit_test(a_route_leads_nobody_past_who_may_ask),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
