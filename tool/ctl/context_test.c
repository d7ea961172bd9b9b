/* context_test.c - contexts as the nats CLI writes them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <sys/stat.h>
#include <unistd.h>

#include "tool/core/mem.h"
#include "tool/ctl/context.h"

static void a_context_of_the_nats_cli_is_understood(void **state)
{
    static const char TEXT[] =
        "{\"description\":\"x\",\"url\":\"nats://h:1\",\"user\":\"operator\",\"password\":\"p\","
        "\"creds\":\"\",\"nkey\":\"\",\"cert\":\"\",\"key\":\"\",\"ca\":\"/"
        "ca.pem\",\"jetstream_domain\":\"\","
        "\"color_scheme\":\"\"}";
    struct context context = {.name = "x"};
    char why[CONTEXT_WHY_MAX + 1];

    (void)state;
    assert_true(context_parse(TEXT, strlen(TEXT), &context, why));
    assert_string_equal(context.url, "nats://h:1");
    assert_string_equal(context.user, "operator");
    assert_string_equal(context.password, "p");
    assert_string_equal(context.ca, "/ca.pem");
    assert_string_equal(context.token, "");
}

static void what_will_not_do_is_said(void **state)
{
    static const struct {
        const char *text, *why;
    } cases[] = {
        {"",                                          "no JSON"       },
        {"[]",                                        "no JSON object"},
        {"{}",                                        "no url"        },
        {"{\"url\":1}",                               "no text"       },
        {"{\"url\":\"nats://h\",\"nkey\":\"/seed\"}", "by nkey"       },
        {"{\"url\":\"nats://h\",\"user_jwt\":\"j\"}", "by user_jwt"   },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct context context = {.name = "x"};
        char why[CONTEXT_WHY_MAX + 1] = "";
        assert_false(context_parse(cases[i].text, strlen(cases[i].text), &context, why));
        if (!strstr(why, cases[i].why))
            fail_msg("%s: %s", cases[i].text, why);
    }
}

static void write_file(const char *folder, const char *name, const char *text)
{
    char path[256];
    FILE *f;

    snprintf(path, sizeof(path), "%s/nats/%s", folder, name);
    f = fopen(path, "w");
    assert_non_null(f);
    fputs(text, f);
    assert_int_equal(fclose(f), 0);
}

static void make_folder(char *folder)
{
    char path[256];

    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof(path), "%s/nats", folder);
    assert_int_equal(mkdir(path, 0700), 0);
    snprintf(path, sizeof(path), "%s/nats/context", folder);
    assert_int_equal(mkdir(path, 0700), 0);
}

static void the_operator_is_taken_where_there_is_one(void **state)
{
    char first[] = "/tmp/hanok-context-XXXXXX", second[] = "/tmp/hanok-context-XXXXXX";
    char why[CONTEXT_WHY_MAX + 1], command[256];
    struct context_folders folders = {.n = 2};
    struct context context;

    (void)state;
    make_folder(first);
    make_folder(second);
    TEXT_COPY(folders.paths[0], first);
    TEXT_COPY(folders.paths[1], second);
    assert_false(context_load(&folders, NULL, &context, why));
    assert_non_null(strstr(why, "no context is selected"));
    assert_false(context_load(&folders, "mine", &context, why));
    assert_non_null(strstr(why, "there is no context mine"));
    assert_false(context_load(&folders, "../context/mine", &context, why));
    write_file(second, "context.txt", "mine\n");
    write_file(second, "context/mine.json", "{\"url\":\"nats://mine\"}");
    assert_true(context_load(&folders, NULL, &context, why));
    assert_string_equal(context.url, "nats://mine");
    write_file(second, "context/mine-operator.json", "{\"url\":\"nats://operator\"}");
    assert_true(context_load(&folders, "", &context, why));
    assert_string_equal(context.name, "mine-operator");
    assert_true(context_load(&folders, "mine", &context, why));
    assert_string_equal(context.url, "nats://mine");
    write_file(first, "context/mine.json", "{");
    assert_false(context_load(&folders, "mine", &context, why)); /* the first that has it */
    assert_non_null(strstr(why, first));
    snprintf(command, sizeof(command), "rm -rf %s %s", first, second);
    assert_int_equal(system(command), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_context_of_the_nats_cli_is_understood),
        cmocka_unit_test(what_will_not_do_is_said),
        cmocka_unit_test(the_operator_is_taken_where_there_is_one),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
