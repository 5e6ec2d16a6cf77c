// Owns the matching of another tool's journal with the registered scripts.
#include "turnstone/core/foreign_history.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "turnstone/core/foreign_checksum.hpp"

namespace turnstone::core {

namespace {

constexpr std::array<std::pair<ForeignTool, const char *>, 22> tools{{
    {ForeignTool::alembic, "alembic"},
    {ForeignTool::atlas, "atlas"},
    {ForeignTool::dbmate, "dbmate"},
    {ForeignTool::depesz, "depesz"},
    {ForeignTool::diesel, "diesel"},
    {ForeignTool::drizzle, "drizzle"},
    {ForeignTool::flyway, "flyway"},
    {ForeignTool::golang_migrate, "golang-migrate"},
    {ForeignTool::goose, "goose"},
    {ForeignTool::graphile_migrate, "graphile-migrate"},
    {ForeignTool::knex, "knex"},
    {ForeignTool::liquibase, "liquibase"},
    {ForeignTool::node_pg_migrate, "node-pg-migrate"},
    {ForeignTool::omnigres, "omnigres"},
    {ForeignTool::pgroll, "pgroll"},
    {ForeignTool::postgrator, "postgrator"},
    {ForeignTool::prisma, "prisma"},
    {ForeignTool::prisma_contract, "prisma-contract"},
    {ForeignTool::sql_migrate, "sql-migrate"},
    {ForeignTool::sqitch, "sqitch"},
    {ForeignTool::sqlx, "sqlx"},
    {ForeignTool::supabase, "supabase"},
}};

constexpr std::array<std::pair<Verdict, const char *>, 10> verdicts{{
    {Verdict::exact, "exact"},
    {Verdict::named, "named"},
    {Verdict::assumed, "assumed"},
    {Verdict::changed_file, "changed file"},
    {Verdict::missing_file, "missing file"},
    {Verdict::failed, "failed"},
    {Verdict::partial, "partial"},
    {Verdict::reverted, "reverted"},
    {Verdict::pending, "pending"},
    {Verdict::adopted, "adopted"},
}};

template <class Names, class Key>
const char *name_in(const Names &names, Key key) {
    return std::find_if(names.begin(), names.end(), [&](const auto &one) { return one.first == key; })
        ->second;
}

bool is_known_by_number(ForeignTool tool) {
    using enum ForeignTool;
    return tool == atlas || tool == dbmate || tool == diesel || tool == flyway || tool == golang_migrate ||
           tool == goose || tool == postgrator || tool == sqlx || tool == supabase;
}

std::string_view base_name(std::string_view path) {
    const std::size_t slash = path.find_last_of('/');
    return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

// Without what a file's name ends with.
std::string stem(std::string_view name) {
    for (const std::string_view ending : {".up.sql", ".sql", ".js", ".cjs", ".mjs", ".ts", ".json"}) {
        if (name.size() > ending.size() && name.ends_with(ending))
            return std::string(name.substr(0, name.size() - ending.size()));
    }
    return std::string(name);
}

// Of "1.0" as of "01"; of what is no number, the text.
std::string number_key(std::string text) {
    std::replace(text.begin(), text.end(), '_', '.');
    const auto version = Version::parse(text);
    return version ? version->sort_key() : std::move(text);
}

// By which names a row, or a script, is known, the surest first; empty for none of that rank.
using Keys = std::vector<std::string>;

std::string marked(const char *mark, const std::string &text) {
    return text.empty() ? text : mark + text;
}

Keys row_keys(ForeignTool tool, const ForeignRow &row) {
    using enum ForeignTool;
    if (tool == flyway && row.id.empty()) // repeatable
        return {std::string(base_name(row.name))};
    if (is_known_by_number(tool))
        return {number_key(row.id)};
    if (tool == drizzle) // as its own upgrade goes about it: by the time of generation, then by the sum
        return {row.name, row.name.empty() ? "at " + row.id : std::string(), marked("sum ", row.checksum)};
    if (tool == sqitch)
        return {"id " + row.id, row.name};
    if (tool == alembic)
        return {"id " + row.id, row.id};
    if (tool == liquibase)
        return {"id " + row.id, std::string(base_name(row.id))};
    return {stem(base_name(row.id)), row.name};
}

Keys script_keys(ForeignTool tool, const OwnScript &script) {
    using enum ForeignTool;
    if (tool == flyway && script.kind == MigrationKind::repeatable)
        return {script.name};
    if (is_known_by_number(tool))
        return {number_key(script.version)};
    if (tool == drizzle)
        return {script.name, marked("at ", script.foreign_id), "sum " + sha256_hex(script.bytes)};
    const std::string short_name = stem(base_name(script.name));
    if (tool == sqitch || tool == alembic || tool == liquibase)
        return {marked("id ", script.foreign_id), short_name};
    return {short_name, script.name};
}

struct Matching {
    ForeignTool tool;
    const std::vector<ForeignRow> &rows;
    const std::vector<OwnScript> &scripts;
    std::vector<bool> told = std::vector<bool>(rows.size());
    std::vector<std::optional<std::size_t>> row_of = std::vector<std::optional<std::size_t>>(scripts.size());

    void match();
    void match_by(std::size_t rank);
    [[nodiscard]] std::optional<std::size_t> mark_above(const OwnScript &script) const;
    [[nodiscard]] Adoption of_script(std::size_t number);
    void add_missing(std::vector<Adoption> &all) const;
};

// Of several rows of one name the newest speaks; of several with one sum, each for one script.
void Matching::match_by(std::size_t rank) {
    std::multimap<std::string, std::size_t> known;
    for (std::size_t row = 0; row < rows.size(); ++row) {
        const Keys keys = row_keys(tool, rows[row]);
        if (!told[row] && rank < keys.size() && !keys[rank].empty())
            known.emplace(keys[rank], row);
    }
    for (std::size_t number = 0; number < scripts.size(); ++number) {
        const Keys keys = script_keys(tool, scripts[number]);
        if (row_of[number] || rank >= keys.size() || keys[rank].empty())
            continue;
        const auto [begin, end] = known.equal_range(keys[rank]);
        if (begin == end)
            continue;
        if (keys[rank].starts_with("sum ")) {
            row_of[number] = begin->second;
            told[begin->second] = true;
            known.erase(begin);
            continue;
        }
        for (auto one = begin; one != end; ++one) {
            row_of[number] = one->second;
            told[one->second] = true;
        }
    }
}

void Matching::match() {
    constexpr std::size_t ranks = 3;
    for (std::size_t rank = 0; rank < ranks; ++rank)
        match_by(rank);
}

// The row that says of all scripts up to one that they are applied.
std::optional<std::size_t> Matching::mark_above(const OwnScript &script) const {
    if (script.kind != MigrationKind::versioned)
        return std::nullopt;
    const Version own = Version::from_text(script.version);
    for (std::size_t row = 0; row < rows.size(); ++row) {
        if (tool == ForeignTool::alembic) {
            for (std::size_t head = 0; head < scripts.size(); ++head) {
                if (row_of[head] == row && own < Version::from_text(scripts[head].version))
                    return row;
            }
            continue;
        }
        const bool is_mark =
            rows[row].state == ForeignRow::State::baseline || tool == ForeignTool::golang_migrate;
        const auto mark = is_mark ? Version::parse(rows[row].id) : std::nullopt;
        if (mark && own <= *mark)
            return row;
    }
    return std::nullopt;
}

Verdict verdict_of(ForeignTool tool, const ForeignRow &row, const OwnScript &script) {
    switch (row.state) {
    case ForeignRow::State::failed:
        return Verdict::failed;
    case ForeignRow::State::partial:
        return Verdict::partial;
    case ForeignRow::State::reverted:
        return Verdict::reverted;
    case ForeignRow::State::baseline:
        return Verdict::assumed;
    case ForeignRow::State::applied:
        break;
    }
    if (tool == ForeignTool::golang_migrate)
        return Verdict::assumed;
    const auto same = has_foreign_checksum(tool, row, script);
    if (!same)
        return Verdict::named;
    return *same ? Verdict::exact : Verdict::changed_file;
}

Adoption Matching::of_script(std::size_t number) {
    const OwnScript &script = scripts[number];
    Adoption adoption{Verdict::pending, number, row_of[number], {}};
    if (adoption.row) {
        const ForeignRow &row = rows[*adoption.row];
        adoption.verdict = verdict_of(tool, row, script);
        adoption.detail = row.detail;
    } else if ((adoption.row = mark_above(script))) {
        told[*adoption.row] = true;
        adoption.verdict = Verdict::assumed;
        adoption.detail = "The tool keeps a mark at " + rows[*adoption.row].id + ", no row of its own.";
    }
    if (script.in_journal) {
        adoption.verdict = Verdict::adopted;
        adoption.detail.clear();
    }
    return adoption;
}

void Matching::add_missing(std::vector<Adoption> &all) const {
    for (std::size_t row = 0; row < rows.size(); ++row) {
        using enum ForeignRow::State;
        if (told[row] || rows[row].state == reverted || rows[row].state == baseline)
            continue;
        all.push_back({Verdict::missing_file, std::nullopt, row, rows[row].detail});
    }
}

} // namespace

const char *tool_name(ForeignTool tool) {
    return name_in(tools, tool);
}

std::optional<ForeignTool> parse_tool(std::string_view name) {
    std::string wanted(name);
    std::transform(wanted.begin(), wanted.end(), wanted.begin(), [](char letter) {
        return letter == '_' ? '-' : letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter + 32) : letter;
    });
    for (const char *other : {"rails", "ecto", "hasura"}) {
        if (wanted == other)
            return ForeignTool::dbmate;
    }
    for (const auto &[tool, known] : tools) {
        if (wanted == known)
            return tool;
    }
    return std::nullopt;
}

std::string tools_hint() {
    std::string names;
    for (const auto &[tool, known] : tools)
        names += (names.empty() ? "" : ", ") + std::string(known);
    return "Tools are " + names + ", and auto.";
}

const char *verdict_name(Verdict verdict) {
    return name_in(verdicts, verdict);
}

std::vector<Adoption> match_history(ForeignTool tool, const std::vector<ForeignRow> &rows,
                                    const std::vector<OwnScript> &scripts) {
    Matching matching{.tool = tool, .rows = rows, .scripts = scripts};
    matching.match();
    std::vector<Adoption> all;
    for (std::size_t number = 0; number < scripts.size(); ++number)
        all.push_back(matching.of_script(number));
    matching.add_missing(all);
    return all;
}

bool is_adoptable(Verdict verdict) {
    return verdict == Verdict::exact || verdict == Verdict::named || verdict == Verdict::assumed;
}

} // namespace turnstone::core
