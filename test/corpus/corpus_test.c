/* corpus_test.c - whatever was recorded is understood today. With --record it adds to the corpus
 * what today's messages have that it has not. */
#include <dirent.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "test/corpus/corpus_kinds.h"
#include "tool/core/mem.h"

#define CORPUS "test/corpus/"
#define SUFFIX ".jsonl"

struct recorded {
    char *text; /* the file, its lines ended by NUL */
    char **lines;
    size_t n;
};

static void recorded_fini(struct recorded *r)
{
    free(r->text);
    free(r->lines);
}

/* False when there is no such file. */
static bool recorded_load(struct recorded *r, const char *name)
{
    char path[256], *rest, *line;
    size_t size = 0, len;
    FILE *file, *copy;

    *r = (struct recorded){0};
    snprintf(path, sizeof(path), CORPUS "%s" SUFFIX, name);
    file = fopen(path, "r");
    if (!file)
        return false;
    copy = open_memstream(&r->text, &size);
    for (char chunk[4096]; (len = fread(chunk, 1, sizeof(chunk), file)) > 0;)
        fwrite(chunk, 1, len, copy);
    fclose(copy);
    fclose(file);
    r->lines = mem_alloc(size + 1, sizeof(*r->lines));
    rest = r->text;
    while ((line = strsep(&rest, "\n")))
        if (line[0])
            r->lines[r->n++] = line;
    return true;
}

static bool recorded_has(const struct recorded *r, const char *line)
{
    for (size_t i = 0; i < r->n; i++)
        if (strcmp(r->lines[i], line) == 0)
            return true;
    return false;
}

/* Whether everything in was is in is, with the same type and value. */
static bool still_says(const json_t *was, const json_t *is)
{
    const char *name;
    json_t *member;

    if (json_typeof(was) != json_typeof(is))
        return false;
    if (json_is_array(was)) {
        for (size_t i = 0; i < json_array_size(was); i++)
            if (i >= json_array_size(is) ||
                !still_says(json_array_get(was, i), json_array_get(is, i)))
                return false;
        return json_array_size(was) == json_array_size(is);
    }
    if (!json_is_object(was))
        return json_equal(was, is);
    json_object_foreach ((json_t *)was, name, member) {
        json_t *now = json_object_get(is, name);
        if (!now || !still_says(member, now))
            return false;
    }
    return true;
}

/* Reads it by today's descriptor and writes it again. */
static bool read_back(const struct corpus_kind *kind, const char *line, bool lenient, char *text,
                      struct problem *problem)
{
    char *value = mem_alloc(1, kind->descriptor->size);
    enum status st = lenient ? decode_lenient(kind->descriptor, line, strlen(line), value, problem)
                             : decode(kind->descriptor, line, strlen(line), value, problem);
    struct json_out o;

    json_out_init(&o, text, CORPUS_LINE_MAX);
    if (st == ST_OK)
        encode(kind->descriptor, value, &o);
    free(value);
    return st == ST_OK;
}

static void check_line(const struct corpus_kind *kind, const char *line, bool lenient)
{
    char text[CORPUS_LINE_MAX] = "";
    struct problem problem = {.status = ST_OK};
    json_t *was = json_loads(line, JSON_REJECT_DUPLICATES, NULL), *is;

    if (!was)
        fail_msg("%s: not JSON: %s", kind->name, line);
    if (!read_back(kind, line, lenient, text, &problem))
        fail_msg("%s: refused (%s; %s: %s): %s", kind->name, problem.detail,
                 problem.n_errors ? problem.errors[0].field : "",
                 problem.n_errors ? problem.errors[0].reason : "", line);
    is = json_loads(text, 0, NULL);
    if (!is || !still_says(was, is))
        fail_msg("%s: recorded as\n%s\nunderstood as\n%s", kind->name, line, text);
    json_decref(was);
    json_decref(is);
}

/* The number and the code it was recorded with are what a caller sees, and what is declared. */
static void check_problem(const struct corpus_kind *kind, const char *line)
{
    json_t *was = json_loads(line, 0, NULL);
    int http = (int)json_integer_value(json_object_get(was, "status"));
    const struct operation_error *e = kind->use == CORPUS_REFUSAL ? kind->op->errors : NULL;
    struct problem p;

    decode_problem(line, strlen(line), http, &p);
    assert_int_equal(status_http(p.status), http);
    assert_string_equal(p.code, json_string_value(json_object_get(was, "code")));
    while (e && e->code && (strcmp(e->code, p.code) != 0 || status_http(e->status) != http))
        e++;
    if (kind->use == CORPUS_REFUSAL && (!e || !e->code))
        fail_msg("%s: %d %s is no more declared", kind->name, http, p.code);
    json_decref(was);
}

