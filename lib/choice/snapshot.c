#include "snapshot.h"

#include <string.h>

/* Copies that may be overtaken before a lane gives up for this time. */
enum { TRIES = 3 };

static bool same(const _Atomic uint64_t *words, const unsigned char *bytes, size_t n);
static bool copy(const struct hunch__published *published, uint64_t version, unsigned char *to);

void hunch__snapshot_publish(struct hunch__published *published, const void *draft)
{
    const uint64_t version = hunch__load_relaxed(&published->version);
    if (version > 0 && same(published->buffer[version % 2], draft, published->bytes)) {
        return;
    }
    _Atomic uint64_t *to = published->buffer[(version + 1) % 2];
    const unsigned char *from = draft;
    hunch__store_relaxed(&published->writing, version + 1);
    hunch__fence_release(); /* pairs with the acquire fence in copy() */
    for (size_t i = 0; i < published->bytes / 8; i++) {
        uint64_t word = 0;
        memcpy(&word, from + 8 * i, sizeof word);
        hunch__store_relaxed(to + i, word);
    }
    hunch__store_release(&published->version, version + 1); /* pairs with take()'s acquire */
}

bool hunch__snapshot_take(const struct hunch__published *published, struct hunch__lane *lane)
{
    for (int i = 0; i < TRIES; i++) {
        /* acquire: pairs with the release in publish() */
        const uint64_t version = hunch__load_acquire(&published->version);
        if (copy(published, version, lane->spare)) {
            unsigned char *spare = lane->mine;
            lane->mine = lane->spare;
            lane->spare = spare;
            lane->version = version;
            return true;
        }
    }
    return false;
}

static bool same(const _Atomic uint64_t *words, const unsigned char *bytes, size_t n)
{
    for (size_t i = 0; i < n / 8; i++) {
        uint64_t word = 0;
        memcpy(&word, bytes + 8 * i, sizeof word);
        if (hunch__load_relaxed(words + i) != word) {
            return false;
        }
    }
    return true;
}

/* False when its buffer was written again meanwhile. */
static bool copy(const struct hunch__published *published, uint64_t version, unsigned char *to)
{
    const _Atomic uint64_t *from = published->buffer[version % 2];
    for (size_t i = 0; i < published->bytes / 8; i++) {
        const uint64_t word = hunch__load_relaxed(from + i);
        memcpy(to + 8 * i, &word, sizeof word);
    }
    hunch__fence_acquire(); /* pairs with the release fence in publish() */
    return hunch__load_relaxed(&published->writing) < version + 2;
}
