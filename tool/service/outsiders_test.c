/* outsiders_test.c - who is asked over HTTP is there as its row says; a row with a slip is refused.
 */
#include "tool/service/outsiders.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tool/core/log.h"
#include "tool/core/mem.h"

struct inn {
    char url[64], other[64];
    int64_t wait_ms;
    struct remote *hotel;
};

static const struct operation LIST = {.subject = "hotel.list"};
static const struct outside_row ROWS[] = {
    {&LIST, "GET /v1/rooms", 0}
};
static const struct outside_row WRONG[] = {
    {&LIST, "LIST /v1/rooms", 0}
};
/* clang-format off */
static const struct setting SETTINGS[] = {
    SETTING(struct inn, url, "hotel-url", SETTING_TEXT, "http://127.0.0.1:1", .check = outsider_url_check, .doc = "where it is"),
    SETTING(struct inn, other, "other-url", SETTING_TEXT, "", .doc = "somewhere else"),
};
#define HOTEL {"hotel", offsetof(struct inn, hotel), offsetof(struct inn, url), offsetof(struct inn, wait_ms), ROWS_OF(rows, ROWS)}
/* clang-format on */

static struct service service_of(const struct service_outsider *row)
{
    return (struct service){.name = "inn",
                            .size = sizeof(struct inn),
                            .settings = SETTINGS,
                            .n_settings = ARRAY_LEN(SETTINGS),
                            .outsiders = row,
                            .n_outsiders = 1};
}

static void rows_with_a_slip_are_refused(void **state)
{
    static const struct {
        struct service_outsider row;
        const char *says; /* NULL: all is well */
    } cases[] = {
        {HOTEL,                                                                             NULL                          },
        {{NULL, 0, 0, 0, ROWS_OF(rows, ROWS)},                                              "has no .name"                },
        {{"hotel", offsetof(struct inn, hotel), 0, offsetof(struct inn, wait_ms), NULL, 0},
         "or no .rows"                                                                                                    },
        {{"hotel", sizeof(struct inn), 0, 0, ROWS_OF(rows, ROWS)},                          "outside the service's struct"},
        {{"hotel", 0, 0, sizeof(struct inn), ROWS_OF(rows, ROWS)},                          "outside the service's struct"},
        {{"hotel", 0, offsetof(struct inn, other), 0, ROWS_OF(rows, ROWS)},
         ".check is outsider_url_check"                                                                                   },
        {{"hotel", 0, offsetof(struct inn, hotel), 0, ROWS_OF(rows, ROWS)},
         ".check is outsider_url_check"                                                                                   },
        {{"hotel", 0, 0, 0, ROWS_OF(rows, WRONG)},                                          "neither GET /... nor POST"   },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct service service = service_of(&cases[i].row);
        char text[256] = "";
        const char *fault = outsiders_fault(&service, text, sizeof(text));
        if (!fault != !cases[i].says || (fault && !strstr(fault, cases[i].says)))
            fail_msg("%zu: %s", i, fault ? fault : "accepted");
    }
}

/* Nobody listens there. */
static void one_is_made_and_may_be_asked(void **state)
{
    static const struct service_outsider ROW = HOTEL;
    struct service service = service_of(&ROW);
    struct breakers *breakers = breakers_create(&CLOCK_SYSTEM, NULL, 0);
    struct inn inn = {.url = "http://127.0.0.1:1", .wait_ms = 5000};
    struct call call = {.clock = &CLOCK_SYSTEM, .deadline_ms = clock_now_ms(&CLOCK_SYSTEM) + 60000};
    bool asked = true;

    (void)state;
    log_set_fd(-1);
    outsiders_create(&service, &inn, &(struct service_run){.breakers = breakers});
    assert_int_equal(inn.hotel->ops->ask(inn.hotel, &call, &LIST, NULL, NULL, &asked),
                     ST_UNAVAILABLE);
    assert_false(asked);
    outsiders_destroy(&service, &inn);
    breakers_destroy(breakers);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_with_a_slip_are_refused),
        cmocka_unit_test(one_is_made_and_may_be_asked),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
