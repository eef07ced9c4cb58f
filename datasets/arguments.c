/* Numbers in brackets behind a generator's name. */
#include "arguments.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "diag.h"

static bool is_good(const struct argument *argument, double value);

hunch_status hunch__arguments_parse(double *values, const struct argument *arguments, size_t count,
                                    const char *name, const char *text, hunch_diag *diag)
{
    size_t n = strlen(name);
    if (strncmp(text, name, n) != 0 || (text[n] != '\0' && text[n] != '(')) {
        return hunch__fail(diag, HUNCH_ENOENT, 0, "no generator is called '%.40s'", text);
    }
    if (text[n] == '\0') {
        return HUNCH_OK;
    }
    const char *at = text + n;
    for (size_t i = 0; i < count; i++) {
        char *end;
        double value = strtod(at + 1, &end);
        if (end == at + 1 || *end != (i + 1 < count ? ',' : ')') ||
            !is_good(&arguments[i], value)) {
            return hunch__fail(diag, HUNCH_EINVAL, (uint64_t)(at + 1 - text),
                               "%s: parameter %zu, %s: a%s number from %g to %g expected", name,
                               i + 1, arguments[i].name, arguments[i].whole ? " whole" : "",
                               arguments[i].least, arguments[i].most);
        }
        values[i] = value;
        at = end;
    }
    if (at[1] != '\0') {
        return hunch__fail(diag, HUNCH_EINVAL, (uint64_t)(at + 1 - text),
                           "nothing expected behind the bracket");
    }
    return HUNCH_OK;
}

static bool is_good(const struct argument *argument, double value)
{
    return value >= argument->least && value <= argument->most &&
           (!argument->whole || value == floor(value));
}
