#include "CProcess.h"

#include <stdint.h>
#include <string.h>

#if defined(__x86_64__)
#include <cpuid.h>
#include <immintrin.h>
#endif

struct sha1 {
    uint32_t state[5];
};

static uint32_t turn(uint32_t value, int bits) { return value << bits | value >> (32 - bits); }

static void plain_blocks(struct sha1 *hash, const uint8_t *bytes, size_t count) {
    for (; count; count--, bytes += 64) {
        uint32_t words[80];
        for (int i = 0; i < 16; i++)
            words[i] = (uint32_t)bytes[4 * i] << 24 | (uint32_t)bytes[4 * i + 1] << 16 | (uint32_t)bytes[4 * i + 2] << 8
                | bytes[4 * i + 3];
        for (int i = 16; i < 80; i++) words[i] = turn(words[i - 3] ^ words[i - 8] ^ words[i - 14] ^ words[i - 16], 1);
        uint32_t a = hash->state[0], b = hash->state[1], c = hash->state[2], d = hash->state[3], e = hash->state[4];
        for (int i = 0; i < 80; i++) {
            uint32_t mixed = i < 20 ? (b & c) | (~b & d)
                : i < 40 || i >= 60 ? b ^ c ^ d
                : (b & c) | (b & d) | (c & d);
            const uint32_t constants[] = {0x5A827999, 0x6ED9EBA1, 0x8F1BBCDC, 0xCA62C1D6};
            uint32_t next = turn(a, 5) + mixed + e + constants[i / 20] + words[i];
            e = d;
            d = c;
            c = turn(b, 30);
            b = a;
            a = next;
        }
        hash->state[0] += a;
        hash->state[1] += b;
        hash->state[2] += c;
        hash->state[3] += d;
        hash->state[4] += e;
    }
}

#if defined(__x86_64__)
static int has_instructions(void) {
    unsigned a, b, c, d;
    if (!__get_cpuid_count(7, 0, &a, &b, &c, &d) || !(b & 1U << 29)) return 0;
    return __get_cpuid(1, &a, &b, &c, &d) && (c & 1U << 19) && (c & 1U << 9);
}

// Four rounds at a time, with the instructions of the processor (Intel SHA Extensions).
__attribute__((target("sha,sse4.1,ssse3")))
static void fast_blocks(struct sha1 *hash, const uint8_t *bytes, size_t count) {
    const __m128i order = _mm_set_epi64x(0x0001020304050607LL, 0x08090a0b0c0d0e0fLL);
    __m128i state = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)hash->state), 0x1B);
    __m128i last = _mm_set_epi32((int)hash->state[4], 0, 0, 0);
    for (; count; count--, bytes += 64) {
        const __m128i state_before = state, last_before = last;
        __m128i words[20];
        for (int i = 0; i < 4; i++)
            words[i] = _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)(bytes + 16 * i)), order);
        for (int i = 4; i < 20; i++)
            words[i] = _mm_sha1msg2_epu32(
                _mm_xor_si128(_mm_sha1msg1_epu32(words[i - 4], words[i - 3]), words[i - 2]), words[i - 1]);
        __m128i next = _mm_add_epi32(last, words[0]);
        for (int i = 0; i < 20; i++) {
            if (i) next = _mm_sha1nexte_epu32(last, words[i]);
            last = state;
            switch (i / 5) {
            case 0: state = _mm_sha1rnds4_epu32(state, next, 0); break;
            case 1: state = _mm_sha1rnds4_epu32(state, next, 1); break;
            case 2: state = _mm_sha1rnds4_epu32(state, next, 2); break;
            default: state = _mm_sha1rnds4_epu32(state, next, 3); break;
            }
        }
        last = _mm_sha1nexte_epu32(last, last_before);
        state = _mm_add_epi32(state, state_before);
    }
    _mm_storeu_si128((__m128i *)hash->state, _mm_shuffle_epi32(state, 0x1B));
    hash->state[4] = (uint32_t)_mm_extract_epi32(last, 3);
}
#endif

static void blocks(struct sha1 *hash, const uint8_t *bytes, size_t count) {
#if defined(__x86_64__)
    static int known = -1;
    int found = __atomic_load_n(&known, __ATOMIC_RELAXED);
    if (found < 0) __atomic_store_n(&known, found = has_instructions(), __ATOMIC_RELAXED);
    if (found) {
        fast_blocks(hash, bytes, count);
        return;
    }
#endif
    plain_blocks(hash, bytes, count);
}

void orchestrate_sha1(const void *bytes, size_t count, uint8_t digest[20]) {
    struct sha1 hash = {{0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0}};
    size_t whole = count / 64;
    blocks(&hash, bytes, whole);
    uint8_t rest[128] = {0};
    size_t left = count - whole * 64;
    if (left) memcpy(rest, (const uint8_t *)bytes + whole * 64, left);
    rest[left] = 0x80;
    size_t size = left < 56 ? 64 : 128;
    uint64_t bits = (uint64_t)count * 8;
    for (int i = 0; i < 8; i++) rest[size - 1 - i] = (uint8_t)(bits >> 8 * i);
    blocks(&hash, rest, size / 64);
    for (int i = 0; i < 20; i++) digest[i] = (uint8_t)(hash.state[i / 4] >> (24 - 8 * (i % 4)));
}
