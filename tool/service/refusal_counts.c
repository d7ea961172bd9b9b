/* refusal_counts.c - see refusal_counts.h. */
#include "tool/service/refusal_counts.h"

#include <stdio.h>
#include <string.h>

#include "tool/core/mem.h"

enum { LABELS_MAX = 255 };

struct metric **refusal_counts_create(struct metrics *metrics, const struct operation *op,
                                      const char *labels)
{
    struct metric **all;
    size_t n = 0;

    while (op->errors && op->errors[n].code)
        n++;
    if (n == 0)
        return NULL;
    all = mem_alloc(n, sizeof(struct metric *));
    for (size_t i = 0; i < n; i++) {
        char text[LABELS_MAX + 1];

        snprintf(text, sizeof(text), "%s", labels);
        metrics_label(text, sizeof(text), "code", op->errors[i].code);
        all[i] = metrics_counter(metrics, "hanok_refusals_total",
                                 "Refusals of an operation, by their codes.", text);
    }
    return all;
}

void refusal_counts_add(struct metric *const *all, const struct operation *op, enum status st,
                        const char *code)
{
    for (size_t i = 0; all && op->errors[i].code; i++) {
        if (op->errors[i].status == st && strcmp(op->errors[i].code, code) == 0) {
            metric_add(all[i], 1);
            return;
        }
    }
}
