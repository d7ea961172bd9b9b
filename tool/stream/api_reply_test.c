/* api_reply_test.c - answers of JetStream, old and new. */
#include "tool/stream/api_reply.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static enum status read(const char *json, struct api_reply *out)
{
    return api_reply_read(json, strlen(json), out);
}

static void a_consumer_a_stream_and_a_message_are_read(void **state)
{
    struct api_reply r;

    (void)state;
    assert_int_equal(read("{\"type\":\"io.nats.jetstream.api.v1.consumer_info_response\",\"name\":"
                          "\"a-07\",\"delivered\":{\"consumer_seq\":3,\"stream_seq\":12},"
                          "\"ack_floor\":{\"consumer_seq\":2,\"stream_seq\":9},\"num_pending\":4}",
                          &r),
                     ST_OK);
    assert_true(r.delivered_seq == 12 && r.deliveries == 3 && r.pending == 4);
    assert_int_equal(read("{\"state\":{\"messages\":2,\"first_seq\":7,\"last_seq\":9}}", &r),
                     ST_OK);
    assert_true(r.first_seq == 7 && r.last_seq == 9);
    assert_int_equal(
        read("{\"message\":{\"seq\":7,\"time\":\"1970-01-01T00:00:01.123456789Z\"}}", &r), ST_OK);
    assert_int_equal(r.time_us, 1123456);
    assert_int_equal(read("{\"message\":{\"time\":\"1970-01-01T00:00:01.1Z\"}}", &r), ST_OK);
    assert_int_equal(r.time_us, 1100000);
    assert_int_equal(read("{\"message\":{\"time\":\"1970-01-01T00:00:01Z\"}}", &r), ST_OK);
    assert_int_equal(r.time_us, 1000000);
    assert_int_equal(read("{\"message\":{\"time\":\"yesterday\"}}", &r), ST_OK);
    assert_int_equal(r.time_us, 0);
}

static void what_is_not_there_is_told_from_what_is_wrong(void **state)
{
    struct api_reply r;

    (void)state;
    assert_int_equal(read("{\"error\":{\"code\":404,\"err_code\":10014,\"description\":"
                          "\"consumer not found\"}}",
                          &r),
                     ST_NOT_FOUND);
    assert_int_equal(read("{\"error\":{\"code\":404,\"err_code\":10037,\"description\":"
                          "\"no message found\"}}",
                          &r),
                     ST_NOT_FOUND);
    assert_int_equal(read("{\"error\":{\"code\":404,\"err_code\":10059,\"description\":"
                          "\"stream not found\"}}",
                          &r),
                     ST_UNAVAILABLE);
    assert_string_equal(r.why, "stream not found (10059)");
    assert_int_equal(read("{", &r), ST_UNAVAILABLE);
    assert_string_equal(r.why, "JetStream's answer cannot be read");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_consumer_a_stream_and_a_message_are_read),
        cmocka_unit_test(what_is_not_there_is_told_from_what_is_wrong),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
