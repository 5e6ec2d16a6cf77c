// Versions of migrations: dotted numbers of any length, ordered by number, part by part. Owns their grammar
// and order.
#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace turnstone::core {

// "20240101120000", "7", "1.10". Leading zeros and trailing zero parts mean nothing (1 = 01 = 1.0, as in
// Flyway), so 9 < 10 and 1.9 < 1.10.
class Version {
  public:
    // Digits and dots only, at least one digit in each part; nothing else is a version.
    static std::optional<Version> parse(std::string_view text);

    // As the user wrote it.
    [[nodiscard]] const std::string &text() const noexcept { return text_; }
    // Normalised: equal for equal versions, and a PostgreSQL array literal of numbers ("{1,10}").
    [[nodiscard]] std::string sort_key() const;

    friend std::strong_ordering operator<=>(const Version &left, const Version &right);
    friend bool operator==(const Version &left, const Version &right) {
        return (left <=> right) == std::strong_ordering::equal;
    }

  private:
    std::string text_;
    std::vector<std::string> parts_; // without leading zeros; the last one is never empty, that is zero
};

} // namespace turnstone::core
