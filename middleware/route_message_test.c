/* route_message_test.c - path, query and body, and the one message they become. */
#include "middleware/route_gather.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tool/core/mem.h"

struct lookup {
    char shop[32], q[32], note[512];
    int64_t seat, limit;
};

static const struct field LOOKUP_FIELDS[] = {
    FIELD(struct lookup, shop, "shop", FIELD_TEXT, FIELD_REQUIRED | FIELD_IN_PATH,
          .doc = "Which shop."),
    FIELD(struct lookup, seat, "seat", FIELD_INT, FIELD_IN_PATH, .doc = "Which seat."),
    FIELD(struct lookup, limit, "limit", FIELD_INT, FIELD_IN_QUERY, .doc = "How many."),
    FIELD(struct lookup, q, "q", FIELD_TEXT, FIELD_IN_QUERY, .doc = "What to look for."),
    FIELD(struct lookup, note, "note", FIELD_TEXT, 0, .doc = "What else."),
};

static const struct descriptor LOOKUP = DESCRIPTOR(struct lookup, "Lookup", LOOKUP_FIELDS, "");

static const struct operation LOOK = {.subject = "test.look", .request = &LOOKUP};

/* The message, or "field reason" of each wrong member, or what is wrong. */
static const char *message_of(const char *row, const char *path, const char *query,
                              const char *body, const struct operation *op)
{
    static char out[8192];
    static const char *const BUILT_IN[] = {NULL};
    char why[ROUTE_WHY_MAX + 1];
    struct route_table *table = route_table_parse("t.conf", row, BUILT_IN, why);
    struct problem problem = {.status = ST_OK};
    struct route_message m;
    struct route_match match;
    size_t len = 0;

    assert_non_null(table);
    table->routes[0].op = op;
    assert_int_equal(route_match(table, table->routes[0].method, path, &match), ROUTE_FOUND);
    if (route_message_build(&m, &match, query, body, strlen(body), &problem) == ST_OK)
        snprintf(out, sizeof(out), "%.*s", (int)m.len, m.data);
    else if (problem.n_errors == 0)
        snprintf(out, sizeof(out), "%s", problem.detail);
    for (unsigned i = 0; i < problem.n_errors; i++)
        len += (size_t)snprintf(out + len, sizeof(out) - len, "%s%s %s", i > 0 ? "; " : "",
                                problem.errors[i].field, problem.errors[i].reason);
    route_message_fini(&m);
    free(table);
    return out;
}

static void path_query_and_body_are_one_object(void **state)
{
    static const char GET[] = "GET /shops/{shop}/{seat} test.look";
    static const char PUT[] = "PUT /shops/{shop} test.look";
    static const char POST[] = "POST /shops test.look";
    static const struct {
        const char *row, *path, *query, *body, *want;
    } cases[] = {
        {GET,  "/shops/a/7", NULL,          "ignored",                  "{\"shop\":\"a\",\"seat\":7}"    },
        {GET,  "/shops/a/7", "q=x&limit=2", "",
         "{\"shop\":\"a\",\"seat\":7,\"limit\":2,\"q\":\"x\"}"                                           },
        {GET,  "/shops/a/b", "limit=c&d=e", "",
         "seat must be a whole number; limit must be a whole number; d is not known here"                },
        {PUT,  "/shops/%22", "limit=1",     "{\"note\":1}",
         "{\"shop\":\"\\\"\",\"limit\":1,\"note\":1}"                                                    },
        {PUT,  "/shops/a",   NULL,          "{\"limit\":1,\"shop\":2}",
         "shop is in the path, not in the body; limit is in the query, not in the body"                  },
        {PUT,  "/shops/a",   NULL,          "[]",                       "The body must be a JSON object."},
        {PUT,  "/shops/a",   NULL,          "",                         "The body is empty."             },
        {POST, "/shops",     NULL,          "{ }",                      "{}"                             },
        {POST, "/shops",     "nonsense",    "{}",                       "nonsense is not known here"     },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        const char *got =
            message_of(cases[i].row, cases[i].path, cases[i].query, cases[i].body, &LOOK);

        if (strcmp(got, cases[i].want) != 0)
            fail_msg("%s?%s: got '%s'", cases[i].path, cases[i].query ? cases[i].query : "", got);
    }
}

