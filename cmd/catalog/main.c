/* main.c - the catalog service: see service.c. */
#include "cmd/catalog/catalog.h"

int main(int argc, char **argv)
{
    return service_main(argc, argv, &CATALOG_SERVICE);
}
