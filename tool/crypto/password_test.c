/* password_test.c - what every hasher promises, over Argon2id and the fake; then what only threads
 * and a queue can get wrong; then the strength of passwords. */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include <cmocka.h>
#include <pthread.h>
#include <sodium.h>
#include <stdatomic.h>

#include "tool/core/mem.h"
#include "tool/crypto/password.h"

enum { M_KIB = 8192, PATIENCE_MS = 120000 };

static struct call in(int64_t ms)
{
    return (struct call){.clock = &CLOCK_SYSTEM, .deadline_ms = clock_now_ms(&CLOCK_SYSTEM) + ms};
}

static struct password_hasher *argon2(unsigned threads, unsigned queue, unsigned passes)
{
    struct password_hasher *h = argon2_hasher_create(&(struct argon2_config){
        .threads = threads, .queue = queue, .memory_kib = M_KIB, .passes = passes});

    assert_non_null(h);
    return h;
}

static void a_hash_is_verified_by_its_password_alone(void **state)
{
    struct password_hasher *hashers[] = {argon2(1, 4, 1), fake_hasher_create()};
    char long_one[PASSWORD_BYTES_MAX + 1] = {0};

    (void)state;
    memset(long_one, 'x', PASSWORD_BYTES_MAX);
    for (size_t i = 0; i < ARRAY_LEN(hashers); i++) {
        struct password_hasher *h = hashers[i];
        const char *passwords[] = {"correct horse", "p\xc3\xa4ssw\xc3\xb6rd", long_one};
        char phc[PASSWORD_HASH_MAX + 1];
        struct call call = in(PATIENCE_MS);

        for (size_t k = 0; k < ARRAY_LEN(passwords); k++) {
            assert_int_equal(h->ops->hash(h, &call, passwords[k], phc), ST_OK);
            bool renew = true;
            assert_int_equal(h->ops->verify(h, &call, passwords[k], phc, &renew), ST_OK);
            assert_false(renew);
            assert_int_equal(h->ops->verify(h, &call, "wrong horse", phc, NULL),
                             ST_UNAUTHENTICATED);
        }
        assert_int_equal(h->ops->verify(h, &call, "any", NULL, NULL), ST_UNAUTHENTICATED);
        assert_int_equal(h->ops->verify(h, &call, "any", "garbage", NULL), ST_UNAUTHENTICATED);
        call = in(-1);
        strcpy(phc, "untouched");
        assert_int_equal(h->ops->hash(h, &call, "too late", phc), ST_TIMEOUT);
        assert_int_equal(h->ops->verify(h, &call, "too late", phc, NULL), ST_TIMEOUT);
        assert_string_equal(phc, "untouched");
        h->ops->destroy(h);
    }
}

/* 안녕하세요 as one keyboard sends it, and as another does. */
#define COMPOSED "\uc548\ub155\ud558\uc138\uc694"
#define DECOMPOSED "\u110b\u1161\u11ab\u1102\u1167\u11bc\u1112\u1161\u1109\u1166\u110b\u116d"

