/* main.c - hanok-pgsim: the card company that demos and tests pay with. */
#include "cmd/pgsim/program.h"

int main(int argc, char **argv)
{
    return pgsim_main(argc, argv);
}
