/* outside_route_test.c - what is asked for is put into path and query; rows and addresses that
 * cannot be asked are refused. */
#include "tool/outside/outside_route.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tool/core/mem.h"
#include "tool/core/uuid.h"

struct room {
    char hotel[16], note[16];
    int64_t floor, beds;
    struct uuid guest;
};

/* clang-format off */
static const struct field FIELDS[] = {
    FIELD(struct room, hotel, "hotel", FIELD_TEXT, FIELD_REQUIRED | FIELD_IN_PATH, .doc = "Where."),
    FIELD(struct room, floor, "floor", FIELD_INT, FIELD_REQUIRED | FIELD_IN_PATH, .doc = "How high."),
    FIELD(struct room, beds, "beds", FIELD_INT, FIELD_IN_QUERY, .doc = "How many."),
    FIELD(struct room, note, "note", FIELD_TEXT, FIELD_IN_QUERY, .doc = "What else."),
    FIELD(struct room, guest, "guestId", FIELD_UUID, FIELD_IN_QUERY, .doc = "Who."),
};
static const struct field BODY_FIELDS[] = {
    FIELD(struct room, hotel, "hotel", FIELD_TEXT, FIELD_REQUIRED, .doc = "Where."),
};
/* clang-format on */
static const struct descriptor ROOM = DESCRIPTOR(struct room, "Room", FIELDS, "A room.");
static const struct descriptor BODY = DESCRIPTOR(struct room, "Body", BODY_FIELDS, "A room.");
static const struct operation READ = {.subject = "hotel.room", .request = &ROOM};
static const struct operation BOOK = {.subject = "hotel.book", .request = &BODY};
static const struct operation LIST = {.subject = "hotel.list"};

static void members_are_put_where_their_rows_say(void **state)
{
    static const struct {
        const char *route, *want;
        struct room room;
    } cases[] = {
        {"GET /v1/{hotel}/rooms/{floor}", "/v1/a/rooms/0",         {.hotel = "a"}                                      },
        {"GET /v1/{hotel}/rooms/{floor}", "/v1/a%2Fb%3F/rooms/-3", {.hotel = "a/b?", .floor = -3}                      },
        {"GET /{hotel}-{floor}",
         "/x-1?beds=2&note=%C3%A9%26",                             {.hotel = "x", .floor = 1, .beds = 2, .note = "é&"}},
        {"GET /{floor}",
         "/7?guestId=01000000-0000-0000-0000-000000000000",        {.floor = 7, .guest = {{1}}}                        },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        const struct outside_row row = {&READ, cases[i].route, 0};
        char path[128];

        assert_null(outside_row_fault(&row));
        assert_true(outside_route_write(&row, &cases[i].room, path, sizeof(path)));
        assert_string_equal(path, cases[i].want);
        assert_true(outside_route_write(&row, &cases[i].room, path, strlen(cases[i].want) + 1));
        assert_false(outside_route_write(&row, &cases[i].room, path, strlen(cases[i].want)));
    }
}

static void what_asks_for_nothing_has_its_path(void **state)
{
    const struct outside_row row = {&LIST, "GET /v1/hotels", 0};
    char path[32];

    (void)state;
    assert_null(outside_row_fault(&row));
    assert_true(outside_route_write(&row, NULL, path, sizeof(path)));
    assert_string_equal(path, "/v1/hotels");
}

static void rows_with_a_slip_are_refused(void **state)
{
    static const struct {
        struct outside_row row;
        const char *says; /* NULL: all is well */
    } cases[] = {
        {{&BOOK, "POST /v1/rooms", 0},        NULL                            },
        {{NULL, "POST /v1/rooms", 0},         "has no .op or no .route"       },
        {{&BOOK, NULL, 0},                    "has no .op or no .route"       },
        {{&BOOK, "PUT /v1/rooms", 0},         "neither GET /... nor POST"     },
        {{&BOOK, "POST v1/rooms", 0},         "neither GET /... nor POST"     },
        {{&READ, "GET /{hotel}/{nobody}", 0}, "has a parameter that is no"    },
        {{&READ, "GET /{beds}", 0},           "has a parameter that is no"    },
        {{&READ, "GET /{hotel", 0},           "has a parameter that is no"    },
        {{&BOOK, "GET /v1/rooms", 0},         "neither in its path nor in its"},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        const char *fault = outside_row_fault(&cases[i].row);
        if (!fault != !cases[i].says || (fault && !strstr(fault, cases[i].says)))
            fail_msg("%zu: %s", i, fault ? fault : "accepted");
    }
}

static void addresses_are_checked(void **state)
{
    (void)state;
    assert_null(outsider_url_check("http://127.0.0.1:8090"));
    assert_null(outsider_url_check("https://pay.example.org/api"));
    for (const char *const *url =
             (const char *const[]){"", "ftp://x", "http://", "http:///x", "http://x/", "http://x?y",
                                   "http://me@x", "https://x y", NULL};
         *url; url++)
        assert_non_null(outsider_url_check(*url));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(members_are_put_where_their_rows_say),
        cmocka_unit_test(what_asks_for_nothing_has_its_path),
        cmocka_unit_test(rows_with_a_slip_are_refused),
        cmocka_unit_test(addresses_are_checked),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