static void check_kind(const struct corpus_kind *kind, void *arg)
{
    struct recorded r;

    (void)arg;
    if (!recorded_load(&r, kind->name))
        fail_msg("%s is not recorded: test/corpus/corpus_test --record; see " CORPUS "README.md",
                 kind->name);
    for (size_t i = 0; i < r.n; i++) {
        check_line(kind, r.lines[i], true);
        if (kind->use == CORPUS_REQUEST && !kind->op->internal) /* an old client's, at the edge */
            check_line(kind, r.lines[i], false);
        if (kind->use == CORPUS_REFUSAL || kind->use == CORPUS_PROBLEM)
            check_problem(kind, r.lines[i]);
    }
    recorded_fini(&r);
}

static void what_was_recorded_is_still_understood(void **state)
{
    (void)state;
    corpus_each_kind(check_kind, NULL);
}

static void count_when_named(const struct corpus_kind *kind, void *arg)
{
    const char **name = arg;
    size_t len = strlen(kind->name);

    if (*name && strncmp(*name, kind->name, len) == 0 && strcmp(*name + len, SUFFIX) == 0)
        *name = NULL;
}

static void no_kind_of_message_was_forgotten(void **state)
{
    DIR *dir = opendir(CORPUS);
    const struct dirent *entry;

    (void)state;
    assert_non_null(dir);
    while ((entry = readdir(dir))) {
        const char *name = entry->d_name, *dot = strrchr(name, '.');
        if (!dot || strcmp(dot, SUFFIX) != 0 || strstr(name, ".outcomes"))
            continue;
        corpus_each_kind(count_when_named, &name);
        if (name)
            fail_msg("nothing reads %s today", name);
    }
    closedir(dir);
}

/* The check itself sees what it is there to see. */
static void another_type_or_a_missing_member_is_noticed(void **state)
{
    static const struct {
        const char *was, *is;
        bool want;
    } cases[] = {
        {"{\"a\":1}",         "{\"a\":1,\"b\":2}",   true },
        {"{\"a\":{\"b\":1}}", "{\"a\":{\"c\":1}}",   false},
        {"{\"a\":1}",         "{\"a\":\"1\"}",       false},
        {"{\"a\":1}",         "{\"a\":2}",           false},
        {"{\"a\":1}",         "{}",                  false},
        {"{\"a\":[{}]}",      "{\"a\":[]}",          false},
        {"{\"a\":[{}]}",      "{\"a\":[{\"b\":1}]}", true },
        {"{\"a\":[{}]}",      "{\"a\":[{},{}]}",     false},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        json_t *was = json_loads(cases[i].was, 0, NULL), *is = json_loads(cases[i].is, 0, NULL);
        if (still_says(was, is) != cases[i].want)
            fail_msg("%s, %s", cases[i].was, cases[i].is);
        json_decref(was);
        json_decref(is);
    }
}

static void record_line(const char *json, void *arg)
{
    const struct corpus_kind *kind = arg;
    struct recorded r;
    char path[256];
    FILE *file;

    recorded_load(&r, kind->name);
    snprintf(path, sizeof(path), CORPUS "%s" SUFFIX, kind->name);
    if (!recorded_has(&r, json)) {
        file = fopen(path, "a");
        if (!file || fprintf(file, "%s\n", json) < 0 || fclose(file) != 0) {
            fprintf(stderr, "%s: %s\n", path, strerror(errno));
            exit(1);
        }
    }
    recorded_fini(&r);
}

static void record_kind(const struct corpus_kind *kind, void *arg)
{
    struct corpus_kind copy = *kind;

    (void)arg;
    corpus_each_today(kind, record_line, &copy);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_recorded_is_still_understood),
        cmocka_unit_test(no_kind_of_message_was_forgotten),
        cmocka_unit_test(another_type_or_a_missing_member_is_noticed),
    };

    if (argc == 2 && strcmp(argv[1], "--record") == 0) {
        corpus_each_kind(record_kind, NULL);
        return 0;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
