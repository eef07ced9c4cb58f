/* Introsort and bounded insertion for one type of key. Included once a type, with KEY and
 * SORT_NAME(stem) defined; sort_quick_u32.c and sort_quick_u64.c. */

/* Below this insertion is faster. hunch-bench choice --case sort measures what it is part of. */
#define SMALL 24u
/* Medians of medians from here on: the pivot of a large part matters more. */
#define LARGE 512u
/* Moves a key after which insertion gives up: it has lost by then, but not much. */
#define MOVES 8u

static void intro(KEY *keys, size_t n, unsigned depth);
static bool insertion(KEY *keys, size_t n, size_t moves);
static void pick_pivot(KEY *keys, size_t n);
static void sort_three(KEY *a, KEY *b, KEY *c);
static size_t partition_less(KEY *keys, size_t n);
static size_t partition_equal(KEY *keys, size_t n);
static void heap_sort(KEY *keys, size_t n);
static void sift_down(KEY *keys, size_t root, size_t n);
static inline void swap(KEY *a, KEY *b);

void SORT_NAME(intro)(KEY *keys, size_t n, KEY *scratch)
{
    (void)scratch;
    unsigned depth = 2;
    for (size_t rest = n; rest > 0; rest /= 2) {
        depth += 2;
    }
    intro(keys, n, depth);
}

void SORT_NAME(insertion)(KEY *keys, size_t n, KEY *scratch)
{
    if (!insertion(keys, n, MOVES * n)) {
        SORT_NAME(intro)(keys, n, scratch);
    }
}

/* Musser 1997: the smaller part by recursion, so that the stack stays small. */
static void intro(KEY *keys, size_t n, unsigned depth)
{
    while (n > SMALL) {
        if (depth-- == 0) {
            heap_sort(keys, n);
            return;
        }
        pick_pivot(keys, n);
        const size_t less = partition_less(keys, n);
        if (less == 0) {
            /* The pivot is the smallest: all that equal it are in their place at once. */
            const size_t equal = partition_equal(keys, n);
            keys += equal;
            n -= equal;
            continue;
        }
        const size_t more = n - less - 1;
        if (less < more) {
            intro(keys, less, depth);
            keys += less + 1;
            n = more;
        } else {
            intro(keys + less + 1, more, depth);
            n = less;
        }
    }
    (void)insertion(keys, n, SIZE_MAX);
}

/* False when it took more than so many moves: then the keys are still all there. */
static bool insertion(KEY *keys, size_t n, size_t moves)
{
    size_t made = 0;
    for (size_t i = 1; i < n; i++) {
        const KEY key = keys[i];
        size_t at = i;
        while (at > 0 && keys[at - 1] > key) {
            keys[at] = keys[at - 1];
            at--;
        }
        keys[at] = key;
        made += i - at;
        if (made > moves) {
            return false;
        }
    }
    return true;
}

/* To keys[0]. */
static void pick_pivot(KEY *keys, size_t n)
{
    KEY *middle = keys + n / 2;
    if (n >= LARGE) {
        const size_t step = n / 8;
        sort_three(keys, keys + step, keys + 2 * step);
        sort_three(middle - step, middle, middle + step);
        sort_three(keys + n - 1 - 2 * step, keys + n - 1 - step, keys + n - 1);
        sort_three(keys + step, middle, keys + n - 1 - step);
    } else {
        sort_three(keys, middle, keys + n - 1);
    }
    swap(keys, middle);
}

static void sort_three(KEY *a, KEY *b, KEY *c)
{
    if (*b < *a) {
        swap(a, b);
    }
    if (*c < *b) {
        swap(b, c);
        if (*b < *a) {
            swap(a, b);
        }
    }
}

/* Lomuto's partition around keys[0], without a branch in its loop: how many are less, and the pivot
 * behind them. The first key waits outside, so that each step writes two keys and swaps none. */
static size_t partition_less(KEY *keys, size_t n)
{
    const KEY pivot = keys[0];
    const KEY waiting = keys[1];
    size_t less = 1;
    size_t hole = 1;
    for (size_t i = 2; i < n; i++) {
        const KEY key = keys[i];
        keys[hole] = keys[less];
        keys[less] = key;
        hole = i;
        less += key < pivot;
    }
    keys[hole] = keys[less];
    keys[less] = waiting;
    less -= waiting >= pivot;
    swap(keys, keys + less);
    return less;
}

/* The same with those that equal keys[0], which is the smallest, in front; it is one of them. */
static size_t partition_equal(KEY *keys, size_t n)
{
    const KEY pivot = keys[0];
    size_t equal = 1;
    for (size_t i = 1; i < n; i++) {
        const KEY key = keys[i];
        keys[i] = keys[equal];
        keys[equal] = key;
        equal += key == pivot;
    }
    return equal;
}

static void heap_sort(KEY *keys, size_t n)
{
    for (size_t root = n / 2; root-- > 0;) {
        sift_down(keys, root, n);
    }
    for (size_t end = n; end-- > 1;) {
        swap(keys, keys + end);
        sift_down(keys, 0, end);
    }
}

static void sift_down(KEY *keys, size_t root, size_t n)
{
    const KEY key = keys[root];
    for (size_t child = 2 * root + 1; child < n; child = 2 * root + 1) {
        child += child + 1 < n && keys[child + 1] > keys[child];
        if (keys[child] <= key) {
            break;
        }
        keys[root] = keys[child];
        root = child;
    }
    keys[root] = key;
}

static inline void swap(KEY *a, KEY *b)
{
    const KEY kept = *a;
    *a = *b;
    *b = kept;
}
