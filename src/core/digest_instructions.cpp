// Owns the processor's own instructions for SHA-256: every no-op run hashes the whole folder, and this takes
// a sixth of the time. Where there are none the portable rounds of digest.cpp do it.
#include "turnstone/core/digest.hpp"

#if defined(__x86_64__)
#include <cpuid.h>
#include <immintrin.h>
#endif

namespace turnstone::core {

#if defined(__x86_64__)

namespace {

constexpr unsigned leaf_of_features = 1;
constexpr unsigned leaf_of_more_features = 7;
constexpr unsigned has_ssse3 = 1U << 9;  // of ECX
constexpr unsigned has_sse41 = 1U << 19; // of ECX
constexpr unsigned has_sha = 1U << 29;   // of EBX

bool processor_has_them() {
    unsigned eax = 0;
    unsigned ebx = 0;
    unsigned ecx = 0;
    unsigned edx = 0;
    if (__get_cpuid(leaf_of_features, &eax, &ebx, &ecx, &edx) == 0 || (ecx & has_ssse3) == 0 ||
        (ecx & has_sse41) == 0)
        return false;
    return __get_cpuid_count(leaf_of_more_features, 0, &eax, &ebx, &ecx, &edx) != 0 && (ebx & has_sha) != 0;
}

} // namespace

bool has_sha256_instructions() {
    static const bool has = processor_has_them();
    return has;
}

// Intel's SHA extensions: the state lies in two registers as ABEF and CDGH, and four rounds take four words.
__attribute__((target("sha,sse4.1,ssse3"))) void
compress_sha256_by_instructions(std::array<std::uint32_t, 8> &state,
                                const std::array<std::uint32_t, 64> &constants, const std::uint8_t *block) {
    const __m128i big_endian = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
    const auto load = [](const void *from) __attribute__((target("sha,sse4.1,ssse3"))) {
        return _mm_loadu_si128(static_cast<const __m128i *>(from));
    };
    const __m128i cdab = _mm_shuffle_epi32(load(&state[0]), 0xb1);
    const __m128i efgh = _mm_shuffle_epi32(load(&state[4]), 0x1b);
    const __m128i abef_before = _mm_alignr_epi8(cdab, efgh, 8);
    const __m128i cdgh_before = _mm_blend_epi16(efgh, cdab, 0xf0);
    __m128i abef = abef_before;
    __m128i cdgh = cdgh_before;
    __m128i words[4]; // the last sixteen, in turn
    for (std::size_t group = 0; group < 16; ++group) {
        __m128i &now = words[group % 4];
        if (group < 4)
            now = _mm_shuffle_epi8(load(block + 16 * group), big_endian);
        else {
            const __m128i last = words[(group + 3) % 4];
            const __m128i shifted = _mm_alignr_epi8(last, words[(group + 2) % 4], 4);
            now = _mm_sha256msg2_epu32(
                _mm_add_epi32(_mm_sha256msg1_epu32(now, words[(group + 1) % 4]), shifted), last);
        }
        const __m128i sum = _mm_add_epi32(now, load(&constants[4 * group]));
        cdgh = _mm_sha256rnds2_epu32(cdgh, abef, sum);
        abef = _mm_sha256rnds2_epu32(abef, cdgh, _mm_shuffle_epi32(sum, 0x0e));
    }
    abef = _mm_add_epi32(abef, abef_before);
    cdgh = _mm_add_epi32(cdgh, cdgh_before);
    const __m128i feba = _mm_shuffle_epi32(abef, 0x1b);
    const __m128i dchg = _mm_shuffle_epi32(cdgh, 0xb1);
    _mm_storeu_si128(reinterpret_cast<__m128i *>(&state[0]), _mm_blend_epi16(feba, dchg, 0xf0));
    _mm_storeu_si128(reinterpret_cast<__m128i *>(&state[4]), _mm_alignr_epi8(dchg, feba, 8));
}

#else

bool has_sha256_instructions() {
    return false;
}

void compress_sha256_by_instructions(std::array<std::uint32_t, 8> & /*state*/,
                                     const std::array<std::uint32_t, 64> & /*constants*/,
                                     const std::uint8_t * /*block*/) {}

#endif

} // namespace turnstone::core
