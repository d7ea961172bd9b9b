/* store_open.h - what catalog knows of a store: whose it is, and whether it sells now. A store of
 * which nothing is known is open, and nobody's but the administrators'. Plain values. */
#ifndef MODEL_STORE_OPEN_H
#define MODEL_STORE_OPEN_H

#include <stdbool.h>

#include "tool/core/uuid.h"

struct store_open {
    struct uuid store_id, owner_id;
    bool open;
    int64_t version; /* of the store */
};

#endif
