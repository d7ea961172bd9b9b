/* person.h - the rows of struct person, for every message it is a part of. */
#ifndef PROTOCOL_PERSON_H
#define PROTOCOL_PERSON_H

#include "model/profile.h"
#include "tool/encoder/descriptor.h"

/** name, email, phone; for FIELD_INLINE. */
extern const struct descriptor PERSON;

#endif
