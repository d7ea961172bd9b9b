/* argon2.c - how long hashes of passwords take on this machine, and which settings to give auth.
 * Asks nobody. */
#include <stdlib.h>
#include <time.h>

#include "cmd/ctl/ctl.h"
#include "tool/core/clock.h"
#include "tool/core/log.h"
#include "tool/core/mem.h"
#include "tool/crypto/argon2_choice.h"
#include "tool/crypto/password.h"

/* The fastest of a few is what the machine can do: full caches and buses only make it slower. */
enum { RUNS = 3, PATIENCE_MS = 60000, MIB_KIB = 1024 };

/* clang-format off */
static const struct cell CELLS[] = {
    {"MEMORY KIB", "memoryKib",   CELL_PLAIN, CELL_NAME},
    {"PASSES",     "passes",      CELL_PLAIN, 0},
    {"MS",         "ms",          CELL_PLAIN, 0},
    {"HASHES/S",   "hashesPerSecond", CELL_PLAIN, 0},
    {"AS WANTED",  "asWanted",    CELL_PLAIN, 0},
    {"CHOSEN",     "chosen",      CELL_PLAIN, 0},
};
/* clang-format on */
static const struct listing CHOICES = {CELLS, ARRAY_LEN(CELLS)};

/* Of all its threads: what other processes do meanwhile is not counted. */
static int64_t cpu_us(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return t.tv_sec * INT64_C(1000000) + t.tv_nsec / 1000;
}

static int64_t hash_once(struct password_hasher *hasher)
{
    struct problem problem = {0};
    int64_t begun_us = cpu_us();
    const struct call call = {.clock = &CLOCK_SYSTEM,
                              .deadline_ms = clock_now_ms(&CLOCK_SYSTEM) + PATIENCE_MS,
                              .problem = &problem};
    char hash[PASSWORD_HASH_MAX + 1];
    enum status st = hasher->ops->hash(hasher, &call, "correct horse battery", hash);

    return st == ST_OK ? cpu_us() - begun_us : -1;
}

/* As auth does it: one thread, whose memory stays for the next hash. */
static int64_t measure(void *arg, unsigned memory_kib, unsigned passes)
{
    const struct argon2_config config = {
        .threads = 1, .queue = 1, .memory_kib = memory_kib, .passes = passes};
    struct password_hasher *hasher = argon2_hasher_create(&config);
    int64_t best_us = -1;

    (void)arg;
    for (int i = 0; hasher && i <= RUNS; i++) {
        int64_t us = hash_once(hasher);
        if (us < 0) {
            best_us = -1;
            break;
        }
        if (i > 0 && (best_us < 0 || us < best_us)) /* the first one gets the memory */
            best_us = us;
    }
    if (hasher)
        hasher->ops->destroy(hasher);
    return best_us;
}

static json_t *items_of(const struct argon2_choice *choices, size_t n, size_t best)
{
    json_t *items = json_array();

    for (size_t i = 0; i < n; i++) {
        const struct argon2_choice *c = &choices[i];
        json_array_append_new(
            items, json_pack("{s:i,s:i,s:I,s:I,s:b,s:b}", "memoryKib", (int)c->memory_kib, "passes",
                             (int)c->passes, "ms", (json_int_t)((c->us + 500) / 1000),
                             "hashesPerSecond", (json_int_t)(1000000 / (c->us > 0 ? c->us : 1)),
                             "asWanted", c->fits, "chosen", i == best));
    }
    return items;
}

static void say_settings(const struct session *session, const struct argon2_choice *chosen)
{
    fprintf(session->style.out, "\nargon2-memory-kib = %u\nargon2-passes = %u\n",
            chosen->memory_kib, chosen->passes);
    if (session->options.quiet)
        return;
    if (!chosen->fits)
        fprintf(stderr, "%s: nothing that is safe is as fast as wanted; this is the fastest\n",
                session->set->program);
    fprintf(stderr,
            "%s: each of auth's --argon2-threads keeps %u MiB; hashes made before are renewed as "
            "people log in\n",
            session->set->program, (chosen->memory_kib + MIB_KIB - 1) / MIB_KIB);
}

enum exit_code ctl_argon2_calibrate(struct session *session)
{
    unsigned max_kib = (unsigned)session->options.memory_mib * MIB_KIB;
    struct argon2_choice choices[ARGON2_CHOICES_MAX];
    size_t best, n;
    json_t *items;

    log_set_fd(-1);
    n = argon2_choose(measure, NULL, max_kib, session->options.ms * 1000, choices, &best);
    if (n == 0)
        return session_fail(session, EXIT_NOT_SO, "this machine has no %d MiB left for a hash",
                            ARGON2_MEMORY_MIN_KIB / MIB_KIB);
    items = items_of(choices, n, best);
    table_print(&session->style, &CHOICES, items);
    if (session->style.format == TABLE_NARROW || session->style.format == TABLE_WIDE)
        say_settings(session, &choices[best]);
    json_decref(items);
    return EXIT_DONE;
}
