/* The guided cache. */
#include "guided.h"

#include "alloc.h"
#include "asserts.h"
#include "bits.h"
#include "cells.h"
#include "diag.h"

/* object.place */
enum { SMALL, MAIN, GONE };

/* object.mark: a question about it is open; it was put to the retention judge; the object had left
 * before and came back. */
enum { ASKED = 1, RETENTION = 2, RETURNED = 4 };

/* Hits that are counted, and how many of them lead from small to main by S3-FIFO's rule. */
enum { COUNT_MAX = 3, PROMOTED_FROM = 2 };

/* Keys remembered, in units of the capacity: of 2, 3 and 5 the best. */
#define REMEMBERED 3u

/* Victims of main that the mean of their ages is about, and outcomes that the share of those that
 * come back is about. */
#define AGE_OF  10u
#define BACK_OF 1000u

/* Another round in main must promise more than the share of all candidates that come back, by this
 * factor: of 1 and 1.4 the better one. */
#define ROUND_FACTOR 1.4f

static hunch_status open_judges(struct guided *cache, const struct guided_plan *plan,
                                hunch_diag *diag);
static void hit(struct guided *cache, struct object *object);
static void make_room(struct guided *cache);
static void evict_from_main(struct guided *cache, bool *spared);
static bool another_round(struct guided *cache, uint32_t i);
static void evict_from_small(struct guided *cache);
static bool promoted(struct guided *cache, uint32_t i);
static void leave(struct guided *cache, uint32_t i);
static void enter(struct guided *cache, uint32_t i, uint8_t place);
static bool came_back_in_time(const struct guided *cache, const struct object *object);
static void remember(struct guided *cache, uint32_t i, const struct judgement *answer,
                     uint8_t whose);
static void settle(struct guided *cache, uint32_t i, bool back);

hunch_status guided_make(struct guided **out, size_t capacity, const struct guided_plan *plan,
                         const hunch_allocator *allocator, hunch_diag *diag)
{
    void *made = NULL;
    hunch_status status = cache_base_make(&made, sizeof(struct guided), capacity,
                                          (1 + REMEMBERED) * capacity, allocator, diag);
    struct guided *cache = made;
    *out = NULL;
    if (status != HUNCH_OK) {
        return status;
    }
    cache->small = cache->main = cache->gone = OBJECT_LIST_EMPTY;
    cache->gone_most = REMEMBERED * capacity;
    guided_set_small_share(cache, plan->small_share);
    if (plan->judged) {
        status = open_judges(cache, plan, diag);
    }
    if (status != HUNCH_OK) {
        guided_free(cache);
        return status;
    }
    *out = cache;
    return HUNCH_OK;
}

void guided_free(struct guided *cache)
{
    if (cache != NULL) {
        judge_close(&cache->promotion);
        judge_close(&cache->retention);
        hunch__free(&cache->base.store.allocator, cache->open,
                    cache->base.store.capacity * sizeof *cache->open, HUNCH__CACHE_LINE);
        cache_base_free(cache);
    }
}

size_t guided_bytes(const struct guided *cache)
{
    size_t bytes = cache_base_bytes(cache);
    if (cache->judged) {
        bytes += cache->base.store.capacity * sizeof *cache->open;
        bytes += judge_bytes(&cache->promotion) + judge_bytes(&cache->retention);
    }
    return bytes;
}

void guided_set_small_share(struct guided *cache, double share)
{
    cache->small_most = cache_share(cache->base.capacity, share);
    cache->main_most = cache->base.capacity - cache->small_most;
}

bool guided_access(struct guided *cache, uint64_t key, uint32_t hash)
{
    struct object_store *store = &cache->base.store;
    uint32_t i = object_find_hashed(store, key, hash);
    cache->now++;
    if (i != OBJECT_NONE) {
        struct object *object = &store->objects[i];
        if ((object->mark & ASKED) != 0) {
            settle(cache, i, (float)(cache->now - object->since) < cache->main_age);
        }
        hit(cache, object);
        if (object->place != GONE) {
            return true;
        }
        object_list_remove(&cache->gone, store->objects, i);
    }
    make_room(cache);
    const bool returned = i != OBJECT_NONE;
    const bool in_time = returned && came_back_in_time(cache, &store->objects[i]);
    if (!returned) {
        i = object_add_hashed(store, key, hash);
        store->objects[i].life = 1;
    }
    store->objects[i].mark = returned ? RETURNED : 0;
    store->objects[i].last = cache->now;
    enter(cache, i, in_time ? MAIN : SMALL);
    return false;
}

static hunch_status open_judges(struct guided *cache, const struct guided_plan *plan,
                                hunch_diag *diag)
{
    const hunch_allocator *a = &cache->base.store.allocator;
    struct judge_plan judge = {
        .cells = CELLS_PROMOTION,
        .features = CELLS_PROMOTION_FEATURES,
        .describe = cells_describe_promotion,
        .capacity = cache->base.capacity,
        .mode = plan->mode,
        .seed = plan->seed,
    };
    cache->judged = true;
    cache->open =
        hunch__alloc(a, cache->base.store.capacity * sizeof *cache->open, HUNCH__CACHE_LINE);
    if (cache->open == NULL) {
        return hunch__fail(diag, HUNCH_ENOMEM, 0, "no memory for %zu questions",
                           cache->base.store.capacity);
    }
    hunch_status status = judge_open(&cache->promotion, &judge, a, diag);
    if (status == HUNCH_OK) {
        judge.cells = CELLS_RETENTION;
        judge.features = CELLS_RETENTION_FEATURES;
        judge.describe = cells_describe_retention;
        judge.seed++;
        status = judge_open(&cache->retention, &judge, a, diag);
    }
    return status;
}

