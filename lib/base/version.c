/* Version of the library as it was built. */
#include <hunch/version.h>

int hunch_version(void)
{
    return HUNCH_VERSION;
}
