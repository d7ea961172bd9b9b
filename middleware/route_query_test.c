/* route_query_test.c - queries, sound and odd, and the members they become. */
#include "middleware/route_query.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "middleware/route.h"
#include "protocol/operations.h"
#include "tool/core/mem.h"
#include "tool/core/uuid.h"
#include "tool/encoder/field_walk.h"

struct search {
    struct uuid shop_id;
    int64_t limit, seat;
    bool open;
    char text[32], note[32];
};

static const struct field SEARCH_FIELDS[] = {
    FIELD(struct search, shop_id, "shopId", FIELD_UUID, FIELD_IN_PATH, .doc = "Which shop."),
    FIELD(struct search, seat, "seat", FIELD_INT, FIELD_IN_PATH, .doc = "Which seat."),
    FIELD(struct search, limit, "limit", FIELD_INT, FIELD_IN_QUERY, .min = 1, .max = 100,
          .doc = "How many."),
    FIELD(struct search, open, "open", FIELD_BOOL, FIELD_IN_QUERY, .doc = "Only open ones."),
    FIELD(struct search, text, "q", FIELD_TEXT, FIELD_IN_QUERY, .doc = "What to look for."),
    FIELD(struct search, note, "note", FIELD_TEXT, 0, .doc = "What else."),
};

static const struct descriptor SEARCH = DESCRIPTOR(struct search, "Search", SEARCH_FIELDS, "");

/* What a query becomes: an object, or "field reason" of each wrong member. */
static const char *read_query(const struct descriptor *request, const char *raw, char out[1024])
{
    struct problem problem = {.status = ST_OK};
    struct route_query query;
    enum status st = route_query_read(&query, request, raw, &problem);
    struct json_out o;
    size_t len = 0;

    json_out_init(&o, out, 1024);
    json_out_open(&o, '{');
    json_write_members(query.members, query.n, &o);
    json_out_close(&o, '}');
    assert_int_equal(st, problem.status);
    assert_true(st == ST_OK || problem.n_errors > 0);
    for (unsigned i = 0; i < problem.n_errors; i++)
        len += (size_t)snprintf(out + len, 1024 - len, "%s%s %s", i > 0 ? "; " : "",
                                problem.errors[i].field, problem.errors[i].reason);
    route_query_fini(&query);
    return out;
}

