/* token_folder_test.c - which key signs and which verify, by the clock; new keys, and the end of
 * old ones. */
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
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tool/core/log.h"
#include "tool/core/mem.h"
#include "tool/crypto/token_folder.h"
#include "tool/crypto/token_key_name.h"

enum { LIFETIME_S = 900, SLACK_S = 90, DAY_S = 86400 };

struct fixture {
    char parent[64], dir[80], why[TOKEN_WHY_MAX + 1];
    int64_t now_s;
    struct token_folder *folder, *other; /* of two processes */
    struct token_folder_view view;
};

static int setup(void **state)
{
    struct fixture *f = MEM_NEW(struct fixture);

    log_set_fd(-1);
    strcpy(f->parent, "/tmp/hanok-folder-XXXXXX");
    if (!mkdtemp(f->parent))
        return -1;
    snprintf(f->dir, sizeof f->dir, "%s/keys", f->parent);
    f->folder = token_folder_create(f->dir, LIFETIME_S, &ENTROPY_SYSTEM, f->why);
    f->other = token_folder_create(f->dir, LIFETIME_S, &ENTROPY_SYSTEM, f->why);
    f->now_s = clock_wall_us(&CLOCK_SYSTEM) / 1000000 + 60;
    *state = f;
    return f->folder && f->other ? 0 : -1;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    DIR *stream = opendir(f->dir);
    const struct dirent *entry;

    token_folder_destroy(f->folder);
    token_folder_destroy(f->other);
    while (stream && (entry = readdir(stream)))
        unlinkat(dirfd(stream), entry->d_name, 0);
    if (stream)
        closedir(stream);
    rmdir(f->dir);
    rmdir(f->parent);
    free(f);
    return 0;
}

/* The states of the keys, newest first: "TSF". */
static const char *states(struct fixture *f)
{
    static char text[TOKEN_KEYS_MAX + 1];

    token_folder_view(f->folder, f->now_s, &f->view);
    for (size_t i = 0; i < f->view.n; i++)
        text[i] = "TSFO"[f->view.keys[i].state];
    text[f->view.n] = '\0';
    return text;
}

static enum token_key_change add(struct fixture *f, int64_t in_s, char kid[TOKEN_KID_LEN + 1])
{
    return token_folder_add(f->folder, f->now_s + in_s, f->now_s, false, kid, f->why);
}

static bool verifies(struct token_folder *folder, int64_t now_s, const char *kid)
{
    struct token_key_set set;

    token_folder_verify(folder, now_s, &set);
    for (size_t i = 0; i < set.n; i++)
        if (strcmp(set.keys[i].kid, kid) == 0)
            return true;
    return false;
}

static void expect_signs(struct fixture *f, const char *kid)
{
    struct token_folder *const both[] = {f->folder, f->other};
    struct token_folder_view view;
    struct token_key_set set;
    struct token_pair pair;

    for (size_t i = 0; i < ARRAY_LEN(both); i++) {
        token_folder_view(both[i], f->now_s, &view); /* looks */
        token_folder_signs(both[i], f->now_s, &pair);
        assert_string_equal(pair.public.kid, kid);
        token_folder_verify(both[i], f->now_s, &set);
        assert_string_equal(set.keys[0].kid, kid);
    }
}

static void a_key_is_published_before_it_signs_and_verifies_after(void **state)
{
    struct fixture *f = *state;
    char first[TOKEN_KID_LEN + 1], second[TOKEN_KID_LEN + 1];
    struct token_folder_view view;

    assert_string_equal(states(f), "S");
    TEXT_COPY(first, f->view.keys[0].kid);
    assert_int_equal(add(f, 600, second), TOKEN_KEY_DONE);
    assert_string_equal(states(f), "TS");
    token_folder_view(f->other, f->now_s, &view);
    assert_true(verifies(f->other, f->now_s, second));
    expect_signs(f, first);
    f->now_s += 599;
    expect_signs(f, first);
    f->now_s += 1;
    assert_string_equal(states(f), "SF");
    assert_int_equal(f->view.keys[1].over_s, f->now_s + LIFETIME_S + SLACK_S);
    expect_signs(f, second);
    assert_true(verifies(f->folder, f->now_s, first));
    /* no token of the first one is left */
    f->now_s += LIFETIME_S + SLACK_S - 1;
    assert_true(verifies(f->other, f->now_s, first));
    f->now_s += 1;
    assert_string_equal(states(f), "SO");
    assert_false(verifies(f->other, f->now_s, first));
    token_folder_retire(f->folder, f->now_s);
    assert_string_equal(states(f), "S");
    expect_signs(f, second);
    token_folder_retire(f->other, f->now_s); /* it is gone already */
}

