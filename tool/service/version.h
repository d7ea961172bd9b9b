/* version.h - which Hanok this is; the build may say it better. */
#ifndef TOOL_SERVICE_VERSION_H
#define TOOL_SERVICE_VERSION_H

#ifndef HANOK_VERSION
#define HANOK_VERSION "0.1.0"
#endif

_Static_assert(sizeof(HANOK_VERSION) > 1, "a version has a name");

#endif