static void a_password_is_the_same_from_every_keyboard(void **state)
{
    struct password_hasher *hashers[] = {argon2(1, 4, 1), fake_hasher_create()};
    static const char *const spellings[][2] = {
        {COMPOSED,          DECOMPOSED             },
        {DECOMPOSED,        COMPOSED               },
        {"caf\u00e9 creme", "cafe\u0301\u00a0creme"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(hashers); i++) {
        struct password_hasher *h = hashers[i];
        for (size_t k = 0; k < ARRAY_LEN(spellings); k++) {
            char phc[PASSWORD_HASH_MAX + 1];
            struct call call = in(PATIENCE_MS);
            bool renew = true;
            assert_int_equal(h->ops->hash(h, &call, spellings[k][0], phc), ST_OK);
            assert_int_equal(h->ops->verify(h, &call, spellings[k][1], phc, &renew), ST_OK);
            assert_false(renew);
            assert_int_equal(h->ops->verify(h, &call, DECOMPOSED "x", phc, NULL),
                             ST_UNAUTHENTICATED);
        }
        h->ops->destroy(h);
    }
}

/* 42 syllables: 126 bytes, and 378 when they are taken apart. */
static void a_password_is_counted_as_it_is_hashed(void **state)
{
    struct password_hasher *hashers[] = {argon2(1, 4, 1), fake_hasher_create()};
    char composed[PASSWORD_BYTES_MAX + 8] = "", decomposed[4 * PASSWORD_BYTES_MAX] = "";

    (void)state;
    for (int i = 0; i < 42; i++) {
        strcat(composed, "\ud55c");
        strcat(decomposed, "\u1112\u1161\u11ab");
    }
    for (size_t i = 0; i < ARRAY_LEN(hashers); i++) {
        struct password_hasher *h = hashers[i];
        char phc[PASSWORD_HASH_MAX + 1];
        struct call call = in(PATIENCE_MS);
        assert_int_equal(h->ops->hash(h, &call, decomposed, phc), ST_OK);
        assert_int_equal(h->ops->verify(h, &call, composed, phc, NULL), ST_OK);
        h->ops->destroy(h);
    }
}

/* As the release before did: of the bytes as they came. */
static void hash_as_typed(const char *password, char phc[PASSWORD_HASH_MAX + 1])
{
    assert_int_equal(crypto_pwhash_str(phc, password, strlen(password), 1, M_KIB * 1024), 0);
}

static void a_hash_of_a_password_as_typed_is_known_and_to_be_renewed(void **state)
{
    struct password_hasher *h = argon2(1, 4, 1);
    char phc[PASSWORD_HASH_MAX + 1];
    struct call call = in(PATIENCE_MS);
    bool renew = false;

    (void)state;
    hash_as_typed(DECOMPOSED, phc);
    assert_int_equal(h->ops->verify(h, &call, DECOMPOSED, phc, &renew), ST_OK);
    assert_true(renew);
    assert_int_equal(h->ops->verify(h, &call, COMPOSED, phc, NULL), ST_UNAUTHENTICATED);
    assert_int_equal(h->ops->verify(h, &call, DECOMPOSED, NULL, NULL), ST_UNAUTHENTICATED);
    hash_as_typed(COMPOSED, phc);
    assert_int_equal(h->ops->verify(h, &call, DECOMPOSED, phc, &renew), ST_OK);
    assert_false(renew);
    h->ops->destroy(h);
}

static void what_is_no_password_is_refused(void **state)
{
    struct password_hasher *hashers[] = {argon2(1, 4, 1), fake_hasher_create()};
    char long_one[PASSWORD_BYTES_MAX + 2] = {0};

    (void)state;
    memset(long_one, 'x', PASSWORD_BYTES_MAX + 1);
    for (size_t i = 0; i < ARRAY_LEN(hashers); i++) {
        struct password_hasher *h = hashers[i];
        char phc[PASSWORD_HASH_MAX + 1];
        struct call call = in(PATIENCE_MS);
        assert_int_equal(h->ops->hash(h, &call, long_one, phc), ST_INVALID);
        assert_int_equal(h->ops->verify(h, &call, long_one, NULL, NULL), ST_INVALID);
        assert_int_equal(h->ops->hash(h, &call, "not UTF-8 \xff", phc), ST_INVALID);
        h->ops->destroy(h);
    }
}

static void other_parameters_ask_for_a_rehash(void **state)
{
    struct password_hasher *old = argon2(1, 1, 1), *today = argon2(1, 1, 2);
    char phc[PASSWORD_HASH_MAX + 1];
    struct call call = in(PATIENCE_MS);
    bool renew = false;

    (void)state;
    assert_int_equal(old->ops->hash(old, &call, "correct horse", phc), ST_OK);
    assert_non_null(strstr(phc, "$argon2id$v=19$m=8192,t=1,p=1$"));
    assert_int_equal(today->ops->verify(today, &call, "correct horse", phc, &renew), ST_OK);
    assert_true(renew);
    old->ops->destroy(old);
    today->ops->destroy(today);
}

static void the_fake_wants_foreign_prefixes_rehashed(void **state)
{
    struct password_hasher *h = fake_hasher_create();
    char phc[PASSWORD_HASH_MAX + 1], old[PASSWORD_HASH_MAX + 1] = "$old";
    struct call call = in(PATIENCE_MS);
    bool renew = false;

    (void)state;
    assert_int_equal(h->ops->hash(h, &call, "correct horse", phc), ST_OK);
    strcat(old, strrchr(phc, '$'));
    assert_int_equal(h->ops->verify(h, &call, "correct horse", old, &renew), ST_OK);
    assert_true(renew);
    h->ops->destroy(h);
}

struct crowd {
    struct password_hasher *hasher;
    int64_t patience_ms;
    atomic_int counts[ST_UNCERTAIN + 1];
};

static void *one_of_many(void *arg)
{
    struct crowd *crowd = arg;
    struct call call = in(crowd->patience_ms);
    char phc[PASSWORD_HASH_MAX + 1];

    crowd->counts[crowd->hasher->ops->hash(crowd->hasher, &call, "correct horse", phc)]++;
    return NULL;
}

static void come(struct crowd *crowd, int n)
{
    pthread_t threads[32];

    assert_true(n <= (int)ARRAY_LEN(threads));
    for (int i = 0; i < n; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, one_of_many, crowd), 0);
    for (int i = 0; i < n; i++)
        pthread_join(threads[i], NULL);
}

