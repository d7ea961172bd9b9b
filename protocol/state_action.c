/* state_action.c - see state_action.h. */
#include "protocol/state_action.h"

static const struct field FIELDS[] = {
    FIELD(struct state_action, name, "action", FIELD_TEXT, FIELD_REQUIRED,
          .doc = "Something that may be done."),
};

const struct descriptor STATE_ACTION =
    DESCRIPTOR(struct state_action, "StateAction", FIELDS, "What may be done.", .bare = true);
