/* main.c - the payment service: see service.c. */
#include "cmd/payment/payment.h"

int main(int argc, char **argv)
{
    return service_main(argc, argv, &PAYMENT_SERVICE);
}
