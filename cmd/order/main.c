/* main.c - the order service: see service.c. */
#include "cmd/order/order.h"

int main(int argc, char **argv)
{
    return service_main(argc, argv, &ORDER_SERVICE);
}
