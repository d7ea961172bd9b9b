/* network.h - from which network an address is: who has a /64 of IPv6 has 2^64 addresses, and is
 * one client all the same. */
#ifndef TOOL_CORE_NETWORK_H
#define TOOL_CORE_NETWORK_H

enum { NETWORK_TEXT_MAX = 63 };

/** address: as text; an IPv6 address gives its first 64 bits ("2001:db8::/64"), one that is an IPv4
 * address in disguise ("::ffff:192.0.2.1") that; anything else is left as it is, cut. */
void network_of(const char *address, char out[NETWORK_TEXT_MAX + 1]);

#endif
