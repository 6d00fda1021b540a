/* The same work in C, each sum over the samples in one loop that the compiler vectorises: what a loop can reach.
   Compiled on the spot by fused.py. */

#include <math.h>
#include <stdint.h>
#include <string.h>

enum { GD, MOMENTUM, NAG, ADAGRAD, RMSPROP, ADAM };
enum { LANES = 64 };

typedef struct { double eta, first, second, eps; } hyperparameters;
typedef struct { double error, w, b; } sums;

/* e^z within 2 ulp, clamped outside of +-708, without a branch: z = k ln 2 + r, a polynomial in r, k into the exponent. */
static inline double fast_exp(double z)
{
    const double shift = 6755399441055744.0; /* 1.5 * 2^52: what is added to it is rounded to a whole number */
    z = z < -708 ? -708 : z;
    z = z > 708 ? 708 : z;
    double shifted = z * 1.4426950408889634 + shift, k = shifted - shift;
    double r = (z - k * 6.93145751953125e-1) - k * 1.42860682030941723212e-6, r2 = r * r, r4 = r2 * r2;
    double p0 = (1 + r) + (1 / 2. + r * (1 / 6.)) * r2;
    double p1 = (1 / 24. + r * (1 / 120.)) + (1 / 720. + r * (1 / 5040.)) * r2;
    double p2 = (1 / 40320. + r * (1 / 362880.)) + (1 / 3628800. + r * (1 / 39916800.)) * r2;
    double p = p0 + r4 * (p1 + r4 * (p2 + r4 * (1 / 479001600. + r * (1 / 6227020800.))));
    int64_t bits, exponent;
    memcpy(&bits, &p, 8);
    memcpy(&exponent, &shifted, 8);
    bits += (int64_t)((uint64_t)exponent << 52);
    memcpy(&p, &bits, 8);
    return p;
}

static inline double sigmoid(double z) { return 1 / (1 + fast_exp(-z)); }

static sums summed(double w, double b, const double *x, const double *y, long n)
{
    double error = 0, dw = 0, db = 0;
#pragma omp simd reduction(+ : error, dw, db)
    for (long i = 0; i < n; i++) {
        double f = sigmoid(w * x[i] + b), d = f - y[i], h = d * f * (1 - f);
        error += d * d;
        dw += h * x[i];
        db += h;
    }
    return (sums){error / 2, dw, db};
}

static double error_at(double w, double b, const double *x, const double *y, long n)
{
    double error = 0;
#pragma omp simd reduction(+ : error)
    for (long i = 0; i < n; i++) {
        double d = sigmoid(w * x[i] + b) - y[i];
        error += d * d;
    }
    return error / 2;
}

/* One parameter's update; bias1 and bias2 are 1 - beta1^t and 1 - beta2^t. */
static inline void step(
    int rule, hyperparameters h, double bias1, double bias2, double g, double *p, double *m, double *v)
{
    switch (rule) {
    case GD:
        *p -= h.eta * g;
        return;
    case MOMENTUM:
    case NAG:
        *m = h.first * *m + h.eta * g;
        *p -= *m;
        return;
    case ADAGRAD:
        *v += g * g;
        *p -= h.eta * g / (sqrt(*v) + h.eps);
        return;
    case RMSPROP:
        *v = h.second * *v + (1 - h.second) * g * g;
        *p -= h.eta * g / (sqrt(*v) + h.eps);
        return;
    case ADAM:
        *m = h.first * *m + (1 - h.first) * g;
        *v = h.second * *v + (1 - h.second) * g * g;
        *p -= h.eta * (*m / bias1) / (sqrt(*v / bias2) + h.eps);
    }
}

/* points: (updates + 1, 2), its first row the start; errors: (updates + 1), or NULL where none is wanted. */
void train(
    int rule, hyperparameters h, const double *x, const double *y, long n, long size, long updates, double *points,
    double *errors)
{
    double w = points[0], b = points[1], mw = 0, vw = 0, mb = 0, vb = 0, power1 = 1, power2 = 1;
    long i = 0;
    for (long t = 0; t < updates; t++) {
        double look = rule == NAG ? h.first : 0;
        sums s = summed(w - look * mw, b - look * mb, x + i, y + i, size < n - i ? size : n - i);
        if (errors)
            errors[t] = rule == NAG || size < n ? error_at(w, b, x, y, n) : s.error;
        power1 *= h.first;
        power2 *= h.second;
        step(rule, h, 1 - power1, 1 - power2, s.w, &w, &mw, &vw);
        step(rule, h, 1 - power1, 1 - power2, s.b, &b, &mb, &vb);
        points[2 * t + 2] = w;
        points[2 * t + 3] = b;
        i = i + size < n ? i + size : 0;
    }
    if (errors)
        errors[updates] = error_at(w, b, x, y, n);
}

/* points: (count, 2). */
void errors(const double *points, long count, const double *x, const double *y, long n, double *out)
{
    for (long k = 0; k < count; k++)
        out[k] = error_at(points[2 * k], points[2 * k + 1], x, y, n);
}

void grid(const double *w, long rows, const double *b, long columns, const double *x, const double *y, long n, double *out)
{
    for (long i = 0; i < rows; i++)
        for (long j = 0; j < columns; j++)
            out[i * columns + j] = error_at(w[i], b[j], x, y, n);
}

/* Adam on Himmelblau's function, LANES starts abreast; starts and ends: (2, count), count a multiple of LANES. */
void basin(hyperparameters h, const double *starts, long count, long updates, double *ends)
{
    for (long first = 0; first < count; first += LANES) {
        double p[2][LANES], m[2][LANES] = {0}, v[2][LANES] = {0}, power1 = 1, power2 = 1;
        memcpy(p[0], starts + first, sizeof p[0]);
        memcpy(p[1], starts + count + first, sizeof p[1]);
        for (long t = 0; t < updates; t++) {
            power1 *= h.first;
            power2 *= h.second;
#pragma omp simd
            for (int l = 0; l < LANES; l++) {
                double x = p[0][l], y = p[1][l], c = x * x + y - 11, d = x + y * y - 7;
                step(ADAM, h, 1 - power1, 1 - power2, 4 * x * c + 2 * d, &p[0][l], &m[0][l], &v[0][l]);
                step(ADAM, h, 1 - power1, 1 - power2, 2 * c + 4 * y * d, &p[1][l], &m[1][l], &v[1][l]);
            }
        }
        memcpy(ends + first, p[0], sizeof p[0]);
        memcpy(ends + count + first, p[1], sizeof p[1]);
    }
}