static void rotation_after_rotation_leaves_no_token_without_its_key(void **state)
{
    enum { ROUNDS = 40, PUBLISH_S = 100 };
    struct fixture *f = *state;
    struct {
        char kid[TOKEN_KID_LEN + 1];
        int64_t expires_s;
    } tokens[ROUNDS * 2];
    size_t n = 0, refused = 0;

    for (size_t i = 0; i < ROUNDS; i++) {
        char kid[TOKEN_KID_LEN + 1];
        enum token_key_change change = add(f, PUBLISH_S, kid);
        refused += change == TOKEN_KEYS_FULL;
        assert_true(change == TOKEN_KEY_DONE || change == TOKEN_KEYS_FULL);
        for (int k = 0; k < 2; k++) {
            struct token_pair pair;
            token_folder_signs(k ? f->folder : f->other, f->now_s, &pair);
            TEXT_COPY(tokens[n].kid, pair.public.kid);
            tokens[n++].expires_s = f->now_s + LIFETIME_S;
            f->now_s += PUBLISH_S / 2 + 1;
        }
        states(f);
        token_folder_view(f->other, f->now_s, &f->view);
        for (size_t t = 0; t < n; t++)
            if (tokens[t].expires_s > f->now_s)
                assert_true(verifies(f->other, f->now_s, tokens[t].kid));
    }
    assert_true(refused > 0); /* more than fit were wanted, and some did fit */
    assert_true(refused < ROUNDS / 2);
}

static void one_key_waits_for_its_time_and_no_more_than_fit_are_made(void **state)
{
    struct fixture *f = *state;
    char kid[TOKEN_KID_LEN + 1];

    assert_int_equal(add(f, 600, kid), TOKEN_KEY_DONE);
    assert_int_equal(add(f, 600, kid), TOKEN_KEY_WAITS);
    assert_non_null(strstr(f->why, "waits"));
    assert_int_equal(add(f, 5, kid), TOKEN_KEY_DONE); /* one that comes first is fine */
    assert_string_equal(states(f), "TTS");
    f->now_s += 600;
    assert_string_equal(states(f), "SFF");
    for (size_t i = 3; i < TOKEN_KEYS_MAX; i++) {
        assert_int_equal(add(f, 10, kid), TOKEN_KEY_DONE);
        f->now_s += 10;
    }
    assert_string_equal(states(f), "SFFFFFFF");
    assert_int_equal(add(f, 10, kid), TOKEN_KEYS_FULL);
    assert_non_null(strstr(f->why, "8 keys"));
    f->now_s += LIFETIME_S + SLACK_S;
    assert_int_equal(add(f, 10, kid), TOKEN_KEY_DONE); /* those that are over make room */
    assert_string_equal(states(f), "TS");
}

static void after_a_leak_the_new_key_alone_counts(void **state)
{
    struct fixture *f = *state;
    char first[TOKEN_KID_LEN + 1], waiting[TOKEN_KID_LEN + 1], kid[TOKEN_KID_LEN + 1];

    states(f);
    TEXT_COPY(first, f->view.keys[0].kid);
    assert_int_equal(add(f, 600, waiting), TOKEN_KEY_DONE);
    assert_int_equal(token_folder_add(f->folder, f->now_s, f->now_s, true, kid, f->why),
                     TOKEN_KEY_DONE);
    assert_string_equal(states(f), "S");
    expect_signs(f, kid);
    assert_false(verifies(f->other, f->now_s, first));
    assert_false(verifies(f->other, f->now_s, waiting));
}

static void put(struct fixture *f, const char *name)
{
    char path[200], seed[] = "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A";
    int fd;

    seed[0] = name[0] == '0' ? 'A' : 'B';
    snprintf(path, sizeof path, "%s/%s", f->dir, name);
    fd = open(path, O_WRONLY | O_CREAT, 0600);
    assert_int_equal(write(fd, seed, strlen(seed)), strlen(seed));
    close(fd);
}

/* One that says no time signs from now on: tokens of the one before it live as long as they do. */
static void a_key_that_comes_late_ends_nothing_early(void **state)
{
    struct fixture *f = *state;
    char kid[TOKEN_KID_LEN + 1];

    states(f);
    TEXT_COPY(kid, f->view.keys[0].kid);
    put(f, "z.key"); /* newer than the first by its name */
    f->now_s = clock_wall_us(&CLOCK_SYSTEM) / 1000000;
    assert_string_equal(states(f), "SF");
    assert_true(verifies(f->folder, f->now_s + LIFETIME_S, kid));
    assert_false(verifies(f->folder, f->now_s + LIFETIME_S + SLACK_S + 60, kid));
}

