/* argon2_choice.c - see argon2_choice.h. */
#include "tool/crypto/argon2_choice.h"

#include "tool/core/mem.h"

/* With so much memory, so many passes: equally strong settings, one lane each. */
static const struct {
    unsigned memory_kib, passes;
} MINIMA[] = {
    {47104, 1},
    {19456, 2},
    {12288, 3},
    {9216,  4},
    {7168,  5},
};

/* What is tried, up to the most that may be taken; that itself too. */
static const unsigned MEMORIES_KIB[] = {9216,   12288,  19456,  32768,  47104,  65536,  98304,
                                        131072, 196608, 262144, 393216, 524288, 786432, 1048576};

unsigned argon2_passes_min(unsigned memory_kib)
{
    size_t i = 0;

    while (i + 1 < ARRAY_LEN(MINIMA) && memory_kib < MINIMA[i].memory_kib)
        i++;
    return MINIMA[i].passes;
}

/* A pass takes as long as any other, so two measurements tell how many fit. */
static unsigned passes_within(int64_t one_us, int64_t two_us, int64_t wanted_us)
{
    int64_t pass_us = two_us > one_us ? two_us - one_us : 1;
    int64_t passes = wanted_us > one_us ? 1 + (wanted_us - one_us) / pass_us : 1;

    return passes < ARGON2_PASSES_MAX ? (unsigned)passes : ARGON2_PASSES_MAX;
}

static bool choose_one(argon2_measure_fn measure, void *arg, unsigned memory_kib, int64_t wanted_us,
                       struct argon2_choice *out)
{
    unsigned passes_min = argon2_passes_min(memory_kib);
    int64_t one_us = measure(arg, memory_kib, 1), two_us = measure(arg, memory_kib, 2);

    if (one_us < 0 || two_us < 0)
        return false;
    *out = (struct argon2_choice){memory_kib, passes_within(one_us, two_us, wanted_us), 0, false};
    if (out->passes < passes_min)
        out->passes = passes_min;
    do
        out->us = measure(arg, memory_kib, out->passes);
    while (out->us > wanted_us && out->passes > passes_min && out->passes-- > 0);
    out->fits = out->us <= wanted_us;
    return out->us >= 0;
}

static bool is_better(const struct argon2_choice *a, const struct argon2_choice *b)
{
    if (a->fits != b->fits)
        return a->fits;
    return a->fits ? a->memory_kib > b->memory_kib : a->us < b->us;
}

size_t argon2_choose(argon2_measure_fn measure, void *arg, unsigned max_kib, int64_t wanted_us,
                     struct argon2_choice out[ARGON2_CHOICES_MAX], size_t *best)
{
    size_t n = 0, i = 0;
    bool more = true;

    _Static_assert(ARRAY_LEN(MEMORIES_KIB) < ARGON2_CHOICES_MAX, "and one more");
    *best = 0;
    while (more) {
        bool last = i == ARRAY_LEN(MEMORIES_KIB) || MEMORIES_KIB[i] >= max_kib;
        more = choose_one(measure, arg, last ? max_kib : MEMORIES_KIB[i++], wanted_us, &out[n]);
        if (more && is_better(&out[n], &out[*best]))
            *best = n;
        n += more;
        more = more && !last;
    }
    return n;
}
