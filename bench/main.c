/* hunch-bench. */
#include "program.h"

int main(int argc, char **argv)
{
    return bench__program(argc, argv, &bench_catalogue, hunch_clock_monotonic());
}