/* As keys were published early before names said when: older by name than the one that signs. */
static void a_key_without_a_time_is_never_over_by_itself(void **state)
{
    struct fixture *f = *state;

    put(f, "0-next.key");
    f->now_s += 30 * DAY_S;
    assert_string_equal(states(f), "SF");
    assert_int_equal(f->view.keys[1].over_s, 0);
    assert_true(verifies(f->folder, f->now_s, f->view.keys[1].kid));
    token_folder_retire(f->folder, f->now_s);
    assert_string_equal(states(f), "SF");
}

static void without_a_key_whose_time_has_come_the_first_to_come_signs(void **state)
{
    struct fixture *f = *state;
    char kid[TOKEN_KID_LEN + 1], first[TOKEN_KID_LEN + 1];

    states(f);
    TEXT_COPY(first, f->view.keys[0].kid);
    assert_int_equal(add(f, 600, kid), TOKEN_KEY_DONE);
    f->now_s -= 2 * DAY_S; /* a clock that is behind */
    assert_string_equal(states(f), "TS");
    expect_signs(f, first);
}

/* As a user who is not root, for whom the folder is read-only. */
static int as_guest(struct fixture *f)
{
    char kid[TOKEN_KID_LEN + 1];
    struct token_folder *folder;
    int code = 1;

    if (setgid(65534) != 0 || setuid(65534) != 0)
        return 9;
    folder = token_folder_create(f->dir, LIFETIME_S, &ENTROPY_SYSTEM, f->why);
    if (folder &&
        token_folder_add(folder, f->now_s + 600, f->now_s, false, kid, f->why) == TOKEN_KEYS_CLOSED)
        code = strstr(f->why, "cannot be written") ? 0 : 2;
    if (folder)
        token_folder_retire(folder, f->now_s + DAY_S);
    token_folder_destroy(folder);
    return code;
}

static void a_folder_that_is_read_only_says_what_to_do(void **state)
{
    struct fixture *f = *state;
    DIR *stream = opendir(f->dir);
    const struct dirent *entry;
    pid_t pid;
    int status;

    if (geteuid() != 0)
        skip();
    while ((entry = readdir(stream)))
        if (token_key_name_is(entry->d_name)) {
            assert_int_equal(fchownat(dirfd(stream), entry->d_name, 0, 65534, 0), 0);
            assert_int_equal(fchmodat(dirfd(stream), entry->d_name, 0440, 0), 0);
        }
    closedir(stream);
    assert_int_equal(chmod(f->parent, 0755), 0);
    assert_int_equal(chmod(f->dir, 0755), 0);
    pid = fork();
    assert_true(pid >= 0);
    if (pid == 0)
        _exit(as_guest(f));
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
}

static void a_folder_that_went_bad_keeps_its_keys_and_says_so(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(chmod(f->dir, 0777), 0);
    assert_string_equal(states(f), "S");
    assert_non_null(strstr(f->view.trouble, "chmod 700"));
    assert_int_equal(chmod(f->dir, 0700), 0);
    assert_string_equal(states(f), "S");
    assert_string_equal(f->view.trouble, "");
}

static void *rotate(void *arg)
{
    struct fixture *f = arg;
    char kid[TOKEN_KID_LEN + 1], why[TOKEN_WHY_MAX + 1];

    token_folder_add(f->folder, f->now_s + 600, f->now_s, false, kid, why);
    token_folder_retire(f->other, f->now_s);
    return NULL;
}

static void of_many_who_rotate_at_once_one_does(void **state)
{
    struct fixture *f = *state;
    pthread_t threads[8];

    for (size_t i = 0; i < ARRAY_LEN(threads); i++)
        assert_int_equal(pthread_create(&threads[i], NULL, rotate, f), 0);
    for (size_t i = 0; i < ARRAY_LEN(threads); i++)
        pthread_join(threads[i], NULL);
    assert_string_equal(states(f), "TS");
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        T(a_key_is_published_before_it_signs_and_verifies_after),
        T(rotation_after_rotation_leaves_no_token_without_its_key),
        T(one_key_waits_for_its_time_and_no_more_than_fit_are_made),
        T(after_a_leak_the_new_key_alone_counts),
        T(a_key_that_comes_late_ends_nothing_early),
        T(a_key_without_a_time_is_never_over_by_itself),
        T(without_a_key_whose_time_has_come_the_first_to_come_signs),
        T(a_folder_that_is_read_only_says_what_to_do),
        T(a_folder_that_went_bad_keeps_its_keys_and_says_so),
        T(of_many_who_rotate_at_once_one_does),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
