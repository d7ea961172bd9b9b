/* budget.h - how often something may be asked again: a share of what is answered, and a little by
 * time, so that second tries never become the overload they were made against. Pure; one thread. */
#ifndef TOOL_RESILIENCE_BUDGET_H
#define TOOL_RESILIENCE_BUDGET_H

#include <stdbool.h>
#include <stdint.h>

enum { BUDGET_TRY = 1000 }; /* what one try costs */

struct budget_policy {
    int per_answer; /* earned by each answer: of BUDGET_TRY */
    int per_second; /* and by time: of BUDGET_TRY */
    int most;       /* tries that can be saved up; it begins with so many */
};

struct budget {
    const struct budget_policy *policy;
    int64_t saved; /* of BUDGET_TRY */
    int64_t since_ms;
};

/** policy: borrowed. */
void budget_init(struct budget *budget, const struct budget_policy *policy, int64_t now_ms);
/** n: of BUDGET_TRY. */
void budget_earn(struct budget *budget, int n);
/** False when there is nothing for another try. */
bool budget_spend(struct budget *budget, int64_t now_ms);

#endif
