/* http_bytes.h - kinds of bytes (RFC 9110 5.6.2, RFC 3986 2). Pure. */
#ifndef TOOL_HTTP_HTTP_BYTES_H
#define TOOL_HTTP_HTTP_BYTES_H

#include <stdbool.h>
#include <stddef.h>

/** A byte of a token: of a method, of a field's name. */
bool http_is_tchar(char c);
/** One byte or more, all of them tchar. */
bool http_is_token(const char *text, size_t len);
/** A control character other than the tab: in no value. */
bool http_is_control(char c);
/** How many bytes from the first on are no control character. */
size_t http_clean_len(const char *text, size_t len);
/** Whether the len bytes are that word, whatever the case of its letters. */
bool http_equals(const char *text, size_t len, const char *want);
/** Takes blanks and tabs off both ends. */
const char *http_strip(const char *text, size_t *len);

#endif
