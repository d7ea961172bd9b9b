#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "tool/core/log.h"

static int pipe_fds[2];

static int open_pipe(void **state)
{
    (void)state;
    assert_int_equal(pipe2(pipe_fds, O_NONBLOCK | O_CLOEXEC), 0);
    log_set_fd(pipe_fds[1]);
    log_init("test", LOG_INFO);
    return 0;
}

static int close_pipe(void **state)
{
    (void)state;
    log_set_fd(STDERR_FILENO);
    close(pipe_fds[0]);
    close(pipe_fds[1]);
    return 0;
}

/* What was logged since the last call. */
static const char *logged(void)
{
    static char text[3 * LOG_LINE_MAX];
    ssize_t n = read(pipe_fds[0], text, sizeof(text) - 1);

    text[n > 0 ? n : 0] = '\0';
    return text;
}

static void a_line_is_one_json_object(void **state)
{
    struct call call = {.request_id = "r-1", .traceparent = "00-aa-bb-01"};
    struct uuid id = {
        {1, 2, 3}
    };
    const char *line;

    (void)state;
    log_info("it \"is\" so", LOG_CALL(&call), LOG_UUID("sagaId", id), LOG_INT("n", 3),
             LOG_MS("ms", 1500), LOG_BOOL("good", true), LOG_STATUS(ST_CONFLICT),
             LOG_TEXT("nothing", NULL), LOG_CALL(NULL));
    line = logged();
    assert_memory_equal(line, "{\"time\":\"20", 11);
    assert_string_equal(strstr(line, "\",\"level\""),
                        "\",\"level\":\"info\",\"service\":\"test\",\"msg\":\"it \\\"is\\\" so\","
                        "\"requestId\":\"r-1\",\"traceparent\":\"00-aa-bb-01\","
                        "\"sagaId\":\"01020300-0000-0000-0000-000000000000\",\"n\":3,\"ms\":1.5,"
                        "\"good\":true,\"status\":\"ST_CONFLICT\"}\n");
}

static void a_call_says_who_asks_and_from_where(void **state)
{
    struct call call = {
        .request_id = "r-1", .user = "01020300-0000-7000-8000-000000000000", .client = "192.0.2.7"};

    (void)state;
    log_info("asked", LOG_CALL(&call));
    assert_string_equal(strstr(logged(), "\"requestId\""),
                        "\"requestId\":\"r-1\","
                        "\"caller\":\"01020300-0000-7000-8000-000000000000\","
                        "\"client\":\"192.0.2.7\"}\n");
}

static void no_value_begins_another_line_or_member(void **state)
{
    const char *line;

    (void)state;
    log_info("a\nb", LOG_TEXT("text", "x\"}\r\n{\"msg\":\"forged\"}\x1b[2J\x7f"));
    line = logged();
    assert_ptr_equal(strchr(line, '\n'), line + strlen(line) - 1);
    assert_non_null(strstr(line, "\"msg\":\"a\\nb\",\"text\":\"x\\\"}\\r\\n{\\\"msg\\\":"));
    for (; *line != '\n'; line++)
        assert_true((unsigned char)*line >= ' ' && *line != 0x7f);
}

static void lower_levels_are_not_written(void **state)
{
    (void)state;
    log_debug("quiet", LOG_INT("n", 1));
    assert_string_equal(logged(), "");
    log_error("loud", LOG_INT("n", 1));
    assert_non_null(strstr(logged(), "\"level\":\"error\""));
    log_set_fd(-1);
    log_error("nowhere", LOG_INT("n", 1));
    log_set_fd(pipe_fds[1]);
    assert_string_equal(logged(), "");
}

static void long_values_are_cut_and_the_line_stays_json(void **state)
{
    char huge[2 * LOG_LINE_MAX];
    const char *line;
    size_t len;

    (void)state;
    memset(huge, 'x', sizeof(huge) - 1);
    huge[sizeof(huge) - 1] = '\0';
    log_info("big", LOG_TEXT("a", huge), LOG_TEXT("b", huge), LOG_INT("n", 12345));
    line = logged();
    len = strlen(line);
    assert_true(len <= LOG_LINE_MAX && len > LOG_LINE_MAX / 2);
    assert_string_equal(line + len - 2, "}\n");
    assert_non_null(strstr(line, "\"a\":\"xxx"));
    assert_ptr_equal(strchr(line, '\n'), line + len - 1);
}

static void gathered_lines_wait_for_a_flush_an_error_or_the_end(void **state)
{
    (void)state;
    log_gather(true);
    log_info("one", LOG_INT("n", 1));
    assert_string_equal(logged(), "");
    log_flush();
    assert_non_null(strstr(logged(), "\"one\""));
    log_info("two", LOG_INT("n", 2));
    log_error("three", LOG_INT("n", 3));
    assert_non_null(strstr(logged(), "\"three\""));
    log_info("four", LOG_INT("n", 4));
    log_gather(false);
    assert_non_null(strstr(logged(), "\"four\""));
    log_info("five", LOG_INT("n", 5));
    assert_non_null(strstr(logged(), "\"five\""));
}

static void more_lines_than_fit_are_written_whole(void **state)
{
    const char *text;
    size_t lines = 0;

    (void)state;
    log_gather(true);
    for (int i = 0; i < 60; i++)
        log_info("a line", LOG_INT("i", i));
    text = logged();
    assert_true(text[0] == '{' && text[strlen(text) - 1] == '\n');
    log_gather(false);
    for (; (text = strchr(text, '\n')); text++)
        lines++;
    for (text = logged(); (text = strchr(text, '\n')); text++)
        lines++;
    assert_int_equal(lines, 60);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_is_one_json_object),
        cmocka_unit_test(a_call_says_who_asks_and_from_where),
        cmocka_unit_test(no_value_begins_another_line_or_member),
        cmocka_unit_test(lower_levels_are_not_written),
        cmocka_unit_test(long_values_are_cut_and_the_line_stays_json),
        cmocka_unit_test(gathered_lines_wait_for_a_flush_an_error_or_the_end),
        cmocka_unit_test(more_lines_than_fit_are_written_whole),
    };

    return cmocka_run_group_tests(tests, open_pipe, close_pipe);
}
