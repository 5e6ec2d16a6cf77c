#include "turnstone/core/version.hpp"

#include <algorithm>
#include <utility>

namespace turnstone::core {

std::optional<Version> Version::parse(std::string_view text) {
    Version version;
    version.text_ = text;
    for (std::size_t start = 0;;) {
        const std::size_t dot = std::min(text.find('.', start), text.size());
        const std::string_view part = text.substr(start, dot - start);
        if (part.empty() || part.find_first_not_of("0123456789") != std::string_view::npos)
            return std::nullopt;
        const std::size_t first = part.find_first_not_of('0');
        version.parts_.emplace_back(first == std::string_view::npos ? std::string_view{}
                                                                    : part.substr(first));
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

Version Version::from_text(std::string_view text) {
    auto version = parse(text);
    return version ? std::move(*version) : repeatable(text);
}

std::string Version::sort_key() const {
    if (is_repeatable())
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
    return std::lexicographical_compare_three_way(left.parts_.begin(), left.parts_.end(),
                                                  right.parts_.begin(), right.parts_.end(),
                                                  [](const std::string &a, const std::string &b) {
                                                      const auto by_length = a.size() <=> b.size();
                                                      return by_length != 0 ? by_length : a <=> b;
                                                  });
}

} // namespace turnstone::core
