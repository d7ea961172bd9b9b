/* refusal_counts.h - counters of what an operation refuses, by the codes among its errors:
 * hanok_refusals_total{subject="catalog.stock.reserve",code="sold_out"}. */
#ifndef TOOL_SERVICE_REFUSAL_COUNTS_H
#define TOOL_SERVICE_REFUSAL_COUNTS_H

#include "tool/encoder/operation.h"
#include "tool/metrics/metrics.h"

/** One for each row of op's errors, in their order; free() it. NULL where there are none. labels:
 * those they have in common. */
struct metric **refusal_counts_create(struct metrics *metrics, const struct operation *op,
                                      const char *labels);
/** Counts a refusal, where its code is among op's errors. all: of the same op. Any thread. */
void refusal_counts_add(struct metric *const *all, const struct operation *op, enum status st,
                        const char *code);

#endif
