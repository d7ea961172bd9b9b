/* percent.h - percent-encoding (RFC 3986, 2.1). */
#ifndef MIDDLEWARE_PERCENT_H
#define MIDDLEWARE_PERCENT_H

#include <stddef.h>

/** The next byte of *text, which is not at its end and moves on: "%41" is one as "A" is. -1 when no
 * two hex digits follow a '%'. */
int percent_decode(const char **text);
/** A target's path as it may stand in a URI: what may not, encoded, the rest left as it is. "" when
 * size is too small. */
void percent_encode_path(const char *path, char *out, size_t size);

#endif
