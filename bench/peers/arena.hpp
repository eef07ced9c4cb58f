/* An allocator for C++ containers that hands out the library's memory front to back, huge pages
 * included, and frees it all at once: a peer gets the same pages as the others, and no allocator
 * stands between its nodes. */
#ifndef HUNCH_BENCH_PEERS_ARENA_HPP
#define HUNCH_BENCH_PEERS_ARENA_HPP

#include <algorithm>
#include <cstddef>
#include <new>
#include <vector>

#include <hunch/alloc.h>

class arena
{
  public:
    /* Blocks hold `block_bytes` or more. */
    explicit arena(std::size_t block_bytes) : block_bytes_(block_bytes)
    {
    }

    arena(const arena &) = delete;
    arena &operator=(const arena &) = delete;

    ~arena()
    {
        for (const block &b : blocks_) {
            memory_->free(memory_->ctx, b.start, b.bytes, line);
        }
    }

    void *allocate(std::size_t bytes)
    {
        bytes = (bytes + line - 1) & ~(line - 1);
        if (blocks_.empty() || blocks_.back().bytes - used_ < bytes) {
            grow(std::max(bytes, block_bytes_));
        }
        void *p = static_cast<char *>(blocks_.back().start) + used_;
        used_ += bytes;
        handed_out_ += bytes;
        return p;
    }

    /* Bytes handed out, whole lines. */
    std::size_t handed_out() const
    {
        return handed_out_;
    }

  private:
    static constexpr std::size_t line = 64;

    struct block {
        void *start;
        std::size_t bytes;
    };

    void grow(std::size_t bytes)
    {
        blocks_.reserve(blocks_.size() + 1); /* so that push_back cannot lose the block */
        void *start = memory_->alloc(memory_->ctx, bytes, line);
        if (start == nullptr) {
            throw std::bad_alloc();
        }
        blocks_.push_back({start, bytes});
        used_ = 0;
    }

    const hunch_allocator *memory_ = hunch_allocator_default();
    std::size_t block_bytes_;
    std::size_t used_ = 0; /* of the last block */
    std::size_t handed_out_ = 0;
    std::vector<block> blocks_;
};

/* What containers take: an arena, borrowed for the container's life. */
template <class T> struct arena_allocator {
    using value_type = T;

    explicit arena_allocator(arena *from) : from_(from)
    {
    }

    template <class U> arena_allocator(const arena_allocator<U> &other) : from_(other.from_)
    {
    }

    T *allocate(std::size_t n)
    {
        return static_cast<T *>(from_->allocate(n * sizeof(T)));
    }

    void deallocate(T *, std::size_t)
    {
    }

    template <class U> bool operator==(const arena_allocator<U> &other) const
    {
        return from_ == other.from_;
    }

    template <class U> bool operator!=(const arena_allocator<U> &other) const
    {
        return from_ != other.from_;
    }

    arena *from_;
};

#endif
