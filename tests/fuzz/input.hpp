// What the fuzz targets share: the check that ends a run, and how an input is cut into what a reader takes.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

namespace turnstone::fuzz {

inline void require(bool holds) {
    if (!holds)
        std::abort();
}

// The bytes of an input, from its front to its end; behind the end everything is zero or empty.
class Input {
  public:
    Input(const std::uint8_t *data, std::size_t size) : rest_(reinterpret_cast<const char *>(data), size) {}

    // A corpus is for people to read: letters stand for numbers, "a" is 0.
    std::size_t choice(std::size_t below) {
        if (rest_.empty())
            return 0;
        const auto byte = static_cast<unsigned char>(rest_.front());
        rest_.remove_prefix(1);
        return static_cast<std::size_t>(byte + 256 - 'a') % 256 % below;
    }
    bool flag() { return choice(2) == 1; }
    std::string_view line() { return up_to("\n"); }
    // Up to the mark, which is dropped.
    std::string_view up_to(std::string_view mark) {
        const std::size_t end = rest_.find(mark);
        const std::string_view taken = rest_.substr(0, end);
        rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end + mark.size());
        return taken;
    }
    [[nodiscard]] std::string_view rest() const { return rest_; }
    [[nodiscard]] bool empty() const { return rest_.empty(); }

  private:
    std::string_view rest_;
};

} // namespace turnstone::fuzz
