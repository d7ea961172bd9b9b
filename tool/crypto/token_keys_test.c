/* token_keys_test.c - the folder of signing keys: made once, read whole, refused when it is not
 * safe. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <dirent.h>
#include <fcntl.h>
#include <grp.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tool/core/mem.h"
#include "tool/crypto/token_keys.h"

/* RFC 8037, appendix A.1 to A.3 */
#define RFC_SEED "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"
#define RFC_X "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
#define RFC_KID "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"

struct fixture {
    char parent[64], dir[80];
    char why[TOKEN_WHY_MAX + 1];
    struct token_keys keys;
};

static int setup(void **state)
{
    struct fixture *f = MEM_NEW(struct fixture);

    strcpy(f->parent, "/tmp/hanok-keys-XXXXXX");
    if (!mkdtemp(f->parent))
        return -1;
    snprintf(f->dir, sizeof f->dir, "%s/keys", f->parent);
    f->keys.dir = f->dir;
    *state = f;
    return 0;
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
    rmdir(f->parent);
    free(f);
    return 0;
}

static void put(const struct fixture *f, const char *name, const char *text, mode_t mode)
{
    char path[200];
    int fd;

    mkdir(f->dir, 0700);
    snprintf(path, sizeof path, "%s/%s", f->dir, name);
    fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    assert_true(fd >= 0 && fchmod(fd, mode) == 0);
    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
    close(fd);
}

static int count(const struct fixture *f)
{
    DIR *stream = opendir(f->dir);
    const struct dirent *entry;
    int n = 0;

    while ((entry = readdir(stream)))
        n += entry->d_name[0] != '.' || strlen(entry->d_name) > 2;
    closedir(stream);
    return n;
}

static void a_seed_gives_the_key_and_thumbprint_of_rfc_8037(void **state)
{
    struct fixture *f = *state;

    put(f, "a.key", RFC_SEED "\n", 0600);
    assert_true(token_keys_load(&f->keys, f->why));
    assert_int_equal(f->keys.n, 1);
    assert_string_equal(f->keys.pairs[0].public.x, RFC_X);
    assert_string_equal(f->keys.pairs[0].public.kid, RFC_KID);
}

static void a_first_key_is_made_private_and_only_once(void **state)
{
    struct fixture *f = *state;
    char kid[TOKEN_KID_LEN + 1];
    struct stat st;

    assert_true(token_keys_ensure(f->dir, &ENTROPY_SYSTEM, f->why));
    assert_true(token_keys_load(&f->keys, f->why));
    assert_int_equal(f->keys.n, 1);
    assert_int_equal(stat(f->dir, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0700);
    TEXT_COPY(kid, f->keys.pairs[0].public.kid);
    assert_true(token_keys_ensure(f->dir, &ENTROPY_SYSTEM, f->why));
    assert_true(token_keys_load(&f->keys, f->why));
    assert_int_equal(f->keys.n, 1);
    assert_string_equal(f->keys.pairs[0].public.kid, kid);
}

static void processes_that_start_together_share_one_key(void **state)
{
    struct fixture *f = *state;
    enum { N = 8 };
    pid_t pids[N];
    int status;

    for (int i = 0; i < N; i++) {
        pids[i] = fork();
        assert_true(pids[i] >= 0);
        if (pids[i] == 0)
            _exit(token_keys_ensure(f->dir, &ENTROPY_SYSTEM, f->why) &&
                          token_keys_load(&f->keys, f->why)
                      ? 0
                      : 1);
    }
    for (int i = 0; i < N; i++) {
        assert_int_equal(waitpid(pids[i], &status, 0), pids[i]);
        assert_int_equal(status, 0);
    }
    assert_int_equal(count(f), 1);
}

static void what_a_crash_left_half_written_is_no_key(void **state)
{
    struct fixture *f = *state;

    put(f, ".new", "nWGx", 0600);
    assert_true(token_keys_ensure(f->dir, &ENTROPY_SYSTEM, f->why));
    assert_true(token_keys_load(&f->keys, f->why));
    assert_int_equal(f->keys.n, 1);
    assert_int_equal(count(f), 1);
}

static void the_newest_name_signs_and_the_oldest_drop_out(void **state)
{
    static const char ALPHABET[] = "ABCDEFGHIJKL";
    struct fixture *f = *state;
    char seed[] = RFC_SEED, name[32], newest[TOKEN_KID_LEN + 1] = "";

    for (size_t i = 0; i < strlen(ALPHABET); i++) {
        seed[0] = ALPHABET[i];
        snprintf(name, sizeof name, "202611%02zuT000000Z-x.key", i + 1);
        put(f, name, seed, 0600);
        if (i >= TOKEN_KEYS_MAX)
            continue;
        assert_true(token_keys_load(&f->keys, f->why));
        assert_int_equal(f->keys.n, i + 1);
        assert_string_not_equal(f->keys.pairs[0].public.kid, newest);
        TEXT_COPY(newest, f->keys.pairs[0].public.kid);
    }
    put(f, "notes.txt", "not a key", 0644);
    assert_true(token_keys_load(&f->keys, f->why));
    assert_int_equal(f->keys.n, TOKEN_KEYS_MAX);
    assert_string_not_equal(f->keys.pairs[0].public.kid, newest);
    assert_string_equal(f->keys.pairs[4].public.kid, newest);
}

static void a_bad_key_is_named_with_what_to_do(void **state)
{
    static const struct {
        const char *why, *text;
        mode_t mode;
        const char *says;
    } cases[] = {
        {"empty",            "",                                            0600, "is empty"    },
        {"a newline",        "\n",                                          0600, "is malformed"},
        {"short",            "nWGxne_9",                                    0600, "is malformed"},
        {"padded",           RFC_SEED "=",                                  0600, "is malformed"},
        {"other alphabet",   "nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A", 0600, "is malformed"},
        {"left-over bits",   "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2B", 0600, "is malformed"},
        {"more after it",    RFC_SEED "\nmore",                             0600, "is malformed"},
        {"two newlines",     RFC_SEED "\n\n",                               0600, "is malformed"},
        {"group may read",   RFC_SEED,                                      0640, "chmod 600"   },
        {"others may read",  RFC_SEED,                                      0604, "chmod 600"   },
        {"others may write", RFC_SEED,                                      0602, "chmod 600"   },
    };
    struct fixture *f = *state;

    put(f, "0-good.key", RFC_SEED, 0600);
    assert_true(token_keys_load(&f->keys, f->why));
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        put(f, "1-bad.key", cases[i].text, cases[i].mode);
        f->why[0] = '\0';
        if (token_keys_load(&f->keys, f->why))
            fail_msg("%s: accepted", cases[i].why);
        if (!strstr(f->why, "1-bad.key") || !strstr(f->why, cases[i].says))
            fail_msg("%s: %s", cases[i].why, f->why);
        assert_int_equal(f->keys.n, 1);
    }
}

