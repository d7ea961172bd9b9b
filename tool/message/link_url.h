/* link_url.h - whether a text names NATS servers. Pure. */
#ifndef TOOL_MESSAGE_LINK_URL_H
#define TOOL_MESSAGE_LINK_URL_H

/** The check of a setting (char[]): servers as nats://host:port or tls://host:port, comma
 * separated. Why it will not do, static and without the text, which may hold a password; NULL = it
 * will. */
const char *link_url_check(const void *text);

#endif
