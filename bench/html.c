/* Writing HTML. */
#include "html.h"

#include <stdarg.h>

#include "asserts.h"

void bench__html_text(FILE *out, const char *text)
{
    for (; *text != '\0'; text++) {
        switch (*text) {
        case '&':
            (void)fputs("&amp;", out);
            break;
        case '<':
            (void)fputs("&lt;", out);
            break;
        case '>':
            (void)fputs("&gt;", out);
            break;
        case '"':
            (void)fputs("&quot;", out);
            break;
        case '\'':
            (void)fputs("&#39;", out);
            break;
        default:
            (void)fputc(*text, out);
        }
    }
}

void bench__html(FILE *out, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    for (; *format != '\0'; format++) {
        if (*format != '%') {
            (void)fputc(*format, out);
            continue;
        }
        format++;
        HUNCH_ASSERT(*format == 's');
        bench__html_text(out, va_arg(arguments, const char *));
    }
    va_end(arguments);
}
