// Owns the arguments of turnstone_set_updated_at(), and what a policy covers.
#include "turnstone/core/stamp_options.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "turnstone/core/error.hpp"

namespace turnstone::core {

namespace {

[[noreturn]] void refuse(std::string_view option, std::string_view value, const char *values) {
    throw Error(ErrorCode::invalid_argument, fmt::format("invalid value for \"{}\": \"{}\"", option, value),
                {}, fmt::format("Available values: {}.", values));
}

} // namespace

void StampOptions::set_clock(std::string_view text) {
    if (text == "transaction")
        clock = StampClock::transaction;
    else if (text == "statement")
        clock = StampClock::statement;
    else if (text == "wall")
        clock = StampClock::wall;
    else
        refuse("clock", text, "transaction, statement, wall");
}

void StampOptions::set_when(std::string_view text) {
    if (text != "always" && text != "changed" && text != "unless_set" && text != "changed,unless_set" &&
        text != "unless_set,changed")
        refuse("when", text, "always, changed, unless_set, and \"changed,unless_set\" for both");
    only_changed = text.find("changed") != std::string_view::npos;
    unless_set = text.find("unless_set") != std::string_view::npos;
}

void StampOptions::set_unit(std::string_view text) {
    if (text == "seconds")
        unit = StampUnit::seconds;
    else if (text == "milliseconds")
        unit = StampUnit::milliseconds;
    else
        refuse("unit", text, "seconds, milliseconds");
}

std::string StampOptions::clock_name() const {
    switch (clock) {
    case StampClock::transaction:
        break;
    case StampClock::statement:
        return "statement";
    case StampClock::wall:
        return "wall";
    }
    return "transaction";
}

std::string StampOptions::when_name() const {
    if (only_changed)
        return unless_set ? "changed,unless_set" : "changed";
    return unless_set ? "unless_set" : "always";
}

std::string StampOptions::unit_name() const {
    if (!unit)
        return {};
    return *unit == StampUnit::seconds ? "seconds" : "milliseconds";
}

StampOptions StampOptions::parse(const std::vector<std::string> &arguments, const StampOptions &defaults) {
    StampOptions options = defaults;
    std::vector<std::string_view> seen;
    for (const std::string &argument : arguments) {
        const std::size_t equals = argument.find('=');
        const bool named = equals != std::string::npos;
        if (!named && &argument != &arguments.front())
            throw Error(ErrorCode::invalid_argument,
                        fmt::format("argument \"{}\" of turnstone_set_updated_at() has no name", argument),
                        {}, "Only the column may stand without one, as the first argument.");
        const std::string_view name = named ? std::string_view(argument).substr(0, equals) : "column";
        const std::string_view value =
            named ? std::string_view(argument).substr(equals + 1) : std::string_view(argument);
        if (std::find(seen.begin(), seen.end(), name) != seen.end())
            throw Error(ErrorCode::invalid_argument,
                        fmt::format("argument \"{}\" of turnstone_set_updated_at() is given twice", name));
        seen.push_back(name);
        if (name == "column")
            options.column = value;
        else if (name == "clock")
            options.set_clock(value);
        else if (name == "when")
            options.set_when(value);
        else if (name == "unit")
            options.set_unit(value);
        else if (name == "policy")
            options.policy = value;
        else
            throw Error(ErrorCode::invalid_argument,
                        fmt::format("turnstone_set_updated_at() has no argument \"{}\"", name), {},
                        "Its arguments are 'column=...', 'clock=...', 'when=...' and 'unit=...'.");
    }
    return options;
}

std::vector<std::string> StampOptions::arguments() const {
    const StampOptions defaults;
    std::vector<std::string> arguments;
    if (column != defaults.column)
        arguments.push_back("column=" + column);
    if (clock != defaults.clock)
        arguments.push_back("clock=" + clock_name());
    if (only_changed || unless_set)
        arguments.push_back("when=" + when_name());
    if (unit)
        arguments.push_back("unit=" + unit_name());
    if (!policy.empty())
        arguments.push_back("policy=" + policy);
    return arguments;
}

bool matches_pattern(std::string_view pattern, std::string_view text) {
    // On a mismatch the last * takes one character more.
    std::size_t p = 0;
    std::size_t t = 0;
    std::size_t star = std::string_view::npos;
    std::size_t taken = 0;
    while (t < text.size()) {
        if (p < pattern.size() && pattern[p] == '*') {
            star = p++;
            taken = t;
        } else if (p < pattern.size() && pattern[p] == text[t]) {
            ++p;
            ++t;
        } else if (star != std::string_view::npos) {
            p = star + 1;
            t = ++taken;
        } else {
            return false;
        }
    }
    return pattern.find_first_not_of('*', p) == std::string_view::npos;
}

bool StampPolicy::covers(const std::string &schema, const std::string &table) const {
    const auto any = [](const std::vector<std::string> &patterns, const std::string &text) {
        return std::any_of(patterns.begin(), patterns.end(),
                           [&](const std::string &pattern) { return matches_pattern(pattern, text); });
    };
    if (!schemas.empty() && !any(schemas, schema))
        return false;
    return !any(exclude, table) && !any(exclude, schema + "." + table);
}

} // namespace turnstone::core
