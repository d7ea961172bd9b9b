/* registry_form.h - registrations as the release before kept them ("registered <user id>",
 * "email_taken"). While one of either may run beside the other both must read what is kept, so it
 * is written like this too; a release that has only this one before it can leave it out. */
#ifndef USECASE_USER_REGISTRY_FORM_H
#define USECASE_USER_REGISTRY_FORM_H

#include "tool/once/outcome_form.h"

/* Of a struct registry_outcome. */
extern const struct outcome_form REGISTRY_FORM;

#endif
