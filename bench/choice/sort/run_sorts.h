/* Powersort (Munro and Wild, ESA 2018) and radix sort for one type of key. Included once a type,
 * with KEY and SORT_NAME(stem) defined; sort_run_u32.c and sort_run_u64.c. */

/* Shorter runs are made this long by insertion. */
#define RUN_MIN    24u
/* Powers on the stack rise strictly and are at most 64. */
#define STACK_MAX  66u
#define BYTE_CELLS 256u

/* A sorted stretch, and how deep the border behind it lies in the tree of merges. */
struct run {
    size_t from, n;
    unsigned power;
};

static size_t next_run(KEY *keys, size_t n);
static void reverse(KEY *keys, size_t n);
static unsigned border_power(const struct run *left, size_t right_n, size_t n);
static void merge_top(KEY *keys, struct run *stack, size_t depth, KEY *scratch);
static void merge(KEY *keys, size_t left_n, size_t n, KEY *scratch);
static size_t upper_bound(const KEY *keys, size_t n, KEY key);
static size_t lower_bound(const KEY *keys, size_t n, KEY key);
static void count_bytes(const KEY *keys, size_t n, uint32_t count[sizeof(KEY)][BYTE_CELLS]);
static void scatter(const KEY *from, KEY *to, size_t n, unsigned shift, uint32_t *count);

void SORT_NAME(merge)(KEY *keys, size_t n, KEY *scratch)
{
    struct run stack[STACK_MAX];
    size_t depth = 0;
    for (size_t from = 0; from < n;) {
        const size_t length = next_run(keys + from, n - from);
        if (depth > 0) {
            const unsigned power = border_power(&stack[depth - 1], length, n);
            while (depth > 1 && stack[depth - 2].power > power) {
                merge_top(keys, stack, depth--, scratch);
            }
            stack[depth - 1].power = power;
        }
        stack[depth++] = (struct run){from, length, 0};
        from += length;
    }
    while (depth > 1) {
        merge_top(keys, stack, depth--, scratch);
    }
}

void SORT_NAME(radix)(KEY *keys, size_t n, KEY *scratch)
{
    uint32_t count[sizeof(KEY)][BYTE_CELLS];
    KEY *from = keys;
    KEY *to = scratch;
    if (n < 2) {
        return;
    }
    count_bytes(keys, n, count);
    for (unsigned byte = 0; byte < sizeof(KEY); byte++) {
        const unsigned shift = 8 * byte;
        if (count[byte][(keys[0] >> shift) & 0xFF] != n) { /* else all have the same byte here */
            scatter(from, to, n, shift, count[byte]);
            KEY *sorted = to;
            to = from;
            from = sorted;
        }
    }
    if (from != keys) {
        memcpy(keys, from, n * sizeof *keys);
    }
}

/* Length of the run that begins here, made ascending and long enough. */
static size_t next_run(KEY *keys, size_t n)
{
    size_t length = 1;
    if (n > 1 && keys[1] < keys[0]) {
        while (length < n && keys[length] < keys[length - 1]) {
            length++;
        }
        reverse(keys, length);
    }
    while (length < n && keys[length] >= keys[length - 1]) {
        length++;
    }
    for (const size_t end = n < RUN_MIN ? n : RUN_MIN; length < end; length++) {
        const KEY key = keys[length];
        size_t at = length;
        while (at > 0 && keys[at - 1] > key) {
            keys[at] = keys[at - 1];
            at--;
        }
        keys[at] = key;
    }
    return length;
}

static void reverse(KEY *keys, size_t n)
{
    for (size_t i = 0; i < n / 2; i++) {
        const KEY kept = keys[i];
        keys[i] = keys[n - 1 - i];
        keys[n - 1 - i] = kept;
    }
}

/* The first binary digit in which the middles of both runs differ, as shares of n. */
static unsigned border_power(const struct run *left, size_t right_n, size_t n)
{
    size_t a = 2 * left->from + left->n;
    size_t b = a + left->n + right_n;
    unsigned power = 1;
    while (a >= n || b < n) {
        const size_t digit = a >= n ? n : 0;
        a = 2 * (a - digit);
        b = 2 * (b - digit);
        power++;
    }
    return power;
}

/* The two runs on top become one; the border behind it is that of the upper. */
static void merge_top(KEY *keys, struct run *stack, size_t depth, KEY *scratch)
{
    struct run *left = &stack[depth - 2];
    const struct run *right = &stack[depth - 1];
    merge(keys + left->from, left->n, left->n + right->n, scratch);
    left->n += right->n;
    left->power = right->power;
}

/* Runs keys[left_n] and the rest; what is in its place on either side is not moved. */
static void merge(KEY *keys, size_t left_n, size_t n, KEY *scratch)
{
    const size_t ready = upper_bound(keys, left_n, keys[left_n]);
    n = left_n + lower_bound(keys + left_n, n - left_n, keys[left_n - 1]);
    const size_t left = left_n - ready;
    KEY *out = keys + ready;
    const KEY *right = keys + left_n;
    const KEY *right_end = keys + n;
    memcpy(scratch, out, left * sizeof *keys);
    const KEY *from = scratch;
    const KEY *from_end = scratch + left;
    while (from < from_end && right < right_end) {
        const bool take_right = *right < *from;
        *out++ = take_right ? *right : *from;
        right += take_right;
        from += !take_right;
    }
    memcpy(out, from, (size_t)(from_end - from) * sizeof *keys);
}

/* How many are <= key. */
static size_t upper_bound(const KEY *keys, size_t n, KEY key)
{
    size_t low = 0;
    while (low < n) {
        const size_t middle = low + (n - low) / 2;
        if (keys[middle] <= key) {
            low = middle + 1;
        } else {
            n = middle;
        }
    }
    return low;
}

/* How many are < key. */
static size_t lower_bound(const KEY *keys, size_t n, KEY key)
{
    return key == 0 ? 0 : upper_bound(keys, n, key - 1);
}

static void count_bytes(const KEY *keys, size_t n, uint32_t count[sizeof(KEY)][BYTE_CELLS])
{
    memset(count, 0, sizeof(KEY) * sizeof *count);
    for (size_t i = 0; i < n; i++) {
        for (unsigned byte = 0; byte < sizeof(KEY); byte++) {
            count[byte][(keys[i] >> (8 * byte)) & 0xFF]++;
        }
    }
}

/* Counts become places. */
static void scatter(const KEY *from, KEY *to, size_t n, unsigned shift, uint32_t *count)
{
    uint32_t place = 0;
    for (unsigned cell = 0; cell < BYTE_CELLS; cell++) {
        const uint32_t here = count[cell];
        count[cell] = place;
        place += here;
    }
    for (size_t i = 0; i < n; i++) {
        to[count[(from[i] >> shift) & 0xFF]++] = from[i];
    }
}
