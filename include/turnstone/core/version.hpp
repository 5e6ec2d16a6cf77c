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
    // The place of a repeatable migration, which has a name and no number: behind all numbers, in the order
    // of names.
    static Version repeatable(std::string_view name);
    // The place of a Flyway baseline script, "B2": before the migration of its number. Its text is of the
    // number as it means, so that equal ones are equal texts.
    static Version baseline(const Version &number);
    // As text() gave it: parse(), baseline(), or repeatable() for what is no number.
    static Version from_text(std::string_view text);

    // As the user wrote it.
    [[nodiscard]] const std::string &text() const noexcept { return text_; }
    [[nodiscard]] bool is_repeatable() const noexcept { return parts_.empty(); }
    [[nodiscard]] bool is_baseline() const noexcept { return baseline_; }
    // Normalised: equal for equal versions, and a PostgreSQL array literal of numbers ("{1,10}"); empty for
    // repeatable ones and baselines.
    [[nodiscard]] std::string sort_key() const;

    friend std::strong_ordering operator<=>(const Version &left, const Version &right);
    friend bool operator==(const Version &left, const Version &right) {
        return (left <=> right) == std::strong_ordering::equal;
    }

  private:
    std::string text_;
    std::vector<std::string> parts_; // without leading zeros; none for repeatable
    bool baseline_ = false;
};

// Of texts, without a Version: these allocate nothing and throw nothing.
bool is_baseline_version(std::string_view text) noexcept;
// Whether `version` is a number that is not above the baseline's. No baseline sums up another one.
bool is_summed_up(std::string_view version, std::string_view baseline) noexcept;

} // namespace turnstone::core