static void a_crowd_is_served_by_two_threads(void **state)
{
    struct crowd crowd = {.hasher = argon2(2, 32, 1), .patience_ms = PATIENCE_MS};

    (void)state;
    come(&crowd, 16);
    assert_int_equal(crowd.counts[ST_OK], 16);
    crowd.hasher->ops->destroy(crowd.hasher);
}

static void a_full_queue_says_overloaded_at_once(void **state)
{
    struct crowd crowd = {.hasher = argon2(1, 1, 10), .patience_ms = PATIENCE_MS};
    int come_in_all = 0;

    (void)state;
    /* One hashes, one waits, a third must go; a crowd that came in single file comes again. */
    for (int tries = 0; tries < 100 && crowd.counts[ST_OVERLOADED] == 0; tries++) {
        come(&crowd, 16);
        come_in_all += 16;
    }
    assert_true(crowd.counts[ST_OK] >= 1);
    assert_true(crowd.counts[ST_OVERLOADED] >= 1);
    assert_int_equal(crowd.counts[ST_OK] + crowd.counts[ST_OVERLOADED], come_in_all);
    crowd.hasher->ops->destroy(crowd.hasher);
}

static void a_deadline_while_hashing_leaves_the_job_to_its_thread(void **state)
{
    struct crowd crowd = {.hasher = argon2(1, 32, 10), .patience_ms = 2};

    (void)state;
    do /* a hash takes longer than any of them waits, unless the waiting thread is woken too late */
        come(&crowd, 16);
    while (crowd.counts[ST_TIMEOUT] == 0);
    crowd.hasher->ops->destroy(crowd.hasher); /* what was left behind is freed: asan knows */
}

static bool is_called(const char *thread, const char *want)
{
    char path[64], name[32] = "";
    FILE *f;

    snprintf(path, sizeof path, "/proc/self/task/%.20s/comm", thread);
    f = fopen(path, "r");
    if (!f)
        return false;
    if (!fgets(name, sizeof name, f))
        name[0] = '\0';
    fclose(f);
    name[strcspn(name, "\n")] = '\0';
    return strcmp(name, want) == 0;
}

static void who_hashes_is_nicer_by_ten(void **state)
{
    struct password_hasher *h = argon2(1, 1, 1);
    struct call call = in(PATIENCE_MS);
    char phc[PASSWORD_HASH_MAX + 1];
    int own = getpriority(PRIO_PROCESS, 0), want = own + 10 < 19 ? own + 10 : 19, seen = 0;
    DIR *threads = opendir("/proc/self/task");
    struct dirent *thread;

    (void)state;
    assert_non_null(threads);
    assert_int_equal(h->ops->hash(h, &call, "correct horse", phc), ST_OK);
    while ((thread = readdir(threads)))
        if (is_called(thread->d_name, "argon2")) {
            assert_int_equal(getpriority(PRIO_PROCESS, (id_t)strtoll(thread->d_name, NULL, 10)),
                             want);
            seen++;
        }
    closedir(threads);
    assert_int_equal(seen, 1);
    h->ops->destroy(h);
}

static void strength_sees_through_what_people_do(void **state)
{
    static const char *const WORDS[] = {"aladdin", "Jasmine Sultan", NULL};
    static const struct {
        const char *why, *password;
        bool enough; /* 20 bits */
    } cases[] = {
        {"empty",              "",                                                 false},
        {"the most common",    "password",                                         false},
        {"a walk on the keys", "qwertyuiop",                                       false},
        {"one key held down",  "aaaaaaaaaaaa",                                     false},
        {"the login id",       "aladdin1",                                         false},
        {"a sentence",         "correct horse battery staple",                     true },
        {"random",             "kX9#mQ2$vL",                                       true },
        {"not ASCII",          "\xe7\x8c\xab\xe3\x81\xae\xe7\x9b\xae\xe3\x81\xa0", true },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        double bits = password_strength_bits(cases[i].password, WORDS);

        if ((bits >= 20) != cases[i].enough)
            fail_msg("%s: %.1f bits", cases[i].why, bits);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_hash_is_verified_by_its_password_alone),
        cmocka_unit_test(a_password_is_the_same_from_every_keyboard),
        cmocka_unit_test(a_password_is_counted_as_it_is_hashed),
        cmocka_unit_test(a_hash_of_a_password_as_typed_is_known_and_to_be_renewed),
        cmocka_unit_test(what_is_no_password_is_refused),
        cmocka_unit_test(other_parameters_ask_for_a_rehash),
        cmocka_unit_test(the_fake_wants_foreign_prefixes_rehashed),
        cmocka_unit_test(a_crowd_is_served_by_two_threads),
        cmocka_unit_test(a_full_queue_says_overloaded_at_once),
        cmocka_unit_test(a_deadline_while_hashing_leaves_the_job_to_its_thread),
        cmocka_unit_test(who_hashes_is_nicer_by_ten),
        cmocka_unit_test(strength_sees_through_what_people_do),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
