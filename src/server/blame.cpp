// Owns the report of migrate_blame(): the rows of the journal behind an object, and their scripts'
// statements.
#include "turnstone/server/blame.hpp"

#include <map>
#include <set>

#include <fmt/format.h>

#include "turnstone/core/error.hpp"

#include "turnstone/server/functions.hpp"
#include "turnstone/server/parser.hpp"
#include "turnstone/server/raii.hpp"
#include "turnstone/server/recorded_names.hpp"
#include "turnstone/server/registry.hpp"
#include "turnstone/server/sql.hpp"
#include "turnstone/server/statement_rules.hpp"
#include "turnstone/server/text.hpp"

namespace turnstone::server {

namespace {

struct CutStatement {
    int line;
    std::string text;
};

// By their numbers. None where the text cannot be read any more, as when a variable of it is gone.
std::map<int, CutStatement> statements_of(const std::string &version, const std::string &event,
                                          const std::string &bytes) {
    const MemoryScope memory;
    const core::Direction direction = event == "rollback" ? core::Direction::down : core::Direction::up;
    std::map<int, CutStatement> statements;
    try {
        const core::Script script = script_that_ran(version, bytes, direction);
        const core::ScriptSection &section = script.section(direction);
        for (const Statement &statement : parse_section({version, direction, section.text}))
            statements[statement.number] = {
                core::locate(section.text, statement.begin, character_length).line,
                statement_text(statement, section.text)};
    } catch (const core::Error &) {
        statements.clear();
    } catch (const PgError &error) { // the parser holds nothing but memory
        FreeErrorData(error.data());
        statements.clear();
    }
    return statements;
}

// The rows of the journal that a report refers to.
class Journal {
  public:
    explicit Journal(const std::vector<core::BlameRow> &rows) {
        static Query query{R"(
            select j.id, j.run, j.version, j.name, j.event, j.role, j.finished_at::pg_catalog.text,
                   coalesce(j.script, case when j.event = 'rollback' then coalesce(m.down_script, m.script)
                                           else m.script end)
              from turnstone.journal j
              left join turnstone.migration m on m.version = j.version and m.checksum = j.checksum
             where j.id = any ($1::pg_catalog.int8[]))"};
        std::set<std::int64_t> ids;
        for (const core::BlameRow &row : rows)
            ids.insert(row.origin.journal);
        std::vector<std::string> wanted;
        wanted.reserve(ids.size());
        for (const std::int64_t id : ids)
            wanted.push_back(std::to_string(id));
        const Rows found = run(query, {wanted});
        for (std::size_t row = 0; row < found.size(); ++row) {
            Entry entry;
            entry.head = {found.integer(row, 0),
                          found.integer(row, 1),
                          found.text(row, 2),
                          found.text(row, 3),
                          found.text(row, 4),
                          0,
                          0,
                          {},
                          found.text(row, 5),
                          found.text(row, 6)};
            if (!found.is_null(row, 7))
                entry.statements = statements_of(entry.head.version, entry.head.event, found.text(row, 7));
            entries_.emplace(entry.head.journal_id, std::move(entry));
        }
    }

    [[nodiscard]] std::optional<BlamedStatement> find(const core::Origin &origin) const {
        const auto entry = entries_.find(origin.journal);
        if (entry == entries_.end())
            return std::nullopt;
        BlamedStatement found = entry->second.head;
        found.statement = origin.statement;
        const auto statement = entry->second.statements.find(origin.statement);
        if (statement != entry->second.statements.end()) {
            found.line = statement->second.line;
            found.text = statement->second.text;
        }
        return found;
    }

  private:
    struct Entry {
        BlamedStatement head;
        std::map<int, CutStatement> statements;
    };
    std::map<std::int64_t, Entry> entries_;
};

} // namespace

std::vector<Blamed> blame(const std::string &name) {
    const std::vector<RecordedMatch> matches = recorded_under(name);
    if (matches.empty())
        throw core::Error(
            core::ErrorCode::undefined, fmt::format("nothing of the name \"{}\" is recorded", name),
            "Recorded is what the schema was behind each run of migrations.",
            "Name a relation, a column (table.column), a function, a type or a schema as in SQL, or "
            "anything else by its identity in turnstone.recorded_object.");
    std::vector<core::BlameRow> rows;
    for (const RecordedMatch &match : matches) {
        for (core::BlameRow &row :
             core::blame_rows(match.key, match.object, match.origins, match.part ? &*match.part : nullptr))
            rows.push_back(std::move(row));
    }
    const Journal journal(rows);
    std::vector<Blamed> blamed;
    blamed.reserve(rows.size());
    for (core::BlameRow &row : rows) {
        auto by = journal.find(row.origin);
        row.object.identity = from_utf8(row.object.identity);
        row.property = from_utf8(row.property);
        blamed.push_back({std::move(row), std::move(by)});
    }
    return blamed;
}

Datum blame_object(FunctionCallInfo fcinfo) {
    const std::string name = bytes_argument(fcinfo, 0);
    ResultRows result(fcinfo);
    const std::optional<std::string> none;
    const auto number = [](std::int64_t value) {
        return value == 0 ? std::nullopt : std::optional(std::to_string(value));
    };
    for (const Blamed &blamed : blame(name)) {
        const BlamedStatement by = blamed.by.value_or(BlamedStatement{});
        const auto statement = number(by.statement);
        const auto line = number(by.line);
        const auto journal_id = number(by.journal_id);
        const auto run = number(by.run);
        result.put({blamed.row.object.type, blamed.row.object.identity, Value::or_null(blamed.row.property),
                    core::blame_name(blamed.row.what), Value::or_null(by.version), Value::or_null(by.name),
                    Value::or_null(by.event), statement, line, Value::or_null(by.text),
                    Value::or_null(by.role), Value::or_null(by.at), journal_id, run});
    }
    return static_cast<Datum>(0);
}

} // namespace turnstone::server
