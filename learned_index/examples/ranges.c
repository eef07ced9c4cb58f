/* Doubles, in ranges, forward and backward. */
#include <math.h>
#include <stdio.h>

#include <hunch/index.h>

int main(void)
{
    static double reals[1000];
    for (int i = 0; i < 1000; i++) {
        reals[i] = (i - 500) / 8.0; /* ascending; -0 would equal 0, NaN would come last */
    }
    hunch_index *index;
    hunch_diag why;
    if (hunch_index_build_f64(&index, reals, 1000, NULL, &why) != HUNCH_OK) {
        fprintf(stderr, "no index: %s\n", why.text);
        return 1;
    }
    uint64_t key;
    hunch_index_cursor range =
        hunch_index_range(index, hunch_key_from_f64(-0.25), hunch_key_from_f64(0.25));
    while (hunch_index_next(&range, &key)) {
        printf("%g ", hunch_key_to_f64(key));
    }
    printf("| ");
    while (hunch_index_previous(&range, &key)) {
        printf("%g ", hunch_key_to_f64(key));
    }
    hunch_index_cursor above = hunch_index_seek(index, hunch_key_from_f64(HUGE_VAL));
    printf("| the largest: %g\n", hunch_index_previous(&above, &key) ? hunch_key_to_f64(key) : 0.0);
    hunch_index_free(index);
    return 0;
}
