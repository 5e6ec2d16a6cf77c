// Which tool a folder is of, by what only that tool's folders have. Guesses are refused.
#include <algorithm>

#include <fmt/format.h>

#include "turnstone/core/folder_layouts.hpp"
#include "turnstone/core/format_readers.hpp"
#include "turnstone/core/format_text.hpp"

namespace turnstone::core {

namespace {

struct Candidate {
    Format format;
    const char *reason;
    Files files;
};

std::string list_of_paths(const Files &files) {
    std::string paths = fmt::format("\"{}\"", files.front()->path);
    if (files.size() > 1)
        paths += fmt::format(" and {} more", files.size() - 1);
    return paths;
}

class Evidence {
  public:
    explicit Evidence(const Files &files) {
        for (const SourceFile *file : files)
            weigh(files, *file);
        judge_pairs();
        judge_dump();
    }

    [[nodiscard]] Format decide() const {
        std::vector<const Candidate *> found;
        for (const Candidate &candidate : candidates_) {
            if (!candidate.files.empty())
                found.push_back(&candidate);
        }
        if (found.size() == 1)
            return found.front()->format;
        if (found.empty() && (!plain_.empty() || !extras_.empty()))
            return Format::native;
        if (found.empty() && !repeatables_.empty())
            return Format::flyway;
        if (found.empty())
            throw Error(ErrorCode::invalid_script, "the folder holds no migration of any known format", {},
                        "Name scripts like 20240101120000_create_users.sql, or name the format.");
        std::string names;
        std::string detail;
        for (const Candidate *candidate : found) {
            names += fmt::format("{}{}",
                                 candidate == found.front()  ? ""
                                 : candidate == found.back() ? " or "
                                                             : ", ",
                                 format_name(candidate->format));
            detail +=
                fmt::format("{}{}: {} in {}.", detail.empty() ? "" : " ", format_name(candidate->format),
                            candidate->reason, list_of_paths(candidate->files));
        }
        throw Error(ErrorCode::invalid_script,
                    fmt::format("the format of the folder is not clear: it may be {}", names), detail,
                    fmt::format("Name the format, for example '{}'.", format_name(found.front()->format)));
    }

  private:
    void add(Format format, const SourceFile &file) {
        for (Candidate &candidate : candidates_) {
            if (candidate.format == format)
                candidate.files.push_back(&file);
        }
    }

    // What one file alone tells of the whole folder.
    void weigh_layout(const Files &files, const SourceFile &file) {
        const std::string_view path = file.path;
        const std::string_view name = base_name(path);
        const std::string_view in = folder_name(path);
        if (path == drizzle_journal || (name == "migration.sql" && !at_top(path) && at_top(in) &&
                                        find_file(files, fmt::format("{}/snapshot.json", in)) != nullptr))
            add(Format::drizzle, file);
        if (path == prisma_lock)
            add(Format::prisma, file);
        if (name == "up.sql" && !at_top(path) && at_top(in))
            add(Format::diesel, file);
        if (path == sqitch_configuration ||
            (path == sqitch_plan && find_file(files, sqitch_configuration) == nullptr))
            add(Format::sqitch, file);
        if (path == atlas_sum)
            add(Format::atlas, file);
        if (path.starts_with("migrations/") && find_file(files, supabase_configuration) != nullptr)
            add(Format::supabase, file);
        if (is_sql(name) && has_liquibase_head(without_mark(file.bytes)))
            add(Format::liquibase, file);
        if ((in.empty() || in == "committed") && is_sql(name) &&
            has_graphile_header(without_mark(file.bytes)))
            add(Format::graphile_migrate, file);
        if (is_sql(name) && name.starts_with("R__") && name.size() > std::string_view("R__.sql").size())
            repeatables_.push_back(&file);
        else if (is_sql(name) && is_meant_for_flyway(name) && name.find("__") != std::string_view::npos)
            add(Format::flyway, file);
    }

