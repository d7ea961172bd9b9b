/* thing_model.h - what a table of things has in it, as simply as it can be said: an array. It knows
 * nothing of columns. */
#ifndef TEST_TOOL_STORE_THING_MODEL_H
#define TEST_TOOL_STORE_THING_MODEL_H

#include "test/tool/store/thing.h"

enum { MODEL_ROWS_MAX = 256 };

struct model {
    struct thing rows[MODEL_ROWS_MAX];
    size_t n;
};

struct thing *model_by_id(struct model *m, struct uuid id);
struct thing *model_by_code(struct model *m, const char *code);
struct thing *model_by_label(struct model *m, const char *label);
/** Whether row may stand beside all but the one of its own place (NULL = none). */
bool model_may_stand(struct model *m, const struct thing *row, const struct thing *place);
void model_remove(struct model *m, struct thing *place);
/** Those of that state by (amount, id), in out; how many. */
size_t model_sorted(const struct model *m, enum thing_state state, bool descending,
                    struct thing out[MODEL_ROWS_MAX]);

#endif
