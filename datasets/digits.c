/* Numbers in lines of text. */
#include "digits.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* strtof() takes blanks, words and hexadecimal too. */
bool hunch__parse_float(const char *text, size_t n, float *value)
{
    char *end;
    if (n == 0 || strspn(text, "+-.0123456789eE") < n) {
        return false;
    }
    *value = strtof(text, &end);
    return end == text + n && isfinite(*value);
}
