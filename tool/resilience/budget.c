/* budget.c - see budget.h. */
#include "tool/resilience/budget.h"

static void earn(struct budget *budget, int64_t n)
{
    int64_t most = (int64_t)budget->policy->most * BUDGET_TRY;

    budget->saved = budget->saved + n < most ? budget->saved + n : most;
}

void budget_init(struct budget *budget, const struct budget_policy *policy, int64_t now_ms)
{
    *budget = (struct budget){
        .policy = policy, .saved = (int64_t)policy->most * BUDGET_TRY, .since_ms = now_ms};
}

void budget_earn(struct budget *budget, int n)
{
    earn(budget, n);
}

bool budget_spend(struct budget *budget, int64_t now_ms)
{
    int64_t by_time = (now_ms - budget->since_ms) * budget->policy->per_second / 1000;

    if (by_time > 0) {
        earn(budget, by_time);
        budget->since_ms = now_ms;
    }
    if (budget->saved < BUDGET_TRY)
        return false;
    budget->saved -= BUDGET_TRY;
    return true;
}