static void each_member_is_typed_by_its_row(void **state)
{
    static const struct {
        const char *raw, *want;
    } cases[] = {
        {NULL,                                  "{}"                                                },
        {"",                                    "{}"                                                },
        {"&&",                                  "{}"                                                },
        {"limit=20",                            "{\"limit\":20}"                                    },
        {"q=a&limit=-3",                        "{\"limit\":-3,\"q\":\"a\"}"                        },
        {"limit=9223372036854775807&open=true", "{\"limit\":9223372036854775807,\"open\":true}"     },
        {"open=false&",                         "{\"open\":false}"                                  },
        {"q=a+b%20c%2B%26%3d=",                 "{\"q\":\"a b c+&==\"}"                             },
        {"q=%EA%B9%80&l%69mit=0",               "{\"limit\":0,\"q\":\"\xea\xb9\x80\"}"              },
        {"q=%22%5C%0A",                         "{\"q\":\"\\\"\\\\\\n\"}"                           },
        {"q=20",                                "{\"q\":\"20\"}"                                    },
        {"q=",                                  "{\"q\":\"\"}"                                      },
        {"q",                                   "{\"q\":\"\"}"                                      },
        {"limit=x",                             "limit must be a whole number"                      },
        {"limit=",                              "limit must be a whole number"                      },
        {"limit",                               "limit must be a whole number"                      },
        {"limit=1.0",                           "limit must be a whole number"                      },
        {"limit=+1",                            "limit must be a whole number"                      },
        {"limit=%2B1",                          "limit must be a whole number"                      },
        {"limit=01",                            "limit must be a whole number"                      },
        {"limit=-",                             "limit must be a whole number"                      },
        {"limit=0x1",                           "limit must be a whole number"                      },
        {"limit=9223372036854775808",           "limit must be a whole number"                      },
        {"limit=1%00",                          "limit is not URL-encoded UTF-8"                    },
        {"open=yes",                            "open must be true or false"                        },
        {"open=TRUE",                           "open must be true or false"                        },
        {"q=%zz",                               "q is not URL-encoded UTF-8"                        },
        {"q=%4",                                "q is not URL-encoded UTF-8"                        },
        {"q=%",                                 "q is not URL-encoded UTF-8"                        },
        {"q=%00",                               "q is not URL-encoded UTF-8"                        },
        {"q=%c3",                               "q is not URL-encoded UTF-8"                        },
        {"q=\xff",                              "q is not URL-encoded UTF-8"                        },
        {"lim%zzit=1",                          "lim is not URL-encoded UTF-8"                      },
        {"limit=1&limit=1",                     "limit is there twice"                              },
        {"limit=x&limit=1",                     "limit must be a whole number; limit is there twice"},
        {"Limit=1",                             "Limit is not known here"                           },
        {"note=x",                              "note is not known here"                            },
        {"shopId=x",                            "shopId is not known here"                          },
        {"=1",                                  " is not known here"                                },
        {"a=1&limit=no&b",
         "a is not known here; limit must be a whole number; b is not known here"                   },
    };
    char got[1024];

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        if (strcmp(read_query(&SEARCH, cases[i].raw, got), cases[i].want) != 0)
            fail_msg("%s: got '%s'", cases[i].raw, got);
}

static void who_declares_none_gets_none(void **state)
{
    char got[1024];

    (void)state;
    assert_string_equal(read_query(NULL, "", got), "{}");
    assert_string_equal(read_query(NULL, "a=1", got), "a is not known here");
}

static void a_path_is_typed_as_well(void **state)
{
    static const struct {
        const char *name, *value;
        enum status want;
        bool bare;
    } cases[] = {
        {"seat",   "12",     ST_OK,      true },
        {"seat",   "twelve", ST_INVALID, true },
        {"shopId", "12",     ST_OK,      false}, /* the service says what a UUID is */
        {"other",  "12",     ST_OK,      false},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct problem problem = {.status = ST_OK};
        struct json_member member;

        assert_int_equal(
            route_param_read(&member, &SEARCH, cases[i].name, cases[i].value, &problem),
            cases[i].want);
        assert_string_equal(member.value, cases[i].value);
        assert_int_equal(member.bare, cases[i].bare);
        assert_string_equal(member.place, "path");
    }
}

static void what_operations_declare_can_stand_in_a_url(void **state)
{
    (void)state;
    for (size_t i = 0; OPERATIONS[i]; i++) {
        size_t in_path = 0, in_query = 0;

        for (struct field_walk row = field_walk(OPERATIONS[i]->request); field_walk_next(&row);) {
            unsigned place = row.field->flags & (FIELD_IN_PATH | FIELD_IN_QUERY);

            if (!place)
                continue;
            in_path += place == FIELD_IN_PATH;
            in_query += place == FIELD_IN_QUERY;
            assert_int_not_equal(place, FIELD_IN_PATH | FIELD_IN_QUERY);
            assert_int_not_equal(row.field->kind, FIELD_OBJECT);
            assert_int_not_equal(row.field->kind, FIELD_LIST);
            assert_int_not_equal(row.field->kind, FIELD_MONEY);
        }
        assert_true(in_path <= ROUTE_PARAMS_MAX && in_query <= ROUTE_QUERY_MAX);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_member_is_typed_by_its_row),
        cmocka_unit_test(who_declares_none_gets_none),
        cmocka_unit_test(a_path_is_typed_as_well),
        cmocka_unit_test(what_operations_declare_can_stand_in_a_url),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
