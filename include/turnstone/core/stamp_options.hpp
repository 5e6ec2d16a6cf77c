// What a trigger of turnstone_set_updated_at() is told by its arguments: which column, which clock, when.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace turnstone::core {

enum class StampClock {
    transaction, // now()
    statement,
    wall,
};

enum class StampUnit { seconds, milliseconds };

struct StampOptions {
    std::string column = "updated_at";
    StampClock clock = StampClock::transaction;
    bool only_changed = false; // rows that the update leaves as they are keep their stamp
    bool unless_set = false;   // a stamp that the statement itself changed is kept
    std::optional<StampUnit> unit;
    std::string policy; // the policy that made the trigger; empty for none

    // 'column=changed_at', 'clock=wall', 'when=changed', 'unit=milliseconds', 'policy=name', in any order; a
    // first argument without "=" is the column. What is not named is as in `defaults`. Throws
    // invalid_argument.
    static StampOptions parse(const std::vector<std::string> &arguments, const StampOptions &defaults);
    static StampOptions parse(const std::vector<std::string> &arguments) { return parse(arguments, {}); }

    // The shortest arguments that parse() reads as these options.
    [[nodiscard]] std::vector<std::string> arguments() const;

    void set_clock(std::string_view text);
    // always, changed, unless_set, or the last two with a comma between them
    void set_when(std::string_view text);
    void set_unit(std::string_view text);
    [[nodiscard]] std::string clock_name() const;
    [[nodiscard]] std::string when_name() const;
    [[nodiscard]] std::string unit_name() const; // empty for none

    bool operator==(const StampOptions &) const = default;
};

// "Every table in these schemas that has such a column": declared once, kept by the server.
struct StampPolicy {
    std::string name;
    std::vector<std::string> schemas; // with * for any characters; empty for all
    std::vector<std::string> exclude; // table or schema.table, with *
    StampOptions options;             // its policy is the name

    [[nodiscard]] bool covers(const std::string &schema, const std::string &table) const;
};

// Whether the text is what the pattern says; * in it stands for any characters.
bool matches_pattern(std::string_view pattern, std::string_view text);

} // namespace turnstone::core
