/* I/O that fails when it is told to, does less than it is asked, and counts what stays open. */
#include "faulty_io.h"

#include <errno.h>
#include <string.h>

static int faulty_open(void *ctx, const char *path, hunch_io_mode mode, void **file);
static int faulty_close(void *ctx, void *file);
static int faulty_pread(void *ctx, void *file, void *buffer, size_t n, uint64_t offset,
                        size_t *done);
static int faulty_pwrite(void *ctx, void *file, const void *buffer, size_t n, uint64_t offset,
                         size_t *done);
static int faulty_size(void *ctx, void *file, uint64_t *bytes);
static int faulty_truncate(void *ctx, void *file, uint64_t bytes);
static int faulty_sync(void *ctx, void *file);
static int faulty_rename(void *ctx, const char *from, const char *to);
static int faulty_remove(void *ctx, const char *path);
static int faulty_sync_folder(void *ctx, const char *path);
static int faulty_map(void *ctx, void *file, uint64_t bytes, const void **address);
static int faulty_unmap(void *ctx, const void *address, uint64_t bytes);

/* What one call does: how it ends when it was chosen to fail, and whether it does its work. */
struct turn {
    int error;
    bool works;
};

static struct turn begin(struct faulty_io *f, enum faulty_io_call call);
static int end(struct turn turn, int error);
static size_t at_most(const struct faulty_io *f, size_t n);

void faulty_io_begin(struct faulty_io *f, const hunch_io *base, uint64_t fail_at, int error)
{
    memset(f, 0, sizeof *f);
    f->base = base;
    f->fail_at = fail_at;
    f->error = error;
    f->io = (hunch_io){
        .struct_size = sizeof(hunch_io),
        .ctx = f,
        .open = faulty_open,
        .close = faulty_close,
        .pread = faulty_pread,
        .pwrite = faulty_pwrite,
        .size = faulty_size,
        .truncate = faulty_truncate,
        .sync = faulty_sync,
        .rename = faulty_rename,
        .remove = faulty_remove,
        .sync_folder = faulty_sync_folder,
        .map = faulty_map,
        .unmap = faulty_unmap,
    };
}

const char *faulty_io_name(enum faulty_io_call call)
{
    static const char *const names[FAULTY_CALLS] = {"open",   "close",       "pread", "pwrite",
                                                    "size",   "truncate",    "sync",  "rename",
                                                    "remove", "sync_folder", "map",   "unmap"};
    return (unsigned)call < FAULTY_CALLS ? names[call] : "none";
}

static struct turn begin(struct faulty_io *f, enum faulty_io_call call)
{
    f->calls++;
    f->count[call]++;
    const bool fails =
        f->fail_at != 0 && (f->calls == f->fail_at || (f->onwards && f->calls > f->fail_at));
    if (!fails) {
        return (struct turn){0, true};
    }
    if (f->failed++ == 0) {
        f->first_fail = call;
    }
    return (struct turn){f->error, f->late};
}

static int end(struct turn turn, int error)
{
    return turn.error != 0 ? turn.error : error;
}

static size_t at_most(const struct faulty_io *f, size_t n)
{
    return f->most != 0 && n > f->most ? f->most : n;
}

/* One that fails late must not leave a handle that nobody has: it is closed again. */
static int faulty_open(void *ctx, const char *path, hunch_io_mode mode, void **file)
{
    struct faulty_io *f = ctx;
    const struct turn turn = begin(f, FAULTY_OPEN);
    void *opened = NULL;
    if (!turn.works) {
        return turn.error;
    }
    int error = f->base->open(f->base->ctx, path, mode, &opened);
    if (error == 0 && turn.error != 0) {
        (void)f->base->close(f->base->ctx, opened);
    } else if (error == 0) {
        *file = opened;
        f->open_files++;
    }
    return end(turn, error);
}

static int faulty_close(void *ctx, void *file)
{
    struct faulty_io *f = ctx;
    const struct turn turn = begin(f, FAULTY_CLOSE);
    f->open_files--;
    return end(turn, f->base->close(f->base->ctx, file));
}

static int faulty_pread(void *ctx, void *file, void *buffer, size_t n, uint64_t offset,
                        size_t *done)
{
    struct faulty_io *f = ctx;
    const struct turn turn = begin(f, FAULTY_PREAD);
    *done = 0;
    if (!turn.works) {
        return turn.error;
    }
    return end(turn, f->base->pread(f->base->ctx, file, buffer, at_most(f, n), offset, done));
}

static int faulty_pwrite(void *ctx, void *file, const void *buffer, size_t n, uint64_t offset,
                         size_t *done)
{
    struct faulty_io *f = ctx;
    const struct turn turn = begin(f, FAULTY_PWRITE);
    *done = 0;
    if (!turn.works) {
        return turn.error;
    }
    return end(turn, f->base->pwrite(f->base->ctx, file, buffer, at_most(f, n), offset, done));
}

static int faulty_size(void *ctx, void *file, uint64_t *bytes)
{
    struct faulty_io *f = ctx;
    const struct turn turn = begin(f, FAULTY_SIZE);
    return turn.works ? end(turn, f->base->size(f->base->ctx, file, bytes)) : turn.error;
}

static int faulty_truncate(void *ctx, void *file, uint64_t bytes)
{
    struct faulty_io *f = ctx;
    const struct turn turn = begin(f, FAULTY_TRUNCATE);
    return turn.works ? end(turn, f->base->truncate(f->base->ctx, file, bytes)) : turn.error;
}

static int faulty_sync(void *ctx, void *file)
{
    struct faulty_io *f = ctx;
    const struct turn turn = begin(f, FAULTY_SYNC);
    return turn.works ? end(turn, f->base->sync(f->base->ctx, file)) : turn.error;
}

static int faulty_rename(void *ctx, const char *from, const char *to)
{
    struct faulty_io *f = ctx;
    const struct turn turn = begin(f, FAULTY_RENAME);
    return turn.works ? end(turn, f->base->rename(f->base->ctx, from, to)) : turn.error;
}

static int faulty_remove(void *ctx, const char *path)
{
    struct faulty_io *f = ctx;
    const struct turn turn = begin(f, FAULTY_REMOVE);
    return turn.works ? end(turn, f->base->remove(f->base->ctx, path)) : turn.error;
}

static int faulty_sync_folder(void *ctx, const char *path)
{
    struct faulty_io *f = ctx;
    const struct turn turn = begin(f, FAULTY_SYNC_FOLDER);
    return turn.works ? end(turn, f->base->sync_folder(f->base->ctx, path)) : turn.error;
}

static int faulty_map(void *ctx, void *file, uint64_t bytes, const void **address)
{
    struct faulty_io *f = ctx;
    const struct turn turn = begin(f, FAULTY_MAP);
    const void *mapped = NULL;
    if (!turn.works) {
        return turn.error;
    }
    int error = f->base->map(f->base->ctx, file, bytes, &mapped);
    if (error == 0 && turn.error != 0) {
        (void)f->base->unmap(f->base->ctx, mapped, bytes);
    } else if (error == 0) {
        *address = mapped;
        f->live_mappings++;
    }
    return end(turn, error);
}

static int faulty_unmap(void *ctx, const void *address, uint64_t bytes)
{
    struct faulty_io *f = ctx;
    const struct turn turn = begin(f, FAULTY_UNMAP);
    f->live_mappings--;
    return end(turn, f->base->unmap(f->base->ctx, address, bytes));
}
