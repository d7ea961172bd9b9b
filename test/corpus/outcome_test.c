/* outcome_test.c - a request that was noted by the release before and comes again is answered as it
 * was then: what stands in processed_message is understood today. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "tool/store/memory/store_memory.h"
#include "protocol/auth.h"
#include "protocol/user.h"
#include "test/support/calls.h"
#include "test/support/user_writes.h"
#include "tool/core/mem.h"
#include "tool/once/memory/barrier_memory.h"
#include "usecase/auth/signup_key.h"

/* One line of a file: {"noted", "request", "status", "code" or "reply", "idempotencyKey"} */
struct line {
    json_t *doc;
    const char *noted, *code;
    int status;
    char *reply;
};

static void decode_member(const json_t *doc, const char *member, const struct operation *op,
                          void *out)
{
    char *json = json_dumps(json_object_get(doc, member), JSON_COMPACT);
    struct problem problem = {.status = ST_OK};

    assert_non_null(json);
    assert_status(ST_OK, decode_lenient(op->request, json, strlen(json), out, &problem));
    free(json);
}

static void check_reply(const struct line *line, const struct operation *op, const void *out)
{
    char text[1024];
    struct json_out o;

    json_out_init(&o, text, sizeof(text));
    encode(op->reply, out, &o);
    assert_string_equal(text, line->reply);
}

static void each_line(const char *name, void (*check)(const struct line *line))
{
    char path[128], text[2048];
    FILE *file;
    int n = 0;

    snprintf(path, sizeof(path), "test/corpus/%s.outcomes.jsonl", name);
    file = fopen(path, "r");
    assert_non_null(file);
    for (; fgets(text, sizeof(text), file); n++) {
        json_t *doc = json_loads(text, 0, NULL);
        struct line line = {.doc = doc,
                            .noted = json_string_value(json_object_get(doc, "noted")),
                            .code = json_string_value(json_object_get(doc, "code")),
                            .status = (int)json_integer_value(json_object_get(doc, "status")),
                            .reply = json_dumps(json_object_get(doc, "reply"), JSON_COMPACT)};
        assert_non_null(line.noted);
        check(&line);
        free(line.reply);
        json_decref(doc);
    }
    fclose(file);
    assert_true(n > 0);
}

struct noting {
    struct barrier *barrier;
    const char *key, *outcome;
};

static enum status note(struct transaction *tx, const struct call *call, void *arg)
{
    struct noting *noting = arg;
    char seen[BARRIER_OUTCOME_MAX + 1];

    return noting->barrier->ops->enter(noting->barrier, tx, call, "user.registry", noting->key,
                                       noting->outcome, seen);
}

static void check_registration(const struct line *line)
{
    struct memdb *db = memdb_create();
    struct user_writes writes = {
        .registrar = {.profiles = store_memory_create(db, &PROFILE_TABLE)},
        .barrier = barrier_memory_create(db, &CLOCK_SYSTEM),
        .transactor = memdb_transactor_create(db),
    };
    struct problem problem = {.status = ST_OK};
    struct call call = test_call();
    struct profile_registration request;
    struct registry_outcome reply = {0};
    char key[UUID_TEXT_LEN + 1];
    enum status st;

    call.problem = &problem;
    decode_member(line->doc, "request", &USER_REGISTRY, &request);
    uuid_text(request.saga_id, key);
    st = transactor_run(writes.transactor, &call, note,
                        &(struct noting){writes.barrier, key, line->noted});
    assert_status(ST_OK, st);
    st = user_write(&writes, &USER_REGISTRY, &call, &request, &reply);
    assert_int_equal(status_http(st), line->status);
    if (line->code)
        assert_string_equal(problem.code, line->code);
    else
        check_reply(line, &USER_REGISTRY, &reply);
    store_destroy(writes.registrar.profiles);
    writes.barrier->ops->destroy(writes.barrier);
    writes.transactor->ops->destroy(writes.transactor);
    memdb_destroy(db);
}

static void a_registration_of_the_release_before_is_answered_again(void **state)
{
    (void)state;
    each_line("user.registry", check_registration);
}

static void check_signup(const struct line *line)
{
    struct call call = test_call();
    struct signup_accepted accepted = {.status = SIGNUP_PENDING};
    struct signup_form form;
    struct request_key key;

    TEXT_COPY(call.idempotency_key,
              json_string_value(json_object_get(line->doc, "idempotencyKey")));
    decode_member(line->doc, "request", &AUTH_SIGNUP, &form);
    signup_key_init(&key, &call, &form);
    assert_true(signup_key_matches(&key, line->noted, &accepted));
    check_reply(line, &AUTH_SIGNUP, &accepted);
    TEXT_COPY(form.person.name, "Another");
    signup_key_init(&key, &call, &form);
    assert_false(signup_key_matches(&key, line->noted, &accepted));
}

static void a_signup_of_the_release_before_is_answered_again(void **state)
{
    (void)state;
    each_line("auth.signup", check_signup);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_registration_of_the_release_before_is_answered_again),
        cmocka_unit_test(a_signup_of_the_release_before_is_answered_again),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
