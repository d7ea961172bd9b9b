/* stream_hazards_test.c - from what servers say of a stream to what is unsafe about it. */
#include "tool/stream/stream_hazards.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tool/core/mem.h"

static void each_hazard_is_found_by_what_the_server_says(void **state)
{
    static const struct {
        const char *json, *want;
    } cases[] = {
        {"{\"config\":{\"name\":\"EVENTS\",\"storage\":\"file\",\"num_replicas\":1,"
         "\"metadata\":{\"_nats.level\":\"1\",\"_nats.ver\":\"2.12.2\"}},"
         "\"state\":{\"first_seq\":1,\"last_seq\":7},\"cluster\":{\"leader\":\"hanok\"}}", ""             },
        {"{\"config\":{\"storage\":\"file\",\"num_replicas\":3,\"metadata\":{\"_nats.ver\":"
         "\"2.12.2\"}},\"cluster\":{\"name\":\"hanok\",\"leader\":\"n1\"}}",               ""             },
        {"{\"config\":{\"storage\":\"file\",\"num_replicas\":1,\"metadata\":{\"_nats.ver\":"
         "\"2.12.2\"}},\"cluster\":{\"name\":\"hanok\",\"leader\":\"n1\"}}",               "num_replicas "},
        {"{\"config\":{\"storage\":\"file\",\"num_replicas\":1},\"state\":{\"last_seq\":0}}",
         "sync_interval "                                                                                          },
        {"{\"config\":{\"storage\":\"memory\",\"num_replicas\":1},\"cluster\":{\"name\":\"c\"}}",
         "storage num_replicas sync_interval "                                                                     },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        const struct stream_hazard *hazard;
        struct problem problem = {0};
        struct stream_info info;
        char got[128] = "";
        size_t at = 0;

        assert_int_equal(
            decode_lenient(&STREAM_INFO, cases[i].json, strlen(cases[i].json), &info, &problem),
            ST_OK);
        while ((hazard = stream_hazard_next(&info, &at))) {
            strncat(got, hazard->setting, sizeof(got) - strlen(got) - 1);
            strncat(got, " ", sizeof(got) - strlen(got) - 1);
        }
        assert_string_equal(got, cases[i].want);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_hazard_is_found_by_what_the_server_says),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
