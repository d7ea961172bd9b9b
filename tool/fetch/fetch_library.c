/* fetch_library.c - see fetch_library.h. */
#include "tool/fetch/fetch_library.h"

#include <dlfcn.h>
#include <pthread.h>

#define LIBRARY "libcurl.so.4"

static struct fetch_library library;

static void load(void)
{
    library.handle = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);
    if (!library.handle) {
        library.trouble = LIBRARY " is not installed";
        return;
    }
#define X(name)                                                                                    \
    *(void **)&library.name = dlsym(library.handle, #name);                                        \
    if (!library.name)                                                                             \
        library.trouble = LIBRARY " has no " #name;
    FETCH_FUNCTIONS(X)
#undef X
    if (!library.trouble && library.curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        library.trouble = LIBRARY " does not start";
}

const struct fetch_library *fetch_library(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    pthread_once(&once, load);
    return &library;
}
