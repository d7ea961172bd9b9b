/* start_pages_test.c - what is let go is not held any more, and all of it still works. */
#include <link.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <cmocka.h>

#include "tool/core/start_pages.h"

#ifndef MADV_POPULATE_READ
#define MADV_POPULATE_READ 22
#endif

/* KiB that are held of files, only for reading and running. A line of a mapping begins with its
 * address, in lower case; those of its numbers follow. */
static long held_kib(void)
{
    FILE *maps = fopen("/proc/self/smaps", "re");
    char line[1024];
    bool counts = false;
    long sum = 0;

    assert_non_null(maps);
    while (fgets(line, sizeof(line), maps)) {
        const char *rights = strchr(line, ' ');

        if (strchr("0123456789abcdef", line[0]))
            counts = rights && rights[2] != 'w' && strchr(line, '/');
        else if (counts && strncmp(line, "Rss:", 4) == 0)
            sum += strtol(line + 4, NULL, 10);
    }
    fclose(maps);
    return sum;
}

static int hold(struct dl_phdr_info *info, size_t size, void *refused)
{
    (void)size;
    for (int i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *part = &info->dlpi_phdr[i];
        uintptr_t begin = (info->dlpi_addr + part->p_vaddr) & ~(uintptr_t)4095;

        if (part->p_type == PT_LOAD && !(part->p_flags & PF_W) &&
            madvise((void *)begin, part->p_memsz, MADV_POPULATE_READ) != 0)
            ++*(int *)refused;
    }
    return 0;
}

static void what_is_not_in_use_is_not_held(void **state)
{
    long before, after;
    int refused = 0;

    (void)state;
    dl_iterate_phdr(hold, &refused);
    before = held_kib();
    start_pages_release();
    after = held_kib();
    if (refused < 3) /* an old kernel has pages one by one, as they are touched */
        assert_true(after < before / 2);
    assert_true(after <= before);
}

static int by_number(const void *a, const void *b)
{
    return *(const int *)a - *(const int *)b;
}

static void *work(void *ends)
{
    while (!atomic_load((atomic_bool *)ends)) {
        char text[64];
        int numbers[] = {3, 1, 2};

        qsort(numbers, 3, sizeof(numbers[0]), by_number);
        snprintf(text, sizeof(text), "%d %d %d", numbers[0], numbers[1], numbers[2]);
        assert_string_equal(text, "1 2 3");
        free(strdup(text));
    }
    return NULL;
}

static void who_runs_meanwhile_does_not_notice(void **state)
{
    atomic_bool ends = false;
    pthread_t threads[4];

    (void)state;
    for (int i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, work, &ends), 0);
    for (int i = 0; i < 200; i++)
        start_pages_release();
    atomic_store(&ends, true);
    for (int i = 0; i < 4; i++)
        assert_int_equal(pthread_join(threads[i], NULL), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_not_in_use_is_not_held),
        cmocka_unit_test(who_runs_meanwhile_does_not_notice),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
