#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tool/core/mem.h"
#include "tool/core/status.h"

static void each_status_has_its_words_and_number(void **state)
{
    (void)state;
    assert_string_equal(status_name(ST_CONFLICT), "ST_CONFLICT");
    assert_int_equal(status_http(ST_STALE), 412);
    assert_string_equal(status_code(ST_LIMITED), "rate_limited");
    assert_string_equal(status_title(ST_UNAVAILABLE), "Service Unavailable");
}

static void a_number_that_is_no_status_still_has_words(void **state)
{
    enum status odd = (enum status)99;

    (void)state;
    assert_non_null(status_name(odd));
    assert_string_equal(status_code(odd), "internal");
    assert_non_null(status_title(odd));
    assert_int_equal(status_http(odd), 500);
}

static void http_numbers_come_back_as_statuses(void **state)
{
    static const struct {
        int http;
        enum status want;
    } CASES[] = {
        {200, ST_OK             },
        {202, ST_PENDING        },
        {400, ST_INVALID        },
        {401, ST_UNAUTHENTICATED},
        {409, ST_CONFLICT       },
        {412, ST_STALE          },
        {418, ST_INVALID        },
        {429, ST_LIMITED        },
        {500, ST_INTERNAL       },
        {502, ST_INTERNAL       },
        {503, ST_UNAVAILABLE    },
        {504, ST_TIMEOUT        },
        {0,   ST_INTERNAL       },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(CASES); i++)
        assert_int_equal(status_from_http(CASES[i].http), CASES[i].want);
}

static void only_a_peers_final_no_is_a_refusal(void **state)
{
    static const enum status NOT[] = {ST_OK,         ST_PENDING,     ST_LIMITED, ST_INTERNAL,
                                      ST_OVERLOADED, ST_UNAVAILABLE, ST_TIMEOUT, ST_UNCERTAIN};
    static const enum status FINAL[] = {ST_INVALID,   ST_UNAUTHENTICATED, ST_FORBIDDEN,
                                        ST_NOT_FOUND, ST_CONFLICT,        ST_STALE,
                                        ST_TOO_LARGE, ST_UNPROCESSABLE};

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(NOT); i++)
        if (status_is_refusal(NOT[i]))
            fail_msg("%s", status_name(NOT[i]));
    for (size_t i = 0; i < ARRAY_LEN(FINAL); i++)
        if (!status_is_refusal(FINAL[i]))
            fail_msg("%s", status_name(FINAL[i]));
}

static void only_what_a_peer_has_decided_is_a_no(void **state)
{
    (void)state;
    for (int st = ST_OK; st <= ST_UNCERTAIN; st++) {
        int decided =
            st == ST_NOT_FOUND || st == ST_CONFLICT || st == ST_STALE || st == ST_UNPROCESSABLE;
        if (status_is_no((enum status)st) != decided)
            fail_msg("%s", status_name((enum status)st));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_status_has_its_words_and_number),
        cmocka_unit_test(a_number_that_is_no_status_still_has_words),
        cmocka_unit_test(http_numbers_come_back_as_statuses),
        cmocka_unit_test(only_a_peers_final_no_is_a_refusal),
        cmocka_unit_test(only_what_a_peer_has_decided_is_a_no),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
