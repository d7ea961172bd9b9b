/* stream_reply_test.c - what JetStream answers, as 2.9 to 2.15 write it. */
#include "tool/stream/stream_reply.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tool/core/mem.h"

static void an_acknowledgement_is_one_only_with_a_number(void **state)
{
    static const struct {
        const char *json;
        enum status want;
        int64_t seq;
        bool duplicate;
        const char *why;
    } cases[] = {
        {"{\"stream\":\"EVENTS\",\"seq\":12}",                                          ST_OK,          12, false, ""                                 },
        {"{\"stream\":\"EVENTS\", \"domain\":\"hub\", \"seq\":9, \"duplicate\": true}", ST_OK,          9,
         true,                                                                                                     ""                                 },
        {"{\"error\":{\"code\":503,\"err_code\":10077,\"description\":\"maximum bytes exceeded\"},"
         "\"stream\":\"EVENTS\",\"seq\":0}",                                   ST_UNAVAILABLE, 0,  false, "maximum bytes exceeded"           },
        {"{\"stream\":\"EVENTS\"}",                                                     ST_UNAVAILABLE, 0,  false, ""                                 },
        {"",                                                                            ST_UNAVAILABLE, 0,  false, "JetStream's answer cannot be read"},
        {"[]",                                                                          ST_UNAVAILABLE, 0,  false, "JetStream's answer cannot be read"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct stream_ack ack;
        enum status got = stream_ack_read(cases[i].json, strlen(cases[i].json), &ack);
        if (got != cases[i].want || ack.seq != cases[i].seq ||
            ack.duplicate != cases[i].duplicate || strcmp(ack.error.description, cases[i].why) != 0)
            fail_msg("%s: got %s", cases[i].json, status_name(got));
    }
}

static void an_id_is_found_among_stored_headers(void **state)
{
    static const struct {
        const char *hdrs; /* base64 of what stands behind it */
        bool want;
    } cases[] = {
  /* NATS/1.0, ce-id: 1, Nats-Msg-Id: 0193b2c4-7e5a-7c1d-9f00-abcdef012345 */
        {"TkFUUy8xLjANCmNlLWlkOiAxDQpOYXRzLU1zZy1JZDogMDE5M2IyYzQtN2U1YS03YzFkLTlmMDAtYWJjZGVmMDEyM"
         "zQ1DQoNCg==",                             true },
 /* the same with a lower-case name and more behind it */
        {"TkFUUy8xLjANCm5hdHMtbXNnLWlkOjAxOTNiMmM0LTdlNWEtN2MxZC05ZjAwLWFiY2RlZjAxMjM0NQ0KY2UtaWQ6I"
         "DENCg0K",                                 true },
 /* Nats-Msg-Id: 0193b2c4 */
        {"TkFUUy8xLjANCk5hdHMtTXNnLUlkOiAwMTkzYjJjNA0KDQo=", false},
 /* none */
        {"TkFUUy8xLjANCmNlLWlkOiAxDQoNCg==",                 false},
        {"",                                                 false},
        {"!",                                                false},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        char text[UUID_TEXT_LEN + 1];
        struct uuid id = {{0}};
        if (stream_msg_id(cases[i].hdrs, &id) != cases[i].want)
            fail_msg("%s", cases[i].hdrs);
        if (cases[i].want)
            assert_string_equal(uuid_text(id, text), "0193b2c4-7e5a-7c1d-9f00-abcdef012345");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_acknowledgement_is_one_only_with_a_number),
        cmocka_unit_test(an_id_is_found_among_stored_headers),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
