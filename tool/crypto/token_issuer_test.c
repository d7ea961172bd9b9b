/* token_issuer_test.c - what the issuer signs is what the verifier believes, also over a rotation.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <time.h>
#include <unistd.h>

#include "tool/core/log.h"
#include "tool/core/mem.h"
#include "tool/crypto/token_folder.h"

enum { PATIENCE_S = 120 };

static const struct call CALL = {.clock = &CLOCK_SYSTEM, .deadline_ms = INT64_MAX};
static const struct uuid SOMEBODY = {
    {1, 2, 3, 4, 5, 6, 0x77, 8, 0x89, 10, 11, 12, 13, 14, 15, 16}
};
#define SESSION_BYTES                                                                              \
    {                                                                                              \
        {                                                                                          \
            1, 2, 3, 4, 5, 6, 0x77, 8, 0x89, 10, 11, 12, 13, 14, 15, 17                            \
        }                                                                                          \
    }
static const struct uuid SESSION = SESSION_BYTES;

struct fixture {
    char dir[64];
    struct token_issuer *issuer;
};

static struct token_issuer *create(const char *dir, const char *names, const char **why)
{
    char trouble[TOKEN_WHY_MAX + 1];
    struct token_issuer_config config = {
        .folder = token_folder_create(dir, 900, &ENTROPY_SYSTEM, trouble),
        .clock = &CLOCK_SYSTEM,
        .issuer = names,
        .audience = names,
        .lifetime_s = 900,
        .entropy = &ENTROPY_SYSTEM};

    return token_issuer_create(&config, why);
}

static int setup(void **state)
{
    struct fixture *f = MEM_NEW(struct fixture);
    const char *why;

    log_set_fd(-1);
    strcpy(f->dir, "/tmp/hanok-issuer-XXXXXX");
    if (!mkdtemp(f->dir))
        return -1;
    f->issuer = create(f->dir, "hanok", &why);
    *state = f;
    return f->issuer ? 0 : -1;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    DIR *stream = opendir(f->dir);
    const struct dirent *entry;

    while (stream && (entry = readdir(stream)))
        unlinkat(dirfd(stream), entry->d_name, 0);
    if (stream)
        closedir(stream);
    rmdir(f->dir);
    if (f->issuer)
        f->issuer->ops->destroy(f->issuer);
    free(f);
    return 0;
}

static void put(const struct fixture *f, const char *name, const char *text)
{
    char path[100];
    int fd;

    snprintf(path, sizeof path, "%s/%s", f->dir, name);
    fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
    close(fd);
}

static enum token_verdict verify(const struct token_key_set *keys, const char *token,
                                 struct token_claims *claims)
{
    return token_verify(keys, token, strlen(token), "hanok", "hanok", time(NULL), claims);
}

static void what_is_issued_is_believed(void **state)
{
    static const char *const ROLES[] = {"", "admin", "admin auditor"};
    static const struct uuid SESSIONS[] = {{{0}}, SESSION_BYTES, {{0}}};
    struct fixture *f = *state;
    char token[TOKEN_TEXT_MAX + 1], last_jti[UUID_TEXT_LEN + 1] = "";
    struct token_key_set keys;
    struct token_claims claims;
    int64_t expires_in_s;

    f->issuer->ops->keys(f->issuer, &keys);
    assert_int_equal(keys.n, 1);
    for (size_t i = 0; i < ARRAY_LEN(ROLES); i++) {
        assert_int_equal(f->issuer->ops->issue(f->issuer, &CALL, SOMEBODY, SESSIONS[i], ROLES[i],
                                               token, &expires_in_s),
                         ST_OK);
        assert_int_equal(expires_in_s, 900);
        assert_int_equal(verify(&keys, token, &claims), TOKEN_OK);
        assert_true(uuid_equal(claims.subject, SOMEBODY));
        assert_true(uuid_equal(claims.session, SESSIONS[i]));
        assert_string_equal(claims.roles, ROLES[i]);
        assert_int_equal(claims.expires_s - claims.issued_s, 900);
        assert_string_not_equal(claims.jti, last_jti);
        TEXT_COPY(last_jti, claims.jti);
    }
}

static void the_longest_names_and_roles_fit(void **state)
{
    struct fixture *f = *state;
    char name[TOKEN_NAME_MAX + 1] = "", roles[CALL_ROLES_MAX + 1] = "";
    char token[TOKEN_TEXT_MAX + 1];
    struct token_issuer *issuer;
    struct token_key_set keys;
    struct token_claims claims;
    const char *why;
    int64_t expires_in_s;

    memset(name, 'n', TOKEN_NAME_MAX);
    memset(roles, 'r', CALL_ROLES_MAX);
    issuer = create(f->dir, name, &why);
    assert_non_null(issuer);
    assert_int_equal(
        issuer->ops->issue(issuer, &CALL, SOMEBODY, SESSION, roles, token, &expires_in_s), ST_OK);
    issuer->ops->keys(issuer, &keys);
    assert_int_equal(token_verify(&keys, token, strlen(token), name, name, time(NULL), &claims),
                     TOKEN_OK);
    issuer->ops->destroy(issuer);
}

static void names_that_do_not_fit_a_token_are_refused(void **state)
{
    static const char *const NAMES[] = {
        "", "two words", "a\"quote", "tab\t",
        "0123456789012345678901234567890123456789012345678901234567890123"};
    struct fixture *f = *state;
    const char *why;

    for (size_t i = 0; i < ARRAY_LEN(NAMES); i++) {
        assert_null(create(f->dir, NAMES[i], &why));
        assert_non_null(strstr(why, "issuer"));
    }
}

/* Issues until the signing key changes. */
static void wait_for_another_key(const struct fixture *f, const struct token_key_set *before)
{
    time_t until = time(NULL) + PATIENCE_S;
    struct token_key_set keys;

    do {
        /* lint: allow sleep the issuer looks at its folder once a second */
        nanosleep(&(struct timespec){.tv_nsec = 20000000}, NULL);
        f->issuer->ops->keys(f->issuer, &keys);
    } while (strcmp(keys.keys[0].kid, before->keys[0].kid) == 0 && time(NULL) < until);
    assert_string_not_equal(keys.keys[0].kid, before->keys[0].kid);
}