static void what_is_not_described_is_texts_without_a_query(void **state)
{
    (void)state;
    assert_string_equal(message_of("GET /{a} x.y", "/7", NULL, "", NULL), "{\"a\":\"7\"}");
    assert_string_equal(message_of("GET /a x.y", "/a", "", "", NULL), "{}");
    assert_string_equal(message_of("GET /a x.y", "/a", "b=1", "", NULL), "b is not known here");
    assert_string_equal(message_of("POST /a x.y", "/a", NULL, "as it is", NULL), "as it is");
}

static void escapes_always_find_room(void **state)
{
    char query[4096] = "q=";
    const char *got;

    (void)state;
    for (int i = 0; i < 1000; i++)
        strcat(query, "%01");
    got = message_of("GET /shops/{shop}/{seat} test.look", "/shops/a/7", query, "", &LOOK);
    assert_int_equal(strlen(got), strlen("{\"shop\":\"a\",\"seat\":7,\"q\":\"\"}") + 6000);
}

/* What each part of GET /shops/{shop}/{seat} is asked, in the name of "me". */
static void a_part_is_asked_what_it_knows_and_whose_it_is(void **state)
{
    static const struct operation mine = {
        .subject = "test.mine",
        .request = &LOOKUP,
        .access = {.kind = ACCESS_OWNER, .offset = offsetof(struct lookup, shop)}
    };
    static const char *const BUILT_IN[] = {NULL};
    static const struct operation nothing = {.subject = "test.nothing"};
    static const struct {
        const char *row, *path;
        const struct operation *op;
        const char *want;
        const char *answer; /* of the part before it */
    } cases[] = {
        {"GET /shops/{shop}/{seat} - gather=a:x.y", "/shops/a/7", &LOOK,
         "{\"shop\":\"a\",\"seat\":7}",                                                                     NULL          },
        {"GET /shops/{shop}/{seat} - gather=a:x.y", "/shops/a/7", &mine,
         "{\"shop\":\"a\",\"seat\":7}",                                                                     NULL          },
        {"GET /shops/{shop}/{seat} - gather=a:x.y", "/shops/a/7", &nothing, "{}",                           NULL          },
        {"GET /shops/{shop}/{seat} - gather=a:x.y", "/shops/a/7", NULL,
         "{\"shop\":\"a\",\"seat\":\"7\"}",                                                                 NULL          },
        {"GET /shops/{seat} - gather=a:x.y",        "/shops/7",   &mine,    "{\"seat\":7,\"shop\":\"me\"}",
         NULL                                                                                                             },
        {"GET /shops/{seat} - gather=a:x.y",        "/shops/7",   &mine,    "{\"seat\":7,\"shop\":\"b\"}",
         "{\"x\":[1],\"shop\":\"b\"}"                                                                                     },
        {"GET /shops/{seat} - gather=a:x.y",        "/shops/7",   &mine,    " ",                            "{\"shop\":1}"},
        {"GET /shops/{seat} - gather=a:x.y",        "/shops/b",   &mine,    "seat must be a whole number",
         NULL                                                                                                             },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        char why[ROUTE_WHY_MAX + 1];
        struct route_table *table = route_table_parse("t", cases[i].row, BUILT_IN, why);
        struct route_match match;
        struct route_message m;
        struct problem problem = {0};
        const char *got = problem.detail;

        assert_non_null(table);
        table->routes[0].gather.rows[0].op = cases[i].op;
        assert_int_equal(route_match(table, "GET", cases[i].path, &match), ROUTE_FOUND);
        if (route_part_message(
                &m, &match, &table->routes[0].gather.rows[0],
                &(struct route_part_asker){"me", cases[i].answer,
                                           cases[i].answer ? strlen(cases[i].answer) : 0},
                &problem) == ST_OK)
            got = m.data;
        else
            snprintf(problem.detail, sizeof(problem.detail), "%s %s", problem.errors[0].field,
                     problem.errors[0].reason);
        if (strncmp(got, cases[i].want, strlen(cases[i].want)) != 0)
            fail_msg("%s: got '%s'", cases[i].row, got);
        route_message_fini(&m);
        free(table);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(path_query_and_body_are_one_object),
        cmocka_unit_test(what_is_not_described_is_texts_without_a_query),
        cmocka_unit_test(escapes_always_find_room),
        cmocka_unit_test(a_part_is_asked_what_it_knows_and_whose_it_is),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