    void weigh(const Files &files, const SourceFile &file) {
        const std::string_view path = file.path;
        const std::string_view text = without_mark(file.bytes);
        weigh_layout(files, file);
        if (!at_top(path) || !is_sql(path))
            return;
        if (has_alembic_step(text))
            return add(Format::alembic, file);
        if (leading_digits(path).empty()) {
            if (kind_of_name(without_sql(path)))
                extras_.push_back(&file);
            else if (is_dump(text))
                add(Format::dump, file);
            return;
        }
        bool annotated = has_graphile_header(text) || has_liquibase_head(text);
        for (const auto &[format, has] : {std::pair{Format::native, &has_native_annotation},
                                          std::pair{Format::goose, &has_goose_annotation},
                                          std::pair{Format::dbmate, &has_dbmate_annotation},
                                          std::pair{Format::node_pg_migrate, &has_node_pg_migrate_marker},
                                          std::pair{Format::sqlx, &has_sqlx_annotation}}) {
            if (has(text)) {
                add(format, file);
                annotated = true;
            }
        }
        if (postgrator_name(path))
            add(Format::postgrator, file);
        else if (pair_name(path))
            pairs_.push_back(&file);
        else if (!annotated)
            plain_.push_back(&file);
    }

    // A dump lies beside the scripts of many tools. Where it lies beside scripts that may be of any, it is
    // not clear which of the two is meant.
    void judge_dump() {
        Candidate *dump = nullptr;
        Candidate *native = nullptr;
        bool others = false;
        for (Candidate &candidate : candidates_) {
            dump = candidate.format == Format::dump ? &candidate : dump;
            native = candidate.format == Format::native ? &candidate : native;
            others = others || (candidate.format != Format::dump && !candidate.files.empty());
        }
        if (dump->files.empty())
            return;
        if (others)
            dump->files.clear();
        else if (!plain_.empty()) {
            native->reason = "numbered scripts";
            native->files = plain_;
        }
    }

    // golang-migrate and sqlx name pairs alike; the one has no files without a direction, the other has.
    void judge_pairs() {
        const auto sqlx = std::find_if(candidates_.begin(), candidates_.end(),
                                       [](const Candidate &c) { return c.format == Format::sqlx; });
        if (pairs_.empty() || !sqlx->files.empty())
            return;
        for (Candidate &candidate : candidates_) {
            if (candidate.format == Format::golang_migrate)
                candidate.files = pairs_;
        }
        if (!plain_.empty()) {
            sqlx->reason = "scripts without a direction beside pairs";
            sqlx->files = plain_;
        }
    }

    std::vector<Candidate> candidates_{{Format::native, "\"-- +migrate\"", {}},
                                       {Format::goose, "\"-- +goose\"", {}},
                                       {Format::dbmate, "\"-- migrate:\"", {}},
                                       {Format::golang_migrate, "pairs of up and down files", {}},
                                       {Format::flyway, "Flyway's file names", {}},
                                       {Format::drizzle, "Drizzle's own files", {}},
                                       {Format::diesel, "up.sql", {}},
                                       {Format::sqlx, "\"-- no-transaction\" at the very start", {}},
                                       {Format::prisma, "migration_lock.toml", {}},
                                       {Format::sqitch, "its plan or configuration", {}},
                                       {Format::liquibase, "\"-- liquibase formatted sql\"", {}},
                                       {Format::atlas, "its sums", {}},
                                       {Format::graphile_migrate, "\"--! Previous:\"", {}},
                                       {Format::node_pg_migrate, "\"-- Up Migration\"", {}},
                                       {Format::supabase, "config.toml beside migrations", {}},
                                       {Format::postgrator, "names like 001.do.sql", {}},
                                       {Format::alembic, "\"-- Running upgrade\"", {}},
                                       {Format::dump, "a dump of pg_dump", {}}};
    Files pairs_;
    Files plain_;       // numbered and without annotations: may be of several tools
    Files repeatables_; // Flyway's and turnstone's names alike
    Files extras_;      // seeds and hooks, which only turnstone has by these names
};

} // namespace

Format format_by_evidence(const Files &files) {
    return Evidence(files).decide();
}

} // namespace turnstone::core