static void a_new_key_signs_and_the_old_one_still_verifies(void **state)
{
    struct fixture *f = *state;
    char old[TOKEN_TEXT_MAX + 1], new[TOKEN_TEXT_MAX + 1];
    struct token_key_set before, after;
    struct token_claims claims;
    int64_t expires_in_s;

    f->issuer->ops->keys(f->issuer, &before);
    f->issuer->ops->issue(f->issuer, &CALL, SOMEBODY, SESSION, "", old, &expires_in_s);
    put(f, "99999999T000000Z-new.key", "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A");
    wait_for_another_key(f, &before);
    f->issuer->ops->issue(f->issuer, &CALL, SOMEBODY, SESSION, "", new, &expires_in_s);
    f->issuer->ops->keys(f->issuer, &after);
    assert_int_equal(after.n, 2);
    assert_int_equal(verify(&after, old, &claims), TOKEN_OK);
    assert_int_equal(verify(&after, new, &claims), TOKEN_OK);
    assert_int_equal(verify(&before, new, &claims), TOKEN_UNKNOWN_KEY);
}

static void a_bad_key_changes_nothing_until_it_is_mended(void **state)
{
    struct fixture *f = *state;
    time_t until = time(NULL) + 2;
    char token[TOKEN_TEXT_MAX + 1];
    struct token_key_set before, keys;
    struct token_claims claims;
    int64_t expires_in_s;

    f->issuer->ops->keys(f->issuer, &before);
    put(f, "99999999T000000Z-new.key", "half a ke");
    while (time(NULL) < until) {
        f->issuer->ops->issue(f->issuer, &CALL, SOMEBODY, SESSION, "", token, &expires_in_s);
        assert_int_equal(verify(&before, token, &claims), TOKEN_OK);
        /* lint: allow sleep the issuer looks at its folder once a second */
        nanosleep(&(struct timespec){.tv_nsec = 100000000}, NULL);
    }
    f->issuer->ops->keys(f->issuer, &keys);
    assert_int_equal(keys.n, 1);
    put(f, "99999999T000000Z-new.key", "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A");
    wait_for_another_key(f, &before);
}

struct storm {
    struct token_issuer *issuer;
    struct token_key_set keys;
    atomic_int believed;
};

static void *issue_many(void *arg)
{
    struct storm *storm = arg;
    char token[TOKEN_TEXT_MAX + 1];
    struct token_claims claims;
    int64_t expires_in_s;

    for (int i = 0; i < 50; i++) {
        storm->issuer->ops->issue(storm->issuer, &CALL, SOMEBODY, SESSION, "admin", token,
                                  &expires_in_s);
        storm->believed += verify(&storm->keys, token, &claims) == TOKEN_OK;
    }
    return NULL;
}

static void many_threads_issue_at_once(void **state)
{
    struct fixture *f = *state;
    struct storm storm = {.issuer = f->issuer};
    pthread_t threads[4];

    f->issuer->ops->keys(f->issuer, &storm.keys);
    for (size_t i = 0; i < ARRAY_LEN(threads); i++)
        assert_int_equal(pthread_create(&threads[i], NULL, issue_many, &storm), 0);
    for (size_t i = 0; i < ARRAY_LEN(threads); i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(storm.believed, 200);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        T(what_is_issued_is_believed),
        T(the_longest_names_and_roles_fit),
        T(names_that_do_not_fit_a_token_are_refused),
        T(a_new_key_signs_and_the_old_one_still_verifies),
        T(a_bad_key_changes_nothing_until_it_is_mended),
        T(many_threads_issue_at_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