/* Loads as a user that is not root, in the group GUEST. */
static bool guest_loads(struct fixture *f)
{
    enum { GUEST = 65534 };
    pid_t pid;
    int status;

    assert_int_equal(chmod(f->parent, 0755), 0);
    assert_int_equal(chmod(f->dir, 0755), 0);
    pid = fork();
    assert_true(pid >= 0);
    if (pid == 0)
        _exit(setgroups(0, NULL) == 0 && setgid(GUEST) == 0 && setuid(GUEST) == 0 &&
                      token_keys_load(&f->keys, f->why)
                  ? 0
                  : 1);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status) == 0;
}

static void root_may_lend_a_key_to_a_group(void **state)
{
    static const struct {
        mode_t mode;
        uid_t owner;
        bool taken;
    } cases[] = {
        {0440, 0,     true },
        {0640, 0,     true },
        {0460, 0,     false},
        {0444, 0,     false},
        {0440, 65534, false},
    };
    struct fixture *f = *state;
    char path[100];

    if (geteuid() != 0)
        skip();
    snprintf(path, sizeof path, "%s/a.key", f->dir);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        put(f, "a.key", RFC_SEED, cases[i].mode);
        assert_int_equal(chown(path, cases[i].owner, 65534), 0);
        if (guest_loads(f) != cases[i].taken)
            fail_msg("mode %o, owner %u", cases[i].mode, cases[i].owner);
    }
}

static void a_bad_folder_is_refused(void **state)
{
    struct fixture *f = *state;

    assert_false(token_keys_load(&f->keys, f->why)); /* missing */
    assert_non_null(strstr(f->why, f->dir));
    assert_int_equal(mkdir(f->dir, 0700), 0);
    assert_false(token_keys_load(&f->keys, f->why)); /* empty */
    assert_non_null(strstr(f->why, "no *.key"));
    put(f, "a.key", RFC_SEED, 0600);
    assert_int_equal(chmod(f->dir, 0777), 0);
    assert_false(token_keys_load(&f->keys, f->why));
    assert_false(token_keys_ensure(f->dir, &ENTROPY_SYSTEM, f->why));
    assert_non_null(strstr(f->why, "chmod 700"));
    assert_int_equal(chmod(f->dir, 0700), 0);
    assert_true(token_keys_load(&f->keys, f->why));
}

static void a_missing_parent_is_not_made(void **state)
{
    struct fixture *f = *state;
    char dir[100];

    snprintf(dir, sizeof dir, "%s/no/keys", f->parent);
    assert_false(token_keys_ensure(dir, &ENTROPY_SYSTEM, f->why));
    assert_non_null(strstr(f->why, "make its parent"));
}

static void a_changed_folder_is_stale_and_one_just_read_is_unsettled(void **state)
{
    struct fixture *f = *state;
    struct timespec old[2] = {{.tv_sec = 1000000000}, {.tv_sec = 1000000000}};

    put(f, "a.key", RFC_SEED, 0600);
    assert_true(token_keys_load(&f->keys, f->why));
    assert_int_equal(token_keys_age(&f->keys), TOKEN_KEYS_UNSETTLED);
    assert_int_equal(utimensat(AT_FDCWD, f->dir, old, 0), 0);
    assert_true(token_keys_load(&f->keys, f->why));
    assert_int_equal(token_keys_age(&f->keys), TOKEN_KEYS_FRESH);
    put(f, "b.key", RFC_SEED, 0600);
    assert_int_equal(token_keys_age(&f->keys), TOKEN_KEYS_STALE);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        T(a_seed_gives_the_key_and_thumbprint_of_rfc_8037),
        T(a_first_key_is_made_private_and_only_once),
        T(processes_that_start_together_share_one_key),
        T(what_a_crash_left_half_written_is_no_key),
        T(the_newest_name_signs_and_the_oldest_drop_out),
        T(a_bad_key_is_named_with_what_to_do),
        T(root_may_lend_a_key_to_a_group),
        T(a_bad_folder_is_refused),
        T(a_missing_parent_is_not_made),
        T(a_changed_folder_is_stale_and_one_just_read_is_unsettled),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
