/* person.c - see person.h. */
#include "protocol/person.h"

static const struct field PERSON_FIELDS[] = {
    FIELD(struct person, name, "name", FIELD_TEXT, FIELD_REQUIRED, .rule = &PROFILE_NAME_RULE,
          .doc = "What the person is called; something of it can be seen."),
    FIELD(
        struct person, email, "email", FIELD_TEXT, FIELD_REQUIRED, .rule = &PROFILE_EMAIL_RULE,
        .doc =
            "As it was typed; belongs to one profile, compared without case, its domain as IDNA."),
    FIELD(struct person, phone, "phone", FIELD_TEXT, FIELD_REQUIRED, .rule = &PROFILE_PHONE_RULE,
          .doc = "Stored without spaces and hyphens."),
};

const struct descriptor PERSON =
    DESCRIPTOR(struct person, "Person", PERSON_FIELDS, "Who somebody is, and how to reach him.");
