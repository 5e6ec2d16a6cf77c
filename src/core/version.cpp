#include "turnstone/core/version.hpp"

#include <algorithm>
#include <utility>

namespace turnstone::core {

namespace {

constexpr std::string_view number_characters = "0123456789.";

std::string_view without_zeros(std::string_view part) {
    part.remove_prefix(std::min(part.find_first_not_of('0'), part.size()));
    return part;
}

std::strong_ordering compare_parts(std::string_view left, std::string_view right) {
    const auto by_length = left.size() <=> right.size();
    return by_length != 0 ? by_length : left <=> right;
}

// The part that a number begins with, which is taken off it; nothing is a zero.
std::string_view take_part(std::string_view &number) {
    const std::size_t dot = std::min(number.find('.'), number.size());
    const std::string_view part = number.substr(0, dot);
    number.remove_prefix(std::min(dot + 1, number.size()));
    return without_zeros(part);
}

} // namespace

std::optional<Version> Version::parse(std::string_view text) {
    Version version;
    version.text_ = text;
    for (std::size_t start = 0;;) {
        const std::size_t dot = std::min(text.find('.', start), text.size());
        const std::string_view part = text.substr(start, dot - start);
        if (part.empty() || part.find_first_not_of("0123456789") != std::string_view::npos)
            return std::nullopt;
        version.parts_.emplace_back(without_zeros(part));
        if (dot == text.size())
            break;
        start = dot + 1;
    }
    while (version.parts_.size() > 1 && version.parts_.back().empty())
        version.parts_.pop_back();
    return version;
}

Version Version::repeatable(std::string_view name) {
    Version version;
    version.text_ = name;
    return version;
}

Version Version::baseline(const Version &number) {
    Version version = number;
    version.baseline_ = true;
    version.text_.clear();
    for (const std::string &part : version.parts_) {
        version.text_ += version.text_.empty() ? 'B' : '.';
        version.text_ += part.empty() ? "0" : part;
    }
    return version;
}

Version Version::from_text(std::string_view text) {
    if (is_baseline_version(text)) {
        const auto number = parse(text.substr(1));
        return number ? baseline(*number) : repeatable(text);
    }
    auto version = parse(text);
    return version ? std::move(*version) : repeatable(text);
}

std::string Version::sort_key() const {
    if (is_repeatable() || is_baseline())
        return {};
    std::string key = "{";
    for (const std::string &part : parts_) {
        if (key.size() > 1)
            key += ',';
        key += part.empty() ? "0" : part;
    }
    return key + '}';
}

std::strong_ordering operator<=>(const Version &left, const Version &right) {
    if (left.is_repeatable() || right.is_repeatable()) {
        const auto by_kind = left.is_repeatable() <=> right.is_repeatable();
        return by_kind != 0 ? by_kind : left.text_ <=> right.text_;
    }
    const auto by_number = std::lexicographical_compare_three_way(
        left.parts_.begin(), left.parts_.end(), right.parts_.begin(), right.parts_.end(),
        [](const std::string &a, const std::string &b) { return compare_parts(a, b); });
    return by_number != 0 ? by_number : right.is_baseline() <=> left.is_baseline();
}

bool is_baseline_version(std::string_view text) noexcept {
    return text.size() > 1 && text.front() == 'B' &&
           text.find_first_not_of(number_characters, 1) == std::string_view::npos;
}

bool is_summed_up(std::string_view version, std::string_view baseline) noexcept {
    if (version.find_first_not_of(number_characters) != std::string_view::npos)
        return false;
    baseline.remove_prefix(1);
    while (!version.empty() || !baseline.empty()) {
        const auto order = compare_parts(take_part(version), take_part(baseline));
        if (order != 0)
            return order < 0;
    }
    return true;
}

} // namespace turnstone::core
