/* access_line_test.c - lines that programs can read, whatever a client says. */
#include "middleware/access_line.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "tool/core/mem.h"

static struct access_entry entry_of(struct call *call)
{
    *call = (struct call){.request_id = "r-1", .client = "198.51.100.7"};
    return (struct access_entry){.call = call,
                                 .method = "GET",
                                 .route = "/users/{userId}",
                                 .status = 200,
                                 .bytes = 123,
                                 .begun_us = 1769915045678901, /* 2026-02-01T03:04:05.678901Z */
                                 .us = 1500};
}

static void is_json(struct access_entry *entry, const char *want)
{
    char line[ACCESS_LINE_MAX];
    size_t len = access_line_json(entry, line);

    assert_int_equal(line[len - 1], '\n');
    line[len - 1] = '\0';
    assert_string_equal(line, want);
}

static void is_combined(struct access_entry *entry, const char *want)
{
    char line[ACCESS_LINE_MAX];
    size_t len = access_line_combined(entry, line);

    assert_int_equal(line[len - 1], '\n');
    line[len - 1] = '\0';
    assert_string_equal(line, want);
}

static void a_line_says_who_what_and_how_it_ended(void **state)
{
    struct call call;
    struct access_entry entry = entry_of(&call);

    (void)state;
    is_json(
        &entry,
        "{\"time\":\"2026-02-01T03:04:05.678901Z\",\"client\":\"198.51.100.7\",\"method\":\"GET\","
        "\"route\":\"/users/"
        "{userId}\",\"status\":200,\"bytes\":123,\"ms\":1.5,\"requestId\":\"r-1\"}");
    is_combined(&entry, "198.51.100.7 - - [01/Feb/2026:03:04:05 +0000] \"GET /users/{userId} "
                        "HTTP/1.1\" 200 123 \"-\" \"-\"");
    TEXT_COPY(call.user, "0199-u");
    TEXT_COPY(call.agent, "curl/8 (x)");
    TEXT_COPY(call.traceparent, "00-t");
    entry.referer = "https://a.example/b?token=secret#c";
    is_json(
        &entry,
        "{\"time\":\"2026-02-01T03:04:05.678901Z\",\"client\":\"198.51.100.7\",\"caller\":\"0199-"
        "u\","
        "\"method\":\"GET\",\"route\":\"/users/{userId}\",\"status\":200,\"bytes\":123,\"ms\":1.5,"
        "\"referer\":\"https://a.example/b\",\"agent\":\"curl/8 (x)\",\"requestId\":\"r-1\","
        "\"traceparent\":\"00-t\"}");
    is_combined(&entry, "198.51.100.7 - 0199-u [01/Feb/2026:03:04:05 +0000] \"GET /users/{userId} "
                        "HTTP/1.1\" 200 123 "
                        "\"https://a.example/b\" \"curl/8 (x)\"");
}

static void nobody_writes_a_line_of_his_own(void **state)
{
    struct call call;
    struct access_entry entry = entry_of(&call);

    (void)state;
    call.client[0] = '\0';
    entry.method = "";
    entry.route = "-";
    entry.referer = "\" 200 1\n\\\x7f\xc3\xa9";
    TEXT_COPY(call.agent, "a\"b\\");
    is_combined(&entry, "- - - [01/Feb/2026:03:04:05 +0000] \"- - HTTP/1.1\" 200 123 "
                        "\"\\x22 200 1\\x0a\\x5c\\x7f\\xc3\\xa9\" \"a\\x22b\\x5c\"");
    is_json(
        &entry,
        "{\"time\":\"2026-02-01T03:04:05.678901Z\",\"client\":\"\",\"route\":\"-\",\"status\":200,"
        "\"bytes\":123,\"ms\":1.5,\"referer\":\"\\\" 200 "
        "1\\n\\\\\\u007f\xc3\xa9\",\"agent\":\"a\\\"b\\\\\","
        "\"requestId\":\"r-1\"}");
}

static void fill(char *text, size_t size, unsigned char c)
{
    memset(text, c, size - 1);
    text[size - 1] = '\0';
}

static void the_longest_line_fits(void **state)
{
    static const access_line_fn FORMATS[] = {access_line_json, access_line_combined};
    char line[ACCESS_LINE_MAX], referer[1000], method[32], route[128];
    struct call call;
    struct access_entry entry = entry_of(&call);

    (void)state;
    fill(route, sizeof(route), 'r');
    fill(call.user, sizeof(call.user), 'u');
    fill(call.client, sizeof(call.client), 'c');
    fill(call.request_id, sizeof(call.request_id), 'i');
    fill(call.traceparent, sizeof(call.traceparent), 't');
    for (unsigned char c = 1; c; c++) {
        fill(referer, sizeof(referer), c);
        fill(method, sizeof(method), c);
        fill(call.agent, sizeof(call.agent), c);
        entry.referer = referer;
        entry.method = method;
        entry.route = route;
        entry.bytes = SIZE_MAX / 2;
        entry.us = INT64_MAX;
        for (size_t i = 0; i < ARRAY_LEN(FORMATS); i++) {
            size_t len = FORMATS[i](&entry, line);

            assert_in_range(len, 1, sizeof(line));
            assert_ptr_equal(memchr(line, '\n', len), line + len - 1);
        }
        size_t len = access_line_json(&entry, line);
        json_t *read = json_loadb(line, len, 0, NULL);

        assert_non_null(read);
        json_decref(read);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_says_who_what_and_how_it_ended),
        cmocka_unit_test(nobody_writes_a_line_of_his_own),
        cmocka_unit_test(the_longest_line_fits),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