static void hit(struct guided *cache, struct object *object)
{
    object->count = (uint8_t)(object->count + (object->count < COUNT_MAX));
    object->life = (uint8_t)(object->life + (object->life < UINT8_MAX));
    object->gap = cache->now - object->last;
    object->last = cache->now;
}

static void make_room(struct guided *cache)
{
    bool spared = false;
    while (cache->small.n + cache->main.n >= cache->base.capacity) {
        if (cache->main.n > cache->main_most || cache->small.n == 0) {
            evict_from_main(cache, &spared);
        } else {
            evict_from_small(cache);
        }
    }
    while (cache->gone.n > cache->gone_most) {
        const uint32_t i = object_list_pop(&cache->gone, cache->base.store.objects);
        settle(cache, i, false);
        object_drop(&cache->base.store, i);
    }
}

/* *spared: an object was given another round for this eviction, which is enough. */
static void evict_from_main(struct guided *cache, bool *spared)
{
    struct object *objects = cache->base.store.objects;
    const uint32_t i = object_list_pop(&cache->main, objects);
    if (objects[i].count > 0) {
        objects[i].count--;
        object_list_push(&cache->main, objects, i);
        return;
    }
    settle(cache, i, false);
    if (cache->judged && another_round(cache, i) && !*spared) {
        *spared = true;
        object_list_push(&cache->main, objects, i);
        return;
    }
    const float age = (float)(cache->now - objects[i].last);
    cache->evicted += cache->evicted < AGE_OF;
    cache->main_age += (age - cache->main_age) / (float)cache->evicted;
    leave(cache, i);
}

static bool another_round(struct guided *cache, uint32_t i)
{
    const uint32_t cell = cells_retention(&cache->base.store.objects[i], cache->main_age);
    const struct judgement answer = judge_ask(&cache->retention, cell, false);
    remember(cache, i, &answer, RETENTION);
    return answer.keep;
}

/* One object leaves, or all of the queue moves to main. */
static void evict_from_small(struct guided *cache)
{
    struct object *objects = cache->base.store.objects;
    while (cache->small.n > 0) {
        const uint32_t i = object_list_pop(&cache->small, objects);
        const bool room = cache->main.n < cache->main_most;
        if (!room && (objects[i].count == 0 || !promoted(cache, i))) {
            leave(cache, i);
            return;
        }
        enter(cache, i, MAIN);
    }
}

static bool promoted(struct guided *cache, uint32_t i)
{
    const struct object *object = &cache->base.store.objects[i];
    const bool classic = object->count >= PROMOTED_FROM;
    if (!cache->judged) {
        return classic;
    }
    const uint32_t cell = cells_promotion(object, cache->now, (object->mark & RETURNED) != 0);
    const struct judgement answer = judge_ask(&cache->promotion, cell, classic);
    remember(cache, i, &answer, 0);
    return answer.keep;
}

static void leave(struct guided *cache, uint32_t i)
{
    cache->base.store.objects[i].place = GONE;
    object_list_push(&cache->gone, cache->base.store.objects, i);
}

static void enter(struct guided *cache, uint32_t i, uint8_t place)
{
    struct object *object = &cache->base.store.objects[i];
    object->place = place;
    object->count = 0;
    if (place == SMALL) {
        object->since = cache->now;
    }
    object_list_push(place == MAIN ? &cache->main : &cache->small, cache->base.store.objects, i);
}

/* Its gap is less than the time that an object of main is kept without a request. */
static bool came_back_in_time(const struct guided *cache, const struct object *object)
{
    if (cache->main.n == 0) {
        return true;
    }
    const struct object *tail = &cache->base.store.objects[cache->main.tail];
    const float age = (float)(cache->now - tail->last);
    return (float)object->gap < (age > cache->main_age ? age : cache->main_age);
}

static void remember(struct guided *cache, uint32_t i, const struct judgement *answer,
                     uint8_t whose)
{
    if (answer->ticket != 0) {
        struct object *object = &cache->base.store.objects[i];
        object->mark = (uint8_t)((object->mark & RETURNED) | ASKED | whose);
        object->since = cache->now;
        cache->open[i] = *answer;
    }
}

/* The open question, if there is one, has its outcome: the object came back in time or did not. To
 * keep it was worth the difference to what is usual at main's tail, which is what a place costs. */
static void settle(struct guided *cache, uint32_t i, bool back)
{
    struct object *object = &cache->base.store.objects[i];
    const uint8_t mark = object->mark;
    const float came = back ? 1.0f : 0.0f;
    if ((mark & ASKED) == 0) {
        return;
    }
    object->mark = mark & RETURNED;
    if ((mark & RETENTION) == 0) {
        judge_tell(&cache->promotion, &cache->open[i], came - cache->back);
        return;
    }
    judge_tell(&cache->retention, &cache->open[i], came - cache->back * ROUND_FACTOR);
    cache->settled += cache->settled < BACK_OF;
    cache->back += (came - cache->back) / (float)cache->settled;
}
