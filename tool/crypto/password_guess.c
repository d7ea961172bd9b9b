/* password_guess.c - see password_guess.h. The cheapest way to each place in the text is found from
 * those to the places before it. */
#include "tool/crypto/password_guess.h"

#include <string.h>
#include <zxcvbn.h>

#include "tool/core/assert.h"
#include "tool/core/mem.h"

/* The list is a file of its own, to be edited as one; the path is seen from the project's root. */
__asm__(".pushsection .rodata\n"
        ".global common_words_text\n"
        "common_words_text: .incbin \"tool/crypto/common_words.txt\"\n"
        ".byte 0\n"
        ".popsection\n");

extern const char common_words_text[];

static const double USER_BITS = 6;      /* one of the few hundred parts of a person's words */
static const double SEPARATOR_BITS = 2; /* behind such a part */
static const double COMMON_BITS = 9.5;  /* one of the 750 of the list */
static const double AGAIN_BITS = 1;     /* the same once more, the next letter of the alphabet */
static const double NEVER_BITS = 1e9;

struct guess {
    const char *text;
    size_t len;
    bool ascii;
    const char *const *words;
    double best[GUESS_BYTES_MAX + 1];
};

/* What a letter costs whoever guesses: by how many a script has that people use. */
static const struct {
    unsigned first, last;
    double bits;
} SCRIPTS[] = {
    {0x20,    0x7F,    6.5},
    {0x3040,  0x30FF,  5  }, /* kana */
    {0x3400,  0x9FFF,  9  }, /* Han */
    {0xAC00,  0xD7A3,  8  }, /* Hangul */
    {0x2000,  0x2BFF,  8  }, /* signs */
    {0x1F000, 0x1FAFF, 8  }, /* emoji */
    {0x20000, 0x3FFFF, 9  },
};

static double letter_bits(unsigned c)
{
    for (size_t i = 0; i < ARRAY_LEN(SCRIPTS); i++)
        if (c >= SCRIPTS[i].first && c <= SCRIPTS[i].last)
            return SCRIPTS[i].bits;
    return 4.7; /* an alphabet */
}

static void relax(struct guess *g, size_t to, double bits)
{
    if (bits < g->best[to])
        g->best[to] = bits;
}

/* Letters, alone or as neighbours in the alphabet. Kana are at every other place. */
static void spell(struct guess *g, size_t at, unsigned before)
{
    const char *next = g->text + at;
    unsigned c = text_next(&next);
    unsigned step = c > before ? c - before : before - c;
    bool runs = before > 0x7F && c > 0x7F && step <= 2;

    relax(g, (size_t)(next - g->text), g->best[at] + (runs ? AGAIN_BITS : letter_bits(c)));
}

static size_t common_prefix(const char *a, const char *b)
{
    size_t n = 0;

    while (a[n] != '\0' && a[n] == b[n])
        n++;
    while (n > 0 && ((unsigned char)a[n] & 0xC0) == 0x80) /* whole characters */
        n--;
    return n;
}

static void say_user(struct guess *g, size_t at)
{
    size_t longest = 0;

    for (size_t i = 0; g->words[i]; i++)
        for (const char *from = g->words[i]; (from = strchr(from, g->text[at])); from++) {
            size_t n = common_prefix(g->text + at, from);
            longest = n > longest ? n : longest;
        }
    if (longest < 3)
        return;
    relax(g, at + longest, g->best[at] + USER_BITS);
    if (strchr(" .,-_/+()", g->text[at + longest]) && at + longest < g->len)
        relax(g, at + longest + 1, g->best[at] + USER_BITS + SEPARATOR_BITS);
}

static void say_common(struct guess *g, size_t at)
{
    for (const char *line = common_words_text, *end; *line != '\0'; line = end + 1) {
        end = rawmemchr(line, '\n');
        if (*line == g->text[at] && strncmp(line, g->text + at, (size_t)(end - line)) == 0)
            relax(g, at + (size_t)(end - line), g->best[at] + COMMON_BITS);
    }
}

static void say_again(struct guess *g, size_t at)
{
    for (size_t n = 1; n <= at && at + n <= g->len; n++) {
        bool whole = ((unsigned char)g->text[at - n] & 0xC0) != 0x80;
        if (whole && memcmp(g->text + at, g->text + at - n, n) == 0)
            relax(g, at + n, g->best[at] + AGAIN_BITS);
    }
}

/* What zxcvbn knows of the ASCII in between. */
static void say_ascii(struct guess *g, size_t at)
{
    char run[PASSWORD_BYTES_MAX + 1];
    size_t n = 0;

    while (n < PASSWORD_BYTES_MAX && g->text[at + n] > 0) {
        run[n] = g->text[at + n];
        n++;
    }
    run[n] = '\0';
    if (n > 1)
        relax(g, at + n, g->best[at] + ZxcvbnMatch(run, (const char **)(uintptr_t)g->words, NULL));
    explicit_bzero(run, sizeof(run));
}

static void go_on(struct guess *g, size_t at, unsigned before)
{
    bool run_begins = g->text[at] > 0 && (before == 0 || before > 0x7F);

    spell(g, at, before);
    say_user(g, at);
    say_again(g, at);
    if (!g->ascii)
        say_common(g, at);
    if (!g->ascii && run_begins)
        say_ascii(g, at);
}

double password_guess_bits(const char *text, const char *const *user_words)
{
    struct guess g = {.text = text, .len = strlen(text), .ascii = true, .words = user_words};
    unsigned before = 0;

    ASSERT(g.len <= GUESS_BYTES_MAX);
    for (size_t i = 0; i <= g.len; i++) {
        g.best[i] = i > 0 ? NEVER_BITS : 0;
        g.ascii = g.ascii && text[i] >= 0;
    }
    for (const char *at = text; *at != '\0';) {
        go_on(&g, (size_t)(at - text), before);
        before = text_next(&at);
    }
    return g.best[g.len];
}
