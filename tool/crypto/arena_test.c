/* arena_test.c - which mappings come from the arena, and that nothing stays in it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <pthread.h>
#include <sodium.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tool/crypto/arena.h"

enum { SIZE = 8192 * 1024, PRIVATE = MAP_PRIVATE | MAP_ANONYMOUS };

static void *map(size_t len)
{
    void *p = mmap(NULL, len, PROT_READ | PROT_WRITE, PRIVATE, -1, 0);

    assert_true(p != MAP_FAILED);
    return p;
}

static void *map_and_give_back(void *unused)
{
    void *p = map(SIZE);

    (void)unused;
    munmap(p, SIZE);
    return p;
}

static int with_arena(void **state)
{
    (void)state;
    return arena_init(SIZE) ? 0 : -1;
}

static int without_arena(void **state)
{
    (void)state;
    arena_fini();
    return 0;
}

static void one_mapping_at_a_time_comes_from_the_arena(void **state)
{
    void *first = map(SIZE), *second = map(SIZE);

    (void)state;
    assert_ptr_not_equal(first, second);
    munmap(second, SIZE);
    munmap(first, SIZE);
    assert_ptr_equal(map(SIZE), first);
    munmap(first, SIZE);
}

static void other_shapes_and_other_threads_get_mappings_of_their_own(void **state)
{
    void *arena = map_and_give_back(NULL), *larger, *fixed, *elsewhere;
    pthread_t thread;

    (void)state;
    larger = map(4 * SIZE);
    assert_ptr_not_equal(larger, arena);
    munmap(larger, 4 * SIZE);
    fixed = mmap(NULL, SIZE, PROT_READ, PRIVATE, -1, 0);
    assert_ptr_not_equal(fixed, arena);
    munmap(fixed, SIZE);
    assert_int_equal(pthread_create(&thread, NULL, map_and_give_back, NULL), 0);
    assert_int_equal(pthread_join(thread, &elsewhere), 0);
    assert_ptr_not_equal(elsewhere, arena);
}

static void a_wipe_leaves_only_zeros(void **state)
{
    unsigned char *p = map(SIZE);

    (void)state;
    memset(p, 0x5a, SIZE);
    munmap(p, SIZE);
    assert_ptr_equal(map(SIZE), p);
    assert_int_equal(p[SIZE - 1], 0x5a);
    munmap(p, SIZE);
    arena_wipe();
    for (size_t i = 0; i < SIZE; i++)
        if (p[i] != 0)
            fail_msg("byte %zu is %u", i, p[i]);
}

static size_t pages_held(const unsigned char *p)
{
    unsigned char held[SIZE / 4096];
    size_t n = 0;

    assert_int_equal(sysconf(_SC_PAGESIZE), 4096);
    assert_int_equal(mincore((void *)(uintptr_t)p, SIZE, held), 0);
    for (size_t i = 0; i < sizeof(held); i++)
        n += held[i] & 1;
    return n;
}

static void what_is_released_holds_no_memory_and_can_be_used_again(void **state)
{
    unsigned char *p = map(SIZE);

    (void)state;
    memset(p, 0x5a, SIZE);
    assert_int_equal(pages_held(p), SIZE / 4096);
    munmap(p, SIZE);
    arena_release();
    assert_int_equal(pages_held(p), 0);
    arena_release();
    assert_ptr_equal(map(SIZE), p);
    for (size_t i = 0; i < SIZE; i += 4096)
        assert_int_equal(p[i], 0);
    memset(p, 0x5a, SIZE);
    munmap(p, SIZE);
}

static void hash(unsigned char out[32])
{
    static const unsigned char SALT[crypto_pwhash_SALTBYTES] = "0123456789abcde";

    assert_int_equal(
        crypto_pwhash(out, 32, "correct horse", 13, SALT, 2, SIZE, crypto_pwhash_ALG_ARGON2ID13),
        0);
}

static void a_used_arena_does_not_change_a_hash(void **state)
{
    unsigned char want[32], got[32], *arena;

    (void)state;
    arena_fini();
    hash(want);
    assert_true(arena_init(SIZE));
    for (int i = 0; i < 3; i++) {
        hash(got);
        assert_memory_equal(got, want, sizeof want);
    }
    arena = map(SIZE);
    munmap(arena, SIZE);
    for (size_t i = 0; i < SIZE; i++)
        if (arena[i] != 0)
            return;
    fail_msg("libsodium's working memory did not come from the arena");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(one_mapping_at_a_time_comes_from_the_arena, with_arena,
                                        without_arena),
        cmocka_unit_test_setup_teardown(other_shapes_and_other_threads_get_mappings_of_their_own,
                                        with_arena, without_arena),
        cmocka_unit_test_setup_teardown(a_wipe_leaves_only_zeros, with_arena, without_arena),
        cmocka_unit_test_setup_teardown(what_is_released_holds_no_memory_and_can_be_used_again,
                                        with_arena, without_arena),
        cmocka_unit_test_setup_teardown(a_used_arena_does_not_change_a_hash, with_arena,
                                        without_arena),
    };

    if (sodium_init() < 0)
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
