// Any lines as what the tables say of migrations, and one as a target: a plan holds each migration once, in
// an order that its requirements allow, and what goes forth is undone by what comes back. Of each line the
// letters up to the first blank are its flags; behind it stand the version, the name, and what it requires.
#include <algorithm>
#include <set>
#include <string>

#include "input.hpp"
#include "turnstone/core/error.hpp"
#include "turnstone/core/plan.hpp"

using namespace turnstone::core;
using turnstone::fuzz::Input;
using turnstone::fuzz::require;

namespace {

MigrationFacts facts_of(std::string_view line, std::int64_t number) {
    Input words(reinterpret_cast<const std::uint8_t *>(line.data()), line.size());
    const std::string_view flags = words.up_to(" ");
    const auto has = [&](char letter) { return flags.find(letter) != std::string_view::npos; };
    const Version version = Version::from_text(words.up_to(" "));
    MigrationFacts facts{.version = version, .name = std::string(words.up_to(" "))};
    facts.registered = has('r');
    facts.has_down = has('d');
    facts.checksum = "1";
    facts.out_of_order_allowed = has('o');
    facts.elsewhere = has('e');
    facts.in_journal = has('a') || has('f') || has('j');
    facts.applied = has('a');
    facts.failed = !facts.applied && has('f');
    facts.baseline = facts.applied && has('b');
    facts.partial = !facts.applied && has('p');
    facts.applied_checksum = facts.applied && !has('c') ? "1" : "2";
    facts.journal_id = has('l') ? 1000 - number : number;
    while (!words.empty()) {
        std::string word(words.up_to(" "));
        if (word.starts_with('!'))
            facts.conflicts.push_back(word.substr(1));
        else if (word.starts_with('@'))
            facts.tags.push_back(word.substr(1));
        else if (!word.empty())
            facts.requirements.push_back(std::move(word));
    }
    return facts;
}

void check(const Plan &plan) {
    std::set<const MigrationFacts *> seen;
    for (const MigrationFacts *migration : plan)
        require(migration != nullptr && seen.insert(migration).second);
}

template <class Body>
void planned(const Body &body) {
    try {
        check(body());
    } catch (const Error &error) {
        require(error.code() != ErrorCode::internal && !error.message().empty());
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
    Input input(data, size);
    const std::string_view target = input.line();
    std::vector<MigrationFacts> facts;
    std::set<Version> versions; // the tables' key
    while (!input.empty() && facts.size() < 30) {
        MigrationFacts one = facts_of(input.line(), static_cast<std::int64_t>(facts.size()) + 1);
        if ((one.registered || one.in_journal) && versions.insert(one.version).second)
            facts.push_back(std::move(one));
    }
    const History history(std::move(facts));
    for (const MigrationFacts &migration : history.migrations())
        require(*state_name(history.state(migration)) != '\0');
    planned([&] {
        const Plan plan = history.pending(target);
        const Plan late = history.late(plan);
        if (!late.empty())
            require(!late_arrivals(late, *history.newest_applied()).message().empty());
        return plan;
    });
    planned([&] { return history.to_roll_back(2); });
    planned([&] { return history.to_roll_back_to(target); });
    planned([&] {
        const Plan plan = history.rollback_candidates(target);
        for (const MigrationFacts *migration : plan)
            require(!history.obstacle(*migration, plan) || !history.obstacle(*migration, plan)->why.empty());
        return plan;
    });
    planned([&] { return history.unapplied(Version::from_text(target)); });
    return 0;
}
