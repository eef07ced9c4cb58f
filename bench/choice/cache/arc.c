/* ARC: two lists of residents, seen once and seen again, and the keys that each has lost; where a
 * lost key comes back says which list should have been longer (Megiddo and Modha, FAST 2003). */
#include "cache_base.h"
#include "policies.h"

enum { GONE, T1, T2, B1, B2, LISTS };

struct arc {
    struct cache_base base;         /* object.place: the list that it is in */
    struct object_list list[LISTS]; /* [GONE] is not used                   */
    double p;                       /* what T1 should have                  */
};

static hunch_status make(void **out, size_t capacity, const uint64_t *keys, size_t n,
                         const hunch_allocator *allocator, hunch_diag *diag);
static bool access_key(void *self, uint64_t key);
static void come_back(struct arc *arc, uint32_t i);
static void make_room(struct arc *arc);
static void replace(struct arc *arc, bool for_b2);
static void move(struct arc *arc, uint32_t i, uint8_t to);
static void forget_oldest(struct arc *arc, uint8_t from);

const struct cache_policy_ops cache_arc = {
    .name = "arc",
    .make = make,
    .access = access_key,
    .bytes = cache_base_bytes,
    .free = cache_base_free,
};

static hunch_status make(void **out, size_t capacity, const uint64_t *keys, size_t n,
                         const hunch_allocator *allocator, hunch_diag *diag)
{
    (void)keys;
    (void)n;
    const hunch_status status =
        cache_base_make(out, sizeof(struct arc), capacity, 2 * capacity, allocator, diag);
    if (status == HUNCH_OK) {
        struct arc *arc = *out;
        for (size_t i = 0; i < LISTS; i++) {
            arc->list[i] = OBJECT_LIST_EMPTY;
        }
    }
    return status;
}

static bool access_key(void *self, uint64_t key)
{
    struct arc *arc = self;
    struct object_store *store = &arc->base.store;
    uint32_t i = object_find(store, key);
    if (i == OBJECT_NONE) {
        make_room(arc);
        i = object_add(store, key);
        store->objects[i].place = T1;
        object_list_push(&arc->list[T1], store->objects, i);
        return false;
    }
    const bool hit = store->objects[i].place <= T2;
    if (!hit) {
        come_back(arc, i);
    }
    move(arc, i, T2);
    return hit;
}

/* A lost key is asked for: the paper's cases II and III. */
static void come_back(struct arc *arc, uint32_t i)
{
    const bool in_b2 = arc->base.store.objects[i].place == B2;
    const double mine = arc->list[in_b2 ? B2 : B1].n;
    const double other = arc->list[in_b2 ? B1 : B2].n;
    const double step = other > mine ? other / mine : 1;
    const double p = in_b2 ? arc->p - step : arc->p + step;
    const double most = (double)arc->base.capacity;
    arc->p = p < 0 ? 0 : p > most ? most : p;
    replace(arc, in_b2);
}

/* For a key that is not known: case IV. */
static void make_room(struct arc *arc)
{
    const struct object_list *list = arc->list;
    const size_t capacity = arc->base.capacity;
    const size_t first = (size_t)list[T1].n + list[B1].n;
    const size_t all = first + list[T2].n + list[B2].n;
    if (first == capacity && list[T1].n == capacity) {
        forget_oldest(arc, T1);
    } else if (first == capacity) {
        forget_oldest(arc, B1);
        replace(arc, false);
    } else if (all >= capacity) {
        if (all == 2 * capacity) {
            forget_oldest(arc, B2);
        }
        replace(arc, false);
    }
}

static void replace(struct arc *arc, bool for_b2)
{
    const double n = arc->list[T1].n;
    const bool from_t1 = n > 0 && (n > arc->p || (for_b2 && !(n < arc->p)));
    HUNCH_ASSERT(from_t1 || arc->list[T2].n > 0);
    move(arc, arc->list[from_t1 ? T1 : T2].tail, from_t1 ? B1 : B2);
}

static void move(struct arc *arc, uint32_t i, uint8_t to)
{
    struct object *objects = arc->base.store.objects;
    object_list_remove(&arc->list[objects[i].place], objects, i);
    objects[i].place = to;
    object_list_push(&arc->list[to], objects, i);
}

static void forget_oldest(struct arc *arc, uint8_t from)
{
    struct object_store *store = &arc->base.store;
    object_drop(store, object_list_pop(&arc->list[from], store->objects));
}
