/* asker.h - what all questions to services share: how long each subject's answers take, and how
 * often it may be asked again. Loop thread only. */
#ifndef CMD_GATEWAY_ASKER_H
#define CMD_GATEWAY_ASKER_H

#include "tool/core/uuid.h"
#include "tool/message/client.h"

struct asker;

/* Everything borrowed. */
struct asker_config {
    struct message_client *client;
    struct loop *loop;
    const struct clock *clock;
    const struct entropy *entropy;
    struct metrics *metrics;
};

/** To be made after whatever begins questions at the end of a turn (loop_add_turn): it goes next.
 */
struct asker *asker_create(const struct asker_config *config);
/** No question is open, and the loop no longer runs. NULL is fine. */
void asker_destroy(struct asker *asker);
/** Counts that something stands in for an answer of subject. */
void asker_falls_back(struct asker *asker, const char *subject);

#endif
