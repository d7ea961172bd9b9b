/* token_bench.c - what an access token costs the gateway: the first time, and when it is
 * remembered. TOKENS of as many callers are checked in turns for SECONDS. One line of JSON on
 * standard output. usage: token_bench TOKENS SECONDS */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "middleware/authenticator.h"
#include "tool/core/assert.h"
#include "tool/core/mem.h"
#include "tool/crypto/token_folder.h"

/* Half of what the authenticator remembers; of more than 500 some push others out. */
enum { LIFETIME_S = 900, TOKENS_MAX = 2048 };

struct bench {
    struct token_issuer *issuer;
    struct authenticator *authenticator;
    size_t n;
    char (*tokens)[TOKEN_TEXT_MAX + 1];
};

/* Of this thread: what others do on the machine is not ours. */
static double cpu_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

static void check_all(const struct bench *bench)
{
    for (size_t i = 0; i < bench->n; i++) {
        const struct token_bearer *bearer;

        ASSERT(authenticator_check(bench->authenticator, bench->tokens[i], &bearer) == TOKEN_OK);
    }
}

static void issue_all(struct bench *bench)
{
    const struct call call = {.clock = &CLOCK_SYSTEM, .deadline_ms = INT64_MAX};

    for (size_t i = 0; i < bench->n; i++) {
        struct uuid subject = uuid_v7(&CLOCK_SYSTEM, &ENTROPY_SYSTEM);
        int64_t expires_in_s;

        ASSERT(bench->issuer->ops->issue(bench->issuer, &call, subject,
                                         uuid_v7(&CLOCK_SYSTEM, &ENTROPY_SYSTEM), "admin",
                                         bench->tokens[i], &expires_in_s) == ST_OK);
    }
}

static void create(struct bench *bench, const char *dir)
{
    char trouble[TOKEN_WHY_MAX + 1];
    const char *why = "";
    struct token_key_set keys;

    bench->issuer = token_issuer_create(
        &(struct token_issuer_config){
            .folder = token_folder_create(dir, LIFETIME_S, &ENTROPY_SYSTEM, trouble),
            .issuer = "hanok",
            .audience = "hanok",
            .lifetime_s = LIFETIME_S,
            .clock = &CLOCK_SYSTEM,
            .entropy = &ENTROPY_SYSTEM,
        },
        &why);
    ASSERT(bench->issuer);
    bench->authenticator = authenticator_create(&(struct authenticator_config){
        .issuer = "hanok",
        .audience = "hanok",
        .clock = &CLOCK_SYSTEM,
        .entropy = &ENTROPY_SYSTEM,
    });
    bench->issuer->ops->keys(bench->issuer, &keys);
    authenticator_set_keys(bench->authenticator, &keys);
    bench->tokens = mem_alloc(bench->n, sizeof(*bench->tokens));
    issue_all(bench);
}

static void destroy(struct bench *bench, const char *dir)
{
    char command[96];

    bench->issuer->ops->destroy(bench->issuer);
    authenticator_destroy(bench->authenticator);
    free(bench->tokens);
    snprintf(command, sizeof(command), "rm -r '%s'", dir);
    ASSERT(system(command) == 0);
}

static void measure(const struct bench *bench, int64_t until_ms)
{
    double begun = cpu_ns(), first_ns, next_ns;
    size_t rounds = 0;

    check_all(bench);
    first_ns = cpu_ns() - begun;
    begun = cpu_ns();
    for (; rounds == 0 || clock_now_ms(&CLOCK_SYSTEM) < until_ms; rounds++)
        check_all(bench);
    next_ns = cpu_ns() - begun;
    printf("{\"firstNs\":%.0f,\"rememberedNs\":%.0f}\n", first_ns / (double)bench->n,
           next_ns / (double)(rounds * bench->n));
}

int main(int argc, char **argv)
{
    char dir[] = "/tmp/hanok-bench-XXXXXX";
    struct bench bench = {.n = argc == 3 ? strtoul(argv[1], NULL, 10) : 0};
    long seconds = argc == 3 ? strtol(argv[2], NULL, 10) : 0;

    if (bench.n < 1 || bench.n > TOKENS_MAX || seconds < 1 || seconds > 60) {
        fputs("usage: token_bench TOKENS SECONDS\n", stderr);
        return 2;
    }
    ASSERT(mkdtemp(dir));
    create(&bench, dir);
    measure(&bench, clock_now_ms(&CLOCK_SYSTEM) + seconds * 1000);
    destroy(&bench, dir);
    return 0;
}
