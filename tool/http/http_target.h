/* http_target.h - the target of a request line (RFC 9112 3.2). Pure. */
#ifndef TOOL_HTTP_HTTP_TARGET_H
#define TOOL_HTTP_HTTP_TARGET_H

#include <stddef.h>

/** target[0..len), and the NUL behind it, as it came for method: returns where in it the path
 * begins
 * ("/..." with its query, or "*" of OPTIONS), of the absolute form with what is before it taken off
 * (a path that is missing there is put in place); NULL when it is none of these, or holds what no
 * target may: a fragment, a blank, anything but printable ASCII. Escapes are left alone. */
char *http_target_read(const char *method, char *target, size_t len);

#endif
