/* main.c - the store service: see service.c. */
#include "cmd/store/store.h"

int main(int argc, char **argv)
{
    return service_main(argc, argv, &STORE_SERVICE);
}
