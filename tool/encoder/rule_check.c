/* rule_check.c - see rule_check.h. */
#include "tool/encoder/rule_check.h"

#include <regex.h>
#include <stdatomic.h>
#include <string.h>

#include "tool/core/assert.h"
#include "tool/core/mem.h"

/* Patterns compiled so far. A cache, not state: grows by one a pattern of the source, never
 * shrinks, and readers take no lock. Keyed by text, so that a rule may live anywhere. */
struct pattern {
    char *text;
    regex_t compiled;
    struct pattern *next;
};

static _Atomic(struct pattern *) patterns;

static const struct pattern *pattern_add(const char *text)
{
    struct pattern *p = MEM_NEW(struct pattern);
    int rc = regcomp(&p->compiled, text, REG_EXTENDED | REG_NOSUB);

    ASSERT(rc == 0); /* patterns are our own source text */
    p->text = mem_strdup(text);
    p->next = atomic_load(&patterns);
    /* Two threads may both add it: the second copy is only a little memory, once. */
    while (!atomic_compare_exchange_weak(&patterns, &p->next, p))
        continue;
    return p;
}

static const struct pattern *pattern_get(const char *text)
{
    for (const struct pattern *p = atomic_load(&patterns); p; p = p->next)
        if (strcmp(p->text, text) == 0)
            return p;
    return pattern_add(text);
}

/* A function of its own, by whose name test/tsan.supp knows it. */
static __attribute__((noinline)) bool pattern_matches(const char *pattern, const char *text)
{
    return regexec(&pattern_get(pattern)->compiled, text, 0, NULL, 0) == 0;
}

static size_t code_points(const char *text)
{
    size_t n = 0;

    for (; *text != '\0'; text++)
        n += ((unsigned char)*text & 0xC0) != 0x80;
    return n;
}

/* C0, DEL, and C1, which is U+0080 to U+009F: C2 80 to C2 9F. */
static bool has_control(const char *text)
{
    for (const unsigned char *t = (const unsigned char *)text; *t != '\0'; t++)
        if (*t < 0x20 || *t == 0x7F || (*t == 0xC2 && t[1] >= 0x80 && t[1] <= 0x9F))
            return true;
    return false;
}

static size_t length(const struct rule *rule, const char *text)
{
    if (rule->measure)
        return rule->measure(text);
    return rule->unit == RULE_BYTES ? strlen(text) : code_points(text);
}

const char *rule_refusal_inside(const struct rule *rule, const char *text)
{
    size_t len = length(rule, text);

    ASSERT(rule->reason); /* NULL would read as "accepted" */
    if (len < rule->min || len > rule->max)
        return rule->reason;
    if (!rule->control_allowed && has_control(text))
        return "must not hold control characters";
    if (rule->pattern && !pattern_matches(rule->pattern, text))
        return rule->reason;
    if (rule->check && !rule->check(text))
        return rule->reason;
    return NULL;
}

const char *rule_refusal(const struct rule *rule, const char *text)
{
    const char *refusal = rule_refusal_inside(rule, text);

    return refusal || !rule->outside ? refusal : rule->outside(text);
}
