/* Checksums made right again, so that what is behind them is tested too. */
#ifndef HUNCH_TESTS_CONTAINER_REPAIR_H
#define HUNCH_TESTS_CONTAINER_REPAIR_H

#include <stdbool.h>
#include <stddef.h>

/* Repair the checksums of a container in bytes[size], whatever it holds: of header and table, and
 * of the sections too when `contents`. What lies outside the file stays as it is. */
void container_repair(unsigned char *bytes, size_t size, bool contents);

#endif
