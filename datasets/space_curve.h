/* Two orders of the points of a plane. */
#ifndef HUNCH_DATASETS_SPACE_CURVE_H
#define HUNCH_DATASETS_SPACE_CURVE_H

#include <stdint.h>

/* Every bit of x moved to twice its place. */
static inline uint64_t hunch__spread_bits(uint32_t x)
{
    uint64_t s = x;
    s = (s | s << 16) & 0x0000FFFF0000FFFFu;
    s = (s | s << 8) & 0x00FF00FF00FF00FFu;
    s = (s | s << 4) & 0x0F0F0F0F0F0F0F0Fu;
    s = (s | s << 2) & 0x3333333333333333u;
    return (s | s << 1) & 0x5555555555555555u;
}

/* Z-order (Morton 1966): x in the even bits, y in the odd ones. */
static inline uint64_t hunch__morton(uint32_t x, uint32_t y)
{
    return hunch__spread_bits(x) | hunch__spread_bits(y) << 1;
}

/* Distance along the Hilbert curve of order 32. */
static inline uint64_t hunch__hilbert(uint32_t x, uint32_t y)
{
    uint64_t d = 0;
    for (unsigned b = 32; b-- > 0;) {
        uint32_t rx = x >> b & 1;
        uint32_t ry = y >> b & 1;
        d |= (uint64_t)((3 * rx) ^ ry) << (2 * b);
        if (ry == 0) {
            uint32_t flip = rx != 0 ? UINT32_MAX : 0;
            uint32_t turned = x ^ flip;
            x = y ^ flip;
            y = turned;
        }
    }
    return d;
}

#endif
