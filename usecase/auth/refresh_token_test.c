/* refresh_token_test.c - tokens as text, their successors, and what one is to a session. */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "tool/core/mem.h"
#include "usecase/auth/refresh_token.h"

enum { SECOND = 1000000 };

static const int64_t START = INT64_C(1764374400) * SECOND;
static const char SEED[] = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";
static const char SECRET[] = "_____________________________________________";

static struct refresh_token token_made(void)
{
    struct refresh_token token = {.session = {{1, 2, 3}}};

    memcpy(token.secret, SECRET, SESSION_SECRET_LEN - 1);
    token.secret[SESSION_SECRET_LEN - 1] = '8'; /* of 43 digits the last has two bits unused */
    return token;
}

static void a_token_is_read_back_in_its_one_form(void **state)
{
    static const char *const wrong[] = {
        "",
        ".",
        "..",
        "garbage",
        "AQIDAAAAAAAAAAAAAAAAAA.0",
        "AQIDAAAAAAAAAAAAAAAAAA.0.",
        "AQIDAAAAAAAAAAAAAAAAAA.0.short",
        "AQIDAAAAAAAAAAAAAAAAAA..__________________________________________8",
        "AQIDAAAAAAAAAAAAAAAAAA.00.__________________________________________8",
        "AQIDAAAAAAAAAAAAAAAAAA.-1.__________________________________________8",
        "AQIDAAAAAAAAAAAAAAAAAA.+1.__________________________________________8",
        "AQIDAAAAAAAAAAAAAAAAAA.1e3.__________________________________________8",
        "AQIDAAAAAAAAAAAAAAAAAA.99999999999.__________________________________________8",
        "AQIDAAAAAAAAAAAAAAAAAB.0.__________________________________________8",
        "AQIDAAAAAAAAAAAAAAAAA.0.__________________________________________8",
        "AQIDAAAAAAAAAAAAAAAAAA.0.__________________________________________9",
        "AQIDAAAAAAAAAAAAAAAAAA.0.__________________________________________8.",
        "AQIDAAAAAAAAAAAAAAAAAA.0._________________________________________/8",
        " AQIDAAAAAAAAAAAAAAAAAA.0.__________________________________________8",
    };
    struct refresh_token token = token_made(), got;
    char text[REFRESH_TOKEN_LEN_MAX + 1];

    (void)state;
    for (int i = 0; i < 2; i++, token.generation = 9999999999) {
        refresh_token_text(&token, text);
        assert_true(refresh_token_parse(text, &got));
        assert_true(uuid_equal(token.session, got.session));
        assert_int_equal(token.generation, got.generation);
        assert_string_equal(token.secret, got.secret);
    }
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
        if (refresh_token_parse(wrong[i], &got))
            fail_msg("read: %s", wrong[i]);
}

static void a_token_has_one_successor_by_the_seed(void **state)
{
    struct refresh_token a = token_made(), b = a, other = a;
    char hash[SESSION_SECRET_LEN + 1], next_hash[SESSION_SECRET_LEN + 1];

    (void)state;
    refresh_token_hash(&a, hash);
    refresh_token_next(SEED, &a);
    refresh_token_next(SEED, &b);
    refresh_token_next("another_seed_another_seed_another_seed_____", &other);
    assert_int_equal(1, a.generation);
    assert_string_equal(a.secret, b.secret);
    assert_string_not_equal(a.secret, other.secret);
    refresh_token_hash(&a, next_hash);
    assert_string_not_equal(hash, next_hash);
    assert_string_not_equal(a.secret, next_hash);
}

/* A session whose token was changed at 0, 4 and 12 s, and the tokens it has had. */
static void make_session(struct session *session, struct refresh_token tokens[4])
{
    static const int64_t AT_S[] = {0, 4, 12};

    *session = (struct session){.id = {{1, 2, 3}}};
    TEXT_COPY(session->seed, SEED);
    tokens[0] = token_made();
    for (size_t i = 0; i < ARRAY_LEN(AT_S); i++) {
        tokens[i + 1] = tokens[i];
        refresh_token_next(SEED, &tokens[i + 1]);
        session_rotate(session, START + AT_S[i] * SECOND);
    }
    refresh_token_hash(&tokens[3], session->token_hash);
}

static void a_token_is_good_again_reused_or_unknown(void **state)
{
    static const struct {
        const char *why;
        size_t token;
        int64_t at_s;
        enum refresh_verdict want;
    } cases[] = {
        {"the newest",                         3, 12,      REFRESH_GOOD  },
        {"the newest, much later",             3, 1000000, REFRESH_GOOD  },
        {"the one before, an answer was lost", 2, 22,      REFRESH_AGAIN },
        {"the one before, too late",           2, 23,      REFRESH_REUSED},
        {"two before, within its ten seconds", 1, 14,      REFRESH_AGAIN },
        {"two before, after them",             1, 15,      REFRESH_REUSED},
        {"the first",                          0, 13,      REFRESH_REUSED},
    };
    struct refresh_token tokens[4];
    struct session session;

    (void)state;
    make_session(&session, tokens);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct refresh_token token = tokens[cases[i].token];
        if (refresh_token_judge(&session, START + cases[i].at_s * SECOND, &token) != cases[i].want)
            fail_msg("%s", cases[i].why);
        if (cases[i].want == REFRESH_AGAIN)
            assert_memory_equal(&tokens[3], &token, sizeof(token));
        else
            assert_memory_equal(&tokens[cases[i].token], &token, sizeof(token));
    }
}

static void what_is_not_surely_ours_is_unknown(void **state)
{
    struct refresh_token tokens[4], token;
    struct session session;

    (void)state;
    make_session(&session, tokens);
    for (size_t i = 0; i < ARRAY_LEN(tokens); i++) {
        token = tokens[i];
        token.secret[7] = token.secret[7] == 'x' ? 'y' : 'x';
        assert_int_equal(REFRESH_UNKNOWN,
                         refresh_token_judge(&session, START + 100 * SECOND, &token));
        token = tokens[i]; /* its secret under another number */
        token.generation = 3 - token.generation;
        assert_int_equal(REFRESH_UNKNOWN,
                         refresh_token_judge(&session, START + 100 * SECOND, &token));
    }
    token = tokens[3];
    refresh_token_next(SEED, &token);
    assert_int_equal(REFRESH_UNKNOWN, refresh_token_judge(&session, START, &token));
    session.generation = INT64_C(9000000000); /* nobody walks so far */
    assert_int_equal(REFRESH_UNKNOWN, refresh_token_judge(&session, START, &tokens[0]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_token_is_read_back_in_its_one_form),
        cmocka_unit_test(a_token_has_one_successor_by_the_seed),
        cmocka_unit_test(a_token_is_good_again_reused_or_unknown),
        cmocka_unit_test(what_is_not_surely_ours_is_unknown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
