/* rule_check.h - whether a text keeps a rule. Pure; any thread. */
#ifndef TOOL_ENCODER_RULE_CHECK_H
#define TOOL_ENCODER_RULE_CHECK_H

#include <stddef.h>

#include "tool/core/rule.h"

/** Why rule refuses text, as the client reads it ("must be ..."); NULL when it is accepted. text is
 * UTF-8, as the client sent it. Patterns are compiled once and kept. */
const char *rule_refusal(const struct rule *rule, const char *text);
/** The same of a text that does not come from outside. */
const char *rule_refusal_inside(const struct rule *rule, const char *text);

static inline bool rule_accepts(const struct rule *rule, const char *text)
{
    return rule_refusal(rule, text) == NULL;
}

#endif
