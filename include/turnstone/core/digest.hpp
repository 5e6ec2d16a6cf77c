// The digests by which other tools know their scripts. None of them guards a secret here.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace turnstone::core {

// A digest of the family of SHA-1 and SHA-256: blocks of 64 bytes, the length behind them.
template <std::size_t words, void (*compress)(std::array<std::uint32_t, words> &, const std::uint8_t *)>
class BlockDigest {
  public:
    explicit BlockDigest(const std::array<std::uint32_t, words> &start) : state_(start) {}

    void add(std::string_view bytes) {
        length_ += bytes.size();
        while (!bytes.empty()) {
            const std::size_t part = std::min(bytes.size(), block_.size() - filled_);
            std::memcpy(block_.data() + filled_, bytes.data(), part);
            bytes.remove_prefix(part);
            filled_ += part;
            if (filled_ == block_.size())
                compress_block();
        }
    }

    // Of all that has been added so far; more may be added behind it.
    [[nodiscard]] std::string bytes() const {
        BlockDigest last = *this;
        last.push(0x80);
        while (last.filled_ != block_.size() - 8)
            last.push(0);
        for (int shift = 56; shift >= 0; shift -= 8)
            last.push(static_cast<std::uint8_t>(length_ * 8 >> shift));
        std::string digest;
        for (const std::uint32_t word : last.state_) {
            for (int shift = 24; shift >= 0; shift -= 8)
                digest += static_cast<char>(word >> shift & 0xff);
        }
        return digest;
    }

  private:
    void push(std::uint8_t byte) {
        block_[filled_++] = byte;
        if (filled_ == block_.size())
            compress_block();
    }

    void compress_block() {
        compress(state_, block_.data());
        filled_ = 0;
    }

    std::array<std::uint32_t, words> state_;
    std::array<std::uint8_t, 64> block_{};
    std::size_t filled_ = 0;
    std::uint64_t length_ = 0;
};

void compress_sha1(std::array<std::uint32_t, 5> &state, const std::uint8_t *block);
void compress_sha256(std::array<std::uint32_t, 8> &state, const std::uint8_t *block);
void compress_sha256_portably(std::array<std::uint32_t, 8> &state, const std::uint8_t *block);

// Whether this processor has instructions for SHA-256; only then the other one may be called.
bool has_sha256_instructions();
void compress_sha256_by_instructions(std::array<std::uint32_t, 8> &state,
                                     const std::array<std::uint32_t, 64> &constants,
                                     const std::uint8_t *block);

class Sha1 : public BlockDigest<5, compress_sha1> {
  public:
    Sha1();
};

class Sha256 : public BlockDigest<8, compress_sha256> {
  public:
    Sha256();
};

std::string sha1_hex(std::string_view bytes);
std::string sha256_hex(std::string_view bytes);

std::string hexadecimal(std::string_view bytes); // in small letters
std::string base64(std::string_view bytes);      // with padding

std::uint32_t crc32(std::string_view bytes);   // of IEEE 802.3, as in zlib
std::uint32_t fnv1_32(std::string_view bytes); // FNV-1, not FNV-1a

} // namespace turnstone::core
