/* hash_bench.c - what the machine gives at most: Argon2id verifications in THREADS threads for
 * SECONDS, with the arena of the hashing pool or ("bare") as libsodium does it by itself. One line
 * of JSON on standard output. usage: hash_bench THREADS SECONDS MEMORY_KIB PASSES arena|bare */
#include <inttypes.h>
#include <pthread.h>
#include <sodium.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#include "tool/core/assert.h"
#include "tool/core/clock.h"
#include "tool/core/mem.h"
#include "tool/crypto/arena.h"

enum { THREADS_MAX = 64 };

static const char PASSWORD[] = "lantern-tide-quartz";

struct bench {
    char phc[crypto_pwhash_STRBYTES];
    size_t memory_bytes;
    bool arena;
    int64_t until_ms;
    atomic_long hashes;
};

static void *hash(void *arg)
{
    struct bench *bench = arg;

    ASSERT(!bench->arena || arena_init(bench->memory_bytes));
    while (clock_now_ms(&CLOCK_SYSTEM) < bench->until_ms) {
        ASSERT(crypto_pwhash_str_verify(bench->phc, PASSWORD, strlen(PASSWORD)) == 0);
        bench->hashes++;
    }
    arena_fini();
    return NULL;
}

static double cpu_s(void)
{
    struct rusage use;

    getrusage(RUSAGE_SELF, &use);
    return (double)(use.ru_utime.tv_sec + use.ru_stime.tv_sec) +
           (double)(use.ru_utime.tv_usec + use.ru_stime.tv_usec) / 1e6;
}

static bool read_arguments(int argc, char **argv, long numbers[4])
{
    for (int i = 0; i < 4 && argc == 6; i++) {
        char *end;

        numbers[i] = strtol(argv[i + 1], &end, 10);
        if (*end || numbers[i] < 1 || numbers[i] > 1048576)
            return false;
    }
    return argc == 6 && numbers[0] <= THREADS_MAX;
}

int main(int argc, char **argv)
{
    struct bench bench = {.hashes = 0};
    pthread_t threads[THREADS_MAX];
    int64_t start_ms;
    double cpu, seconds;
    long numbers[4]; /* threads, seconds, KiB, passes */

    if (!read_arguments(argc, argv, numbers) || sodium_init() < 0) {
        fprintf(stderr, "usage: hash_bench THREADS SECONDS MEMORY_KIB PASSES arena|bare\n");
        return 2;
    }
    bench.memory_bytes = (size_t)numbers[2] * 1024;
    bench.arena = strcmp(argv[5], "arena") == 0;
    ASSERT(crypto_pwhash_str(bench.phc, PASSWORD, strlen(PASSWORD), (unsigned long long)numbers[3],
                             bench.memory_bytes) == 0);
    start_ms = clock_now_ms(&CLOCK_SYSTEM);
    cpu = cpu_s();
    bench.until_ms = start_ms + numbers[1] * 1000;
    for (long i = 0; i < numbers[0]; i++)
        ASSERT(pthread_create(&threads[i], NULL, hash, &bench) == 0);
    for (long i = 0; i < numbers[0]; i++)
        pthread_join(threads[i], NULL);
    seconds = (double)(clock_now_ms(&CLOCK_SYSTEM) - start_ms) / 1000;
    printf("{\"threads\":%ld,\"hashesPerSecond\":%.2f,\"cpuUsPerHash\":%.0f}\n", numbers[0],
           (double)bench.hashes / seconds, (cpu_s() - cpu) * 1e6 / (double)bench.hashes);
    return 0;
}
