/* issuer.h - decides what becomes of an operation. Pure. */
#ifndef CMD_PGSIM_ISSUER_H
#define CMD_PGSIM_ISSUER_H

#include "cmd/pgsim/book.h"
#include "cmd/pgsim/control.h"

/* More than any card has: declined, so that sums stay within what JSON keeps exactly. */
#define ISSUER_LIMIT INT64_C(1000000000000)

/** Sets state and reason of what is asked: by its token, by what the book says of the authorization
 * it is of, and by what is switched. It is not in the book yet. */
void issuer_decide(const struct book *book, const struct control *control, struct charge *op);

#endif
