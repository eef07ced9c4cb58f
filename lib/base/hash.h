/* XXH3, inlined from Debian's xxHash header, so that the library depends on no shared libxxhash.
 * For checksums against accidents. It is not a keyed hash: whoever chooses the bytes can make two
 * files with one checksum (xxHash#1127). */
#ifndef HUNCH_BASE_HASH_H
#define HUNCH_BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

/* XXH3-64 of bytes[n], seed 0. NULL is allowed when n is 0. */
uint64_t hunch__xxh3(const void *bytes, size_t n);

/* XXH3-64 of `zeros` zero bytes followed by bytes[n], which need not lie together anywhere. */
uint64_t hunch__xxh3_after_zeros(uint64_t zeros, const void *bytes, size_t n);

#endif
