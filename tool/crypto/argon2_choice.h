/* argon2_choice.h - which settings of Argon2id take about as long as wanted on a machine, and are
 * no weaker than OWASP's Password Storage Cheat Sheet recommends. */
#ifndef TOOL_CRYPTO_ARGON2_CHOICE_H
#define TOOL_CRYPTO_ARGON2_CHOICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    ARGON2_MEMORY_MIN_KIB = 8192,
    ARGON2_MEMORY_MAX_KIB = 1048576,
    ARGON2_PASSES_MAX = 10,
    ARGON2_CHOICES_MAX = 16,
};

struct argon2_choice {
    unsigned memory_kib, passes;
    int64_t us; /* of one hash */
    bool fits;  /* it takes no longer than wanted */
};

/** The microseconds of one hash; below 0: it cannot be made (no memory). */
typedef int64_t (*argon2_measure_fn)(void *arg, unsigned memory_kib, unsigned passes);

/** The fewest passes that OWASP recommends with so much memory (ARGON2_MEMORY_MIN_KIB and more). */
unsigned argon2_passes_min(unsigned memory_kib);
/** For each amount of memory up to max_kib: as many passes as fit into wanted_us, the fewest that
 * are safe where those take longer. Of those that fit the one with the most memory is out[*best],
 * else the fastest. The number of choices; 0 when not even the first can be measured. */
size_t argon2_choose(argon2_measure_fn measure, void *arg, unsigned max_kib, int64_t wanted_us,
                     struct argon2_choice out[ARGON2_CHOICES_MAX], size_t *best);

#endif
