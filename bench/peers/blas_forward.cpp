// Three cblas_sgemv for a small network: what a program does that has a BLAS at hand.
#include <algorithm>
#include <cblas.h>
#include <cstring>

#include "forward_blas.h"

void forward_blas_run(const struct forward_network *network, const float *x, float *scores)
{
    float hidden[FORWARD_LAYERS][FORWARD_UNITS_MAX];
    const float *input = x;
    for (int i = 0; i < FORWARD_LAYERS; i++) {
        const auto units = static_cast<int>(network->units[i]);
        const auto inputs = static_cast<int>(network->inputs[i]);
        float *output = i + 1 < FORWARD_LAYERS ? hidden[i] : scores;
        std::memcpy(output, network->bias[i], sizeof(float) * network->units[i]);
        // [inputs][units] in rows is [units][inputs] in columns.
        cblas_sgemv(CblasColMajor, CblasNoTrans, units, inputs, 1, network->weights[i], units,
                    input, 1, 1, output, 1);
        if (i + 1 < FORWARD_LAYERS) {
            std::transform(output, output + units, output,
                           [](float sum) { return std::max(sum, 0.0F); });
        }
        input = output;
    }
}
