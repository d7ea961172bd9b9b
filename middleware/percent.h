/* percent.h - percent-encoding (RFC 3986, 2.1). */
#ifndef MIDDLEWARE_PERCENT_H
#define MIDDLEWARE_PERCENT_H

/** The next byte of *text, which is not at its end and moves on: "%41" is one as "A" is. -1 when no
 * two hex digits follow a '%'. */
int percent_decode(const char **text);

#endif
