/* request_key_test.c - the same request is known again, another one is not. */
#include "tool/once/request_key.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tool/core/mem.h"

static struct request_key key_of(const char *subject, const char *idempotency_key,
                                 const char *first, const char *second)
{
    const char *const parts[] = {first, second};
    struct call call = {.clock = &CLOCK_SYSTEM};
    struct request_key key;

    TEXT_COPY(call.user, subject);
    TEXT_COPY(call.idempotency_key, idempotency_key);
    request_key_init(&key, &call, parts, ARRAY_LEN(parts));
    return key;
}

static void only_the_same_request_gets_the_answer(void **state)
{
    static const struct {
        const char *why, *subject, *key, *first, *second;
        bool same_key, answered;
    } cases[] = {
        {"the same again",       "alice", "k",  "a",  "b", true,  true },
        {"another text",         "alice", "k",  "a",  "c", true,  false},
        {"texts run together",   "alice", "k",  "ab", "",  true,  false},
        {"another key",          "alice", "k2", "a",  "b", false, false},
        {"another caller",       "bob",   "k",  "a",  "b", false, false},
        {"nobody, the same key", "",      "k",  "a",  "b", false, false},
    };
    struct request_key noted = key_of("alice", "k", "a", "b");
    char outcome[BARRIER_OUTCOME_MAX + 1];

    (void)state;
    request_key_outcome(&noted, "the answer", outcome);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct request_key key =
            key_of(cases[i].subject, cases[i].key, cases[i].first, cases[i].second);
        const char *answer = request_key_answer(&key, outcome);
        if ((strcmp(key.key, noted.key) == 0) != cases[i].same_key ||
            (answer != NULL) != cases[i].answered)
            fail_msg("%s", cases[i].why);
        if (answer)
            assert_string_equal(answer, "the answer");
    }
}

static void what_was_noted_otherwise_is_another_request(void **state)
{
    static const char *const outcomes[] = {"", "cancelled",
                                           "registered 12345678901234567890123456"};
    struct request_key key = key_of("alice", "k", "a", "b");

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(outcomes); i++)
        assert_null(request_key_answer(&key, outcomes[i]));
    assert_null(request_key_answer(&key, key.fingerprint)); /* no answer behind it */
}

static void the_longest_answer_and_key_fit(void **state)
{
    char longest[REQUEST_KEY_ANSWER_MAX + 1] = "", outcome[BARRIER_OUTCOME_MAX + 1];
    char subject[CALL_USER_MAX + 1] = "", text[CALL_IDEMPOTENCY_KEY_MAX + 1] = "";
    struct request_key key;

    (void)state;
    memset(longest, 'x', sizeof(longest) - 1);
    memset(subject, 's', sizeof(subject) - 1);
    memset(text, 'k', sizeof(text) - 1);
    key = key_of(subject, text, "a", "b");
    assert_true(strlen(key.key) <= BARRIER_KEY_MAX);
    request_key_outcome(&key, longest, outcome);
    assert_string_equal(request_key_answer(&key, outcome), longest);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_the_same_request_gets_the_answer),
        cmocka_unit_test(what_was_noted_otherwise_is_another_request),
        cmocka_unit_test(the_longest_answer_and_key_fit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
