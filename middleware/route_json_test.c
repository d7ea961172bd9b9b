/* route_json_test.c - the JSON form of a file of routes, and its schema. */
#include "middleware/route_json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "middleware/route_option.h"
#include "middleware/route_schema.h"
#include "tool/core/mem.h"

static const char *const BUILT_IN[] = {"/welcome", NULL};

static void both_forms_say_the_same(void **state)
{
    static const char LINES[] =
        "GET /a/{x} a.b auth=bearer roles=admin,shop.owner timeout=2s etag=yes cors=web\n"
        "POST /a a.c status=201 body_max=1024 wait=no\n"
        "cors web origins=https://a.example,https://b.example credentials=yes max_age=5\n"
        "rate people 5/1 burst=9\n"
        "rate people.shop.owner 50/1\n";
    static const char JSON[] =
        " {\"$schema\":\"x\",\"routes\":[{\"method\":\"GET\",\"path\":\"/a/"
        "{x}\",\"subject\":\"a.b\","
        "\"auth\":\"bearer\",\"roles\":[\"admin\",\"shop.owner\"],\"timeout\":\"2s\",\"etag\":true,"
        "\"cors\":\"web\"},{\"subject\":\"a.c\",\"status\":201,\"body_max\":1024,\"wait\":false,"
        "\"path\":\"/a\",\"method\":\"POST\"}],\"cors\":{\"web\":{\"origins\":[\"https://"
        "a.example\","
        "\"https://b.example\"],\"credentials\":\"yes\",\"max_age\":5}},"
        "\"rate\":{\"people\":\"5/1 burst=9\",\"people.shop.owner\":\"50/1\"}}\n";
    char why[ROUTE_WHY_MAX + 1];
    struct route_table *a = route_table_parse("t", LINES, BUILT_IN, why), *b;

    (void)state;
    assert_non_null(a);
    b = route_table_parse("t", JSON, BUILT_IN, why);
    if (!b)
        fail_msg("%s", why);
    assert_int_equal(a->n, b->n);
    assert_memory_equal(a, b, sizeof(*a) + a->n * sizeof(a->routes[0]));
    free(a);
    free(b);
}

#define ROUTE "{\"method\":\"GET\",\"path\":\"/a\",\"subject\":\"a.b\""

static void a_wrong_entry_is_named(void **state)
{
    static const struct {
        const char *text, *want;
    } cases[] = {
        {"{\n\"routes\":}",                               "t:2: "                                     },
        {"{}",                                            "t: routes: a list of routes is right"      },
        {"{\"routes\":[],\"routes\":[]}",                 "duplicate"                                 },
        {"{\"routes\":[1]}",                              "t: routes[0]: a route is an object"        },
        {"{\"routes\":[{}]}",                             "t: routes[0]: method= is missing"          },
        {"{\"routes\":[" ROUTE "}," ROUTE "}]}",
         "t: routes[1]: GET /a is there already, as /a in route 1"                                    },
        {"{\"routes\":[" ROUTE ",\"auth\":\"x\"}]}",
         "t: routes[0]: auth=x: none, bearer or fresh is right"                                       },
        {"{\"routes\":[" ROUTE ",\"what\":1}]}",          "t: routes[0]: 'what' is no option"         },
        {"{\"routes\":[" ROUTE ",\"timeout\":1.5}]}",
         "t: routes[0].timeout: a text without blanks"                                                },
        {"{\"routes\":[" ROUTE ",\"timeout\":\"1 #\"}]}",
         "t: routes[0].timeout: a text without blanks"                                                },
        {"{\"routes\":[" ROUTE ",\"roles\":[\"a,b\"]}]}", "t: routes[0].roles: a list is of texts"    },
        {"{\"routes\":[" ROUTE ",\"a\\nGET\":\"x\"}]}",
         "t: routes[0]: it has a member that is no option"                                            },
        {"{\"routes\":[" ROUTE ",\"cors\":\"x\"}]}",      "t: routes[0]: cors=x: there is no line"    },
        {"{\"routes\":[],\"cors\":{\"x\":{}}}",           "t: cors x: origins= is missing"            },
        {"{\"routes\":[],\"cors\":{\"x\":1}}",            "t: cors.x: an object of options"           },
        {"{\"routes\":[],\"cors\":[]}",                   "t: cors: an object with a member a name"   },
        {"{\"routes\":[],\"core\":{}}",                   "it has a member that is neither routes nor"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        char why[ROUTE_WHY_MAX + 1];

        assert_null(route_table_parse("t", cases[i].text, BUILT_IN, why));
        if (!strstr(why, cases[i].want))
            fail_msg("%s: got '%s'", cases[i].text, why);
    }
}

static void the_schema_knows_every_option(void **state)
{
    size_t len;
    char *text = route_schema_build(&len);
    json_t *schema = json_loads(text, JSON_REJECT_DUPLICATES, NULL), *options;

    (void)state;
    assert_non_null(schema);
    options = json_object_get(
        json_object_get(json_object_get(json_object_get(schema, "properties"), "routes"), "items"),
        "properties");
    assert_int_equal(json_object_size(options), ROUTE_OPTIONS.n + 3);
    for (size_t i = 0; i < ROUTE_OPTIONS.n; i++)
        assert_non_null(json_object_get(options, ROUTE_OPTIONS.rows[i].name));
    assert_non_null(json_object_get(json_object_get(options, "auth"), "enum"));
    json_decref(schema);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_forms_say_the_same),
        cmocka_unit_test(a_wrong_entry_is_named),
        cmocka_unit_test(the_schema_knows_every_option),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
