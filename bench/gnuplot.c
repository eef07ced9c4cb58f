/* Pictures by gnuplot, without a shell. */
#define _POSIX_C_SOURCE 200809L
#include "gnuplot.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

static bool run(FILE *in, FILE *out);
static bool read_all(FILE *file, char **bytes);

/* Files without a name on both sides: no pipe can fill up while the other end waits. */
bool bench__gnuplot(const char *script, char **svg)
{
    FILE *in = tmpfile();
    FILE *out = tmpfile();
    bool ok = in != NULL && out != NULL;
    *svg = NULL;
    ok = ok && fputs(script, in) >= 0 && fflush(in) == 0 && lseek(fileno(in), 0, SEEK_SET) == 0;
    ok = ok && run(in, out) && read_all(out, svg);
    if (in != NULL) {
        (void)fclose(in);
    }
    if (out != NULL) {
        (void)fclose(out);
    }
    return ok;
}

/* With an environment of its own, so that nobody's settings or locale change the picture. */
static bool run(FILE *in, FILE *out)
{
    char name[] = "gnuplot";
    char defaults[] = "-d"; /* no init files */
    char *arguments[] = {name, defaults, NULL};
    char locale[] = "LC_ALL=C";
    char *environment[] = {locale, NULL};
    posix_spawn_file_actions_t actions;
    pid_t child = 0;
    int outcome = 0;
    if (posix_spawn_file_actions_init(&actions) != 0) {
        return false;
    }
    bool ok =
        posix_spawn_file_actions_adddup2(&actions, fileno(in), STDIN_FILENO) == 0 &&
        posix_spawn_file_actions_adddup2(&actions, fileno(out), STDOUT_FILENO) == 0 &&
        posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0) == 0;
    /* The search for the program uses our PATH, not the child's. */
    ok = ok && posix_spawnp(&child, name, &actions, NULL, arguments, environment) == 0;
    (void)posix_spawn_file_actions_destroy(&actions);
    if (!ok) {
        return false;
    }
    while (waitpid(child, &outcome, 0) < 0) {
        if (errno != EINTR) {
            return false;
        }
    }
    return WIFEXITED(outcome) && WEXITSTATUS(outcome) == 0;
}

static bool read_all(FILE *file, char **bytes)
{
    const off_t size = lseek(fileno(file), 0, SEEK_END);
    if (size <= 0) {
        return false;
    }
    char *text = malloc((size_t)size + 1);
    if (text == NULL) {
        return false;
    }
    rewind(file);
    const size_t got = fread(text, 1, (size_t)size, file);
    text[got] = '\0';
    if (got != (size_t)size) {
        free(text);
        return false;
    }
    *bytes = text;
    return true;
}
