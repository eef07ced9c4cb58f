/* What the sub-commands of hunch-index share. */
#ifndef HUNCH_INDEX_COMMAND_H
#define HUNCH_INDEX_COMMAND_H

#include <argp.h>
#include <stdint.h>

#include <hunch/index.h>

struct json_t;

/* What the process says to the one who called it. */
enum command_exit {
    COMMAND_OK = 0,
    COMMAND_NO = 1,         /* the key is absent, the file is damaged */
    COMMAND_USAGE = 2,      /* wrong use or bad input                 */
    COMMAND_ENVIRONMENT = 3 /* missing file, no memory ...            */
};

/* The sub-commands: argv[0] names the program and the sub-command. An exit code. */
int index__build(int argc, char **argv);
int index__query(int argc, char **argv);
int index__inspect(int argc, char **argv);
int index__verify(int argc, char **argv);
int index__hardness(int argc, char **argv);

/* Say on stderr that `file` failed, and why; the exit code for `status`, which is no success. */
int index__fail(const char *file, hunch_status status, const hunch_diag *diag);

/* The whole number that the option `name` was given, or an end with a message. */
uint64_t index__number(const char *name, const char *value, uint64_t low, uint64_t high,
                       struct argp_state *state);

/* The position of `value` in names[], which ends with NULL, or an end with a message. */
uint32_t index__choice(const char *name, const char *value, const char *const *names,
                       struct argp_state *state);

/* A text for JSON, which is Unicode: of one that is not, such as a file's name may be, bytes above
 * 127 become question marks. NULL: there was no memory. */
struct json_t *index__json_text(const char *text);

/* Print the object on stdout, a line, and release it; an exit code. NULL: there was no memory. */
int index__print_json(struct json_t *object);

/* What the forms, the routers and the searches are called; NULL at the end. */
extern const char *const index__kinds[];
extern const char *const index__routers[];
extern const char *const index__searches[];

#endif
