/* Texts of the statuses. */
#include <hunch/status.h>

#define CASE(name, value, text)                                                                    \
    case HUNCH_##name:                                                                             \
        return text;

const char *hunch_status_text(hunch_status status)
{
    switch (status) {
        HUNCH_STATUS_LIST(CASE)
    }
    return "unknown status";
}
