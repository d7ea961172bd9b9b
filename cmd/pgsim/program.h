/* program.h - hanok-pgsim as a function, so that a test can be it in a process of its own. */
#ifndef CMD_PGSIM_PROGRAM_H
#define CMD_PGSIM_PROGRAM_H

/** All of main. Returns the code to exit with. */
int pgsim_main(int argc, char **argv);

#endif
