// Owns turnstone.coexist: the other tool's lock for a run, and its journal's row for each migration.
#include "turnstone/server/coexist.hpp"

#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "turnstone/core/alembic_lineage.hpp"
#include "turnstone/core/error.hpp"
#include "turnstone/core/foreign_identity.hpp"

#include "turnstone/server/as_owner.hpp"
#include "turnstone/server/foreign_queries.hpp"
#include "turnstone/server/settings.hpp"

namespace turnstone::server {

namespace {

const ForeignJournal *current = nullptr; // of the run in progress

std::string name_without_ending(const std::string &name) {
    for (const std::string_view ending : {".up.sql", ".sql"}) {
        if (name.ends_with(ending))
            return name.substr(0, name.size() - ending.size());
    }
    return name;
}

struct Registered {
    std::string kind;
    std::string description;
    std::string bytes;
    std::string foreign_id;
};

Registered registered_as(const std::string &version) {
    static Query query{
        "select kind, description, script, foreign_id from turnstone.migration where version = $1"};
    const Rows rows = run(query, {version});
    if (rows.empty())
        return {};
    return {rows.text(0, 0), rows.text(0, 1), rows.text(0, 2), rows.text(0, 3)};
}

// What is applied now and has the highest version: tools that keep a mark keep this one.
std::string highest_applied() {
    const core::History history = read_history();
    std::string highest;
    for (const core::MigrationFacts &migration : history.migrations()) {
        if (migration.applied && !migration.version.is_repeatable() && !migration.version.is_baseline())
            highest = migration.version.text();
    }
    return highest;
}

// What Alembic keeps: of each branch that is applied the last revision, with ',' between.
std::string alembic_heads_now() {
    constexpr const char *beginning = "4096"; // of a script: its revision is told there
    static Query query{R"(
        select foreign_id, pg_catalog."substring"(script, 1, $2::pg_catalog.int4)
          from turnstone.migration
         where version = any ($1::pg_catalog.text[]) and foreign_id <> ''
         order by version_key)"};
    const core::History history = read_history();
    std::vector<std::string> applied;
    for (const core::MigrationFacts &migration : history.migrations()) {
        if (migration.applied)
            applied.push_back(migration.version.text());
    }
    const Rows rows = run(query, {applied, beginning});
    std::vector<std::string> texts;
    texts.reserve(rows.size());
    std::vector<core::AlembicScript> scripts;
    for (std::size_t row = 0; row < rows.size(); ++row) {
        texts.push_back(rows.text(row, 1));
        scripts.push_back({rows.text(row, 0), texts.back()});
    }
    return fmt::format("{}", fmt::join(core::alembic_heads(core::alembic_lineage(scripts)), ","));
}

void run_statement(const std::string &statement, std::initializer_list<Value> values) {
    const AsOwner as_owner(current->relation, current->name);
    Query query{statement.c_str()};
    run(query, values, Rights::caller);
}

} // namespace

Coexistence::Coexistence(LockOwner owner) : owner_(owner) {
    const std::string name = settings::coexist();
    if (name.empty())
        return;
    std::optional<core::ForeignTool> tool;
    if (name != "auto") {
        tool = core::parse_tool(name);
        if (!tool)
            throw core::Error(core::ErrorCode::invalid_argument,
                              fmt::format("turnstone.coexist names an unknown tool: \"{}\"", name), {},
                              core::tools_hint());
    }
    journal_ = find_foreign_journal(tool, std::nullopt);
    if (*journal_->apply == '\0')
        throw core::Error(
            core::ErrorCode::unsupported,
            fmt::format("turnstone cannot write the journal of {}", core::tool_name(journal_->tool)),
            "Its rows say more than a script does.",
            "Take over its history with migrate_adopt(), and go on without turnstone.coexist.");
    take_foreign_lock(*journal_, owner_);
    current = &*journal_;
}

Coexistence::~Coexistence() {
    current = nullptr;
}

void Coexistence::release() {
    const auto journal = std::exchange(journal_, std::nullopt); // once, also where it fails
    current = nullptr;
    if (journal && owner_ == LockOwner::session)
        release_foreign_lock(*journal);
}

void write_foreign_row(const JournalEvent &event) {
    if (current == nullptr || event.state == nullptr)
        return;
    const bool applied = std::string_view(event.event) == "apply";
    if (!applied && std::string_view(event.event) != "rollback")
        return;
    const Registered script = registered_as(event.version);
    const bool repeatable = script.kind == "repeatable";
    if (script.kind.empty() || (script.kind != "versioned" && !repeatable) ||
        (repeatable && current->tool != core::ForeignTool::flyway))
        return; // nothing that the tool could know of
    if (applied && current->needs_foreign_id && script.foreign_id.empty())
        throw core::Error(core::ErrorCode::unsupported,
                          fmt::format("\"{}\" has nothing by which {} would know it", event.name,
                                      core::tool_name(current->tool)),
                          {},
                          "Load the tool's own folder with migrate_load(), or take turnstone.coexist back.");
    for (const AclMode right : {ACL_INSERT, ACL_DELETE}) // a mark is written by both
        require_right(current->relation, current->name, right);
    const std::string highest = current->keeps_mark ? highest_applied() : std::string();
    const std::string heads =
        current->tool == core::ForeignTool::alembic ? alembic_heads_now() : std::string();
    const std::string crc = std::to_string(core::flyway_checksum(script.bytes));
    run_statement(with_names(*current, applied ? current->apply : current->rollback),
                  {repeatable ? Value(std::nullopt) : Value(event.version), event.name,
                   name_without_ending(event.name), Value::binary(script.bytes), script.foreign_id,
                   script.description, event.run.microseconds, crc, Value::or_null(highest),
                   Value::or_null(heads), current_role()});
}

} // namespace turnstone::server
