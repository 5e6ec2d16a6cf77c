// Owns the comparison of what is recorded with what is, in three levels: nothing has changed; which objects
// have; what of them.
#include "turnstone/server/drift.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "turnstone/core/error.hpp"

#include "turnstone/server/capture.hpp"
#include "turnstone/server/equivalent.hpp"
#include "turnstone/server/journal.hpp"
#include "turnstone/server/lock.hpp"
#include "turnstone/server/raw_state.hpp"
#include "turnstone/server/record.hpp"
#include "turnstone/server/recorder.hpp"
#include "turnstone/server/sql.hpp"
#include "turnstone/server/text.hpp"

namespace turnstone::server {

namespace {

bool in_schemas(const core::ObjectKey &key, const std::vector<std::string> &quoted_schemas) {
    return quoted_schemas.empty() ||
           std::any_of(quoted_schemas.begin(), quoted_schemas.end(), [&](const std::string &schema) {
               return key.identity == schema || key.identity.starts_with(schema + ".");
           });
}

using Digests = std::map<core::ObjectKey, std::string>;

std::string sum_of(const Digests &digests) {
    std::string all;
    for (const auto &[key, digest] : digests)
        all += fmt::format("{}\n{}\n{}\n", key.type, key.identity, digest);
    return sha256(all);
}

void require_record(const LastRecord &last) {
    if (!last.exists)
        throw core::Error(core::ErrorCode::wrong_state,
                          "no run of migrations has been recorded in this database",
                          "There is nothing to compare the schema with.", "Run migrate_apply() first.");
    if (last.stale)
        throw core::Error(
            core::ErrorCode::wrong_state, "the record of the schema is stale",
            "The last run of migrations was not recorded (turnstone.record_schema was off), or the "
            "extension was updated since.",
            "The next run with turnstone.record_schema on takes the schema over as it finds it.");
}

void say_whether_a_run_is_open() {
    if (any_run_is_open())
        pg([] {
            ereport(NOTICE,
                    (errmsg("a run of migrations is under way, or was cut off"),
                     errdetail("What it has done shows as drift until it ends, or the next run begins.")));
        });
}

// What differs, as far as it is known: all of it, or the objects that were looked at.
struct Found {
    core::SchemaDocuments recorded;
    core::SchemaDocuments live;
    bool same_place = false;
    std::vector<RootId> roots; // that differ, in the same place
    RawState raw;
};

// The deparsing functions see the latest state of the catalogs, each call its own: where another session
// changed something meanwhile, it is done again.
Found consistently(Found (*look)(bool), bool same_place) {
    constexpr int tries = 5;
    for (int i = 1;; ++i) {
        pg([] { AcceptInvalidationMessages(); });
        const std::uint64_t before = SharedInvalidMessageCounter;
        Found found = look(same_place);
        pg([] { AcceptInvalidationMessages(); });
        if (SharedInvalidMessageCounter == before || i == tries)
            return found;
    }
}

Found look_everywhere(bool same_place) {
    Found found;
    found.same_place = same_place;
    found.recorded = recorded_schema();
    found.live = capture_schema();
    return found;
}

std::vector<RootId> other_parents(const Found &found, std::set<RootId> &known) {
    std::vector<RootId> parents;
    for (const core::SchemaDocuments *documents : {&found.recorded, &found.live}) {
        for (const auto &[key, document] : *documents) {
            for (const std::int64_t oid : core::parents_of(key, document)) {
                const RootId parent{RelationRelationId, static_cast<Oid>(oid)};
                if (known.insert(parent).second)
                    parents.push_back(parent);
            }
        }
    }
    return parents;
}

// The tables above those that differ have not changed, but what has may have come from them.
void add_parents(Found &found) {
    std::set<RootId> known(found.roots.begin(), found.roots.end());
    for (;;) {
        const std::vector<RootId> parents = other_parents(found, known);
        if (parents.empty())
            return;
        core::SchemaDocuments live = capture_objects(parents);
        found.recorded.merge(recorded_objects(parents, live));
        found.live.merge(live);
    }
}

Found look_at_what_changed(bool) {
    Found found;
    found.same_place = true;
    if (surely_unchanged())
        return found;
    const std::optional<RawState> baseline = recorded_raw_state();
    found.raw = raw_state();
    found.roots = roots_that_differ(*baseline, found.raw);
    if (found.roots.empty()) {
        open_gate(found.raw);
        return found;
    }
    found.live = capture_objects(found.roots);
    found.recorded = recorded_objects(found.roots, found.live);
    add_parents(found);
    return found;
}

Found look() {
    const LastRecord last = last_record();
    require_record(last);
    const bool by_levels = last.of_this_place && recorded_raw_state();
    return consistently(by_levels ? look_at_what_changed : look_everywhere, last.of_this_place);
}

} // namespace

std::vector<std::string> quoted_names(const std::vector<std::string> &schemas) {
    std::vector<std::string> quoted;
    quoted.reserve(schemas.size());
    for (const std::string &schema : schemas)
        quoted.push_back(to_utf8(pg([&] { return quote_identifier(schema.c_str()); })));
    return quoted;
}

void keep_schemas(core::SchemaDocuments &documents, const std::vector<std::string> &quoted_schemas) {
    std::erase_if(documents, [&](const auto &entry) { return !in_schemas(entry.first, quoted_schemas); });
}

std::vector<core::Difference> compared(const core::SchemaDocuments &expected,
                                       const core::SchemaDocuments &actual, bool same_place,
                                       const std::vector<std::string> &quoted_schemas) {
    const std::vector<core::Snapshot> states = core::states_to_compare(expected, actual);
    std::vector<core::Difference> differences =
        core::differences(states[0], states[1], {.same_place = same_place, .equivalent = equivalent});
    core::keep_schemas(differences, quoted_schemas);
    for (core::Difference &difference : differences) {
        difference.identity = from_utf8(difference.identity);
        difference.expected = from_utf8(difference.expected);
        difference.actual = from_utf8(difference.actual);
    }
    return differences;
}

core::SchemaDocuments schema_as_it_is() {
    return consistently(
               [](bool) {
                   Found found;
                   found.live = capture_schema();
                   return found;
               },
               false)
        .live;
}

std::vector<core::Difference> schema_drift(const std::vector<std::string> &schemas) {
    const Found found = look();
    if (found.recorded.empty() && found.live.empty())
        return {};
    say_whether_a_run_is_open();
    return compared(found.recorded, found.live, found.same_place, quoted_names(schemas));
}

std::vector<core::Difference> accept_drift(const std::string &reason,
                                           const std::vector<std::string> &schemas) {
    if (reason.empty())
        throw core::Error(core::ErrorCode::wrong_state, "to accept drift needs a reason", {},
                          "Say why, for those who read the journal later.");
    take_run_lock();
    settle_interrupted_runs();
    const LastRecord last = last_record();
    require_record(last);
    RawState baseline = baseline_of_this_place(last);
    Found found = consistently(look_at_what_changed, true);
    const std::vector<std::string> quoted = quoted_names(schemas);
    std::vector<core::Difference> differences =
        compared(found.recorded, found.live, found.same_place, quoted);
    if (differences.empty())
        return {};
    keep_schemas(found.recorded, quoted);
    keep_schemas(found.live, quoted);
    std::set<RootId> accepted;
    for (const core::SchemaDocuments *documents : {&found.recorded, &found.live}) {
        for (const auto &[key, document] : *documents) {
            const core::Physical physical = core::object_of(key, document).physical;
            accepted.insert({static_cast<Oid>(physical.catalog), static_cast<Oid>(physical.id)});
        }
    }
    std::string summary;
    for (const core::Difference &difference : differences)
        summary += fmt::format("{} {} {} {}\n", core::change_name(difference.change), difference.object_type,
                               difference.identity, difference.property);
    write_event({begin_run("accept"), "accept", nullptr, std::string(), std::string(),
                 sha256(to_utf8(summary)), fmt::format("{}\n{}", reason, summary)});
    accept_objects(std::move(baseline), found.raw, {accepted.begin(), accepted.end()});
    return differences;
}

std::string schema_fingerprint(const std::vector<std::string> &schemas) {
    const std::vector<std::string> quoted = quoted_names(schemas);
    const LastRecord last = last_record();
    Digests digests;
    const bool by_record = last.exists && !last.stale && last.of_this_place && recorded_raw_state() &&
                           consistently(look_at_what_changed, true).roots.empty();
    if (by_record) {
        digests = recorded_digests();
    } else {
        for (const auto &[key, document] : capture_schema())
            digests.emplace(key, digest_of(key, document));
    }
    std::erase_if(digests, [&](const auto &entry) { return !in_schemas(entry.first, quoted); });
    return sum_of(digests);
}

std::string fingerprint_of(const core::SchemaDocuments &documents) {
    Digests digests;
    for (const auto &[key, document] : documents)
        digests.emplace(key, digest_of(key, document));
    return sum_of(digests);
}

} // namespace turnstone::server
