// Changelogs of Liquibase in formatted SQL: each changeset of each file is a migration. Changelogs in XML,
// YAML and JSON, and the order that they give, are not read.
#include <algorithm>
#include <memory>

#include <fmt/format.h>

#include "turnstone/core/folder_layouts.hpp"
#include "turnstone/core/format_readers.hpp"
#include "turnstone/core/format_text.hpp"
#include "turnstone/core/sql_lines.hpp"

namespace turnstone::core {

namespace {

struct Changeset {
    LiquibaseChangeset says;
    std::size_t first = 0; // its lines, [first, end)
    std::size_t end = 0;
};

// One file, cut. The lines are views of the text, so it stays where it is.
struct Changelog {
    const SourceFile *file = nullptr;
    std::string text;
    std::vector<TextLine> lines;
    std::string logical_path;
    std::vector<Changeset> changesets;
};

// Errors of `body` name the file.
template <class Body>
auto naming_file(const SourceFile &file, Body &&body) {
    try {
        return body();
    } catch (const Error &error) {
        throw Error(error.code(), fmt::format("\"{}\", {}", file.path, error.message()), error.detail(),
                    error.hint());
    }
}

std::unique_ptr<Changelog> read_changelog(const SourceFile &file) {
    auto result = std::make_unique<Changelog>();
    Changelog &log = *result;
    log.file = &file;
    log.text = liquibase_without_ignored_lines(script_text(file.bytes));
    log.lines = lines_of(log.text);
    log.logical_path = file.path;
    const std::vector<SqlLine> sql = sql_lines(log.text);
    for (std::size_t i = 0; i < log.lines.size(); ++i) {
        if (!sql[i].plain)
            continue;
        if (const auto words = liquibase_comment(log.lines[i].text, "liquibase");
            words && log.changesets.empty()) {
            const std::size_t at = lower_case(*words).find("logicalfilepath:");
            if (at != std::string::npos)
                log.logical_path = trimmed(words->substr(at + std::string_view("logicalfilepath:").size()));
        }
        auto changeset = liquibase_changeset(log.lines[i].text, log.lines[i].number);
        if (!changeset)
            continue;
        if (!log.changesets.empty())
            log.changesets.back().end = i;
        log.changesets.push_back({std::move(*changeset), i, log.lines.size()});
    }
    const std::size_t begin = log.changesets.empty() ? log.lines.size() : log.changesets.front().first;
    for (std::size_t i = 0; i < begin; ++i) {
        if (sql[i].has_code)
            throw script_error(log.lines[i].number, "SQL stands before the first changeset",
                               "Liquibase would not run it: put it into a changeset.");
    }
    return result;
}

// The whole file with the other changesets blanked; what is said of properties stays.
std::string bytes_of(const Changelog &log, const Changeset &changeset) {
    const std::string_view text = log.text;
    std::string bytes;
    for (std::size_t i = 0; i < changeset.first; ++i) {
        if (liquibase_comment(log.lines[i].text, "property"))
            bytes += log.lines[i].text;
        bytes += '\n';
    }
    const std::size_t begin = log.lines[changeset.first].begin;
    const std::size_t end = changeset.end < log.lines.size() ? log.lines[changeset.end].begin : text.size();
    return bytes.append(text.substr(begin, end - begin));
}

constexpr const char *precondition_hint =
    "Write the condition into the changeset, as IF in a DO block, and take the precondition out.";

class Lister {
  public:
    explicit Lister(Folder &folder) : folder_(folder) {}

    void add(const Changelog &log, const std::string &file_number) {
        std::size_t place = 0;
        for (const Changeset &changeset : log.changesets) {
            // It counts whether it is for this database or not, so that the numbers of the others never
            // change.
            ++place;
            if (is_wanted(log, changeset))
                add(log, changeset, fmt::format("{}.{}", file_number, place));
        }
    }

  private:
    void remark_on(const Changelog &log, const TextLine &line, std::string_view what) {
        remark(folder_, log.file->path, line.number, what);
    }

    bool is_wanted(const Changelog &log, const Changeset &changeset) {
        const TextLine &line = log.lines[changeset.first];
        const std::string dbms = changeset.says.attribute("dbms");
        const bool ignored = same_in_any_case(changeset.says.attribute("ignore"), "true");
        if (ignored)
            remark_on(log, line, "the changeset is passed over: it is to be ignored");
        else if (!liquibase_is_for_postgresql(dbms))
            remark_on(log, line, fmt::format("the changeset is passed over: it is for {}", dbms));
        else
            return true;
        return false;
    }

    void add(const Changelog &log, const Changeset &changeset, const std::string &version) {
        FolderMigration migration;
        migration.name = fmt::format("{}::{}::{}", log.file->path, changeset.says.id, changeset.says.author);
        migration.foreign_id =
            fmt::format("{}::{}::{}", logical_path(log, changeset), changeset.says.id, changeset.says.author);
        migration.up_path = log.file->path;
        migration.up_line = log.lines[changeset.first].number;
        migration.up_bytes = bytes_of(log, changeset);
        if (same_in_any_case(changeset.says.attribute("runonchange"), "true"))
            migration.kind = MigrationKind::repeatable;
        else
            migration.version = Version::parse(version);
        remark_on_attributes(log, changeset);
        read_comments(log, changeset, migration);
        // Errors of a file with many changesets must name the one: here, with the file.
        (void)naming_file(*log.file, [&] { return read_migration(Format::liquibase, migration, {}); });
        const bool repeatable = migration.kind == MigrationKind::repeatable;
        (repeatable ? repeatables_ : folder_.migrations).push_back(std::move(migration));
    }

    [[nodiscard]] static std::string logical_path(const Changelog &log, const Changeset &changeset) {
        const std::string own = changeset.says.attribute("logicalfilepath");
        return own.empty() ? log.logical_path : own;
    }

    void remark_on_attributes(const Changelog &log, const Changeset &changeset) {
        const TextLine &line = log.lines[changeset.first];
        for (const auto &attribute : changeset.says.attributes) {
            const std::string &key = attribute.first; // a lambda takes no structured binding in clang
            const std::string &value = attribute.second;
            const bool is_true = same_in_any_case(value, "true");
            const auto known = [&](std::initializer_list<const char *> keys) {
                return std::find(keys.begin(), keys.end(), key) != keys.end();
            };
            if (key == "runalways" && is_true)
                throw unsupported_error(
                    log.file->path, line.number, "the changeset is to run always",
                    "turnstone runs a script again when its text changes (runOnChange), or around "
                    "every run, as a hook.");
            if (key == "runonchange" && is_true)
                remark_on(log, line, "what runs on change runs behind all other changesets");
            else if (known({"context", "contextfilter", "contexts"}) && !value.empty())
                remark_on(
                    log, line,
                    fmt::format(
                        "it runs where turnstone.environment is one of {}; for Liquibase also where none is "
                        "set",
                        value));
            else if (key == "labels")
                remark_on(log, line, fmt::format("the labels {} are not looked at", value));
            else if (key == "failonerror" && !is_true)
                remark_on(log, line, "an error ends the run all the same");
            else if (key == "runwith" && !same_in_any_case(value, "jdbc"))
                remark_on(log, line, fmt::format("the server runs it, not {}", value));
            else if (!known({"runalways", "runonchange", "runintransaction", "splitstatements",
                             "stripcomments", "ignore", "enddelimiter", "rollbackenddelimiter",
                             "rollbacksplitstatements", "dbms", "logicalfilepath", "created", "runorder",
                             "failonerror", "runwith", "context", "contextfilter", "contexts",
                             "objectquotingstrategy"}))
                remark_on(log, line, fmt::format("attribute {} is not known", key));
            if (key == "runorder")
                remark_on(log, line, "its own place in the order is not looked at");
        }
    }

    void read_comments(const Changelog &log, const Changeset &changeset, FolderMigration &migration) {
        bool decides = false; // whether what the preconditions say decides if the changeset is run
        for (std::size_t i = changeset.first + 1; i < changeset.end; ++i) {
            const TextLine &line = log.lines[i];
            if (const auto words = liquibase_comment(line.text, "comment");
                words && migration.description.empty())
                migration.description = trimmed(*words);
            if (const auto words = liquibase_comment(line.text, "preconditions")) {
                const std::string said = lower_case(*words);
                decides = said.find(":mark_ran") != std::string::npos ||
                          said.find(":continue") != std::string::npos;
            }
            if (lower_case(trimmed(line.text)).find("precondition-") != std::string::npos &&
                trimmed(line.text).starts_with("--")) {
                if (decides)
                    throw unsupported_error(log.file->path, line.number,
                                            "whether the changeset is run depends on a precondition",
                                            precondition_hint);
                remark_on(log, line, "the precondition is not checked");
            }
            if (liquibase_comment(line.text, "validchecksum"))
                remark_on(log, line, "sums of Liquibase are not looked at");
            if (const auto words = liquibase_comment(line.text, "rollback");
                words && lower_case(*words).find("changesetid:") != std::string::npos)
                throw unsupported_error(log.file->path, line.number,
                                        "the rollback is that of another changeset",
                                        "Write out what it does.");
        }
    }

    Folder &folder_;

  public:
    std::vector<FolderMigration> repeatables_; // they come last
};

// Of "001_init.sql" 1, where all begin with a number and the numbers rise with the names; else the place of
// the file.
std::vector<std::string> file_numbers(const std::vector<std::unique_ptr<Changelog>> &logs) {
    std::vector<std::string> numbers;
    std::optional<Version> last;
    for (const auto &log : logs) {
        auto version = Version::parse(leading_digits(base_name(log->file->path)));
        if (!version || (last && *version <= *last))
            break;
        numbers.push_back(version->text());
        last = std::move(version);
    }
    if (numbers.size() < logs.size()) {
        numbers.clear();
        for (std::size_t i = 0; i < logs.size(); ++i)
            numbers.push_back(std::to_string(i + 1));
    }
    return numbers;
}

} // namespace

void list_liquibase(const Files &files, Folder &folder) {
    std::vector<std::unique_ptr<Changelog>> logs;
    for (const SourceFile *file : files) {
        const std::string_view path = file->path;
        if (path.ends_with(".xml") || path.ends_with(".yaml") || path.ends_with(".yml") ||
            path.ends_with(".json"))
            pass_over(
                folder, path,
                "is not read: changesets are read from formatted SQL, files by the order of their paths");
        else if (!is_sql(path))
            pass_over(folder, path, "is no SQL script");
        else if (!has_liquibase_head(without_mark(file->bytes)))
            pass_over(folder, path, "does not begin with \"-- liquibase formatted sql\"");
        else
            logs.push_back(naming_file(*file, [&] { return read_changelog(*file); }));
    }
    const std::vector<std::string> numbers = file_numbers(logs);
    Lister lister(folder);
    for (std::size_t i = 0; i < logs.size(); ++i)
        lister.add(*logs[i], numbers[i]);
    std::move(lister.repeatables_.begin(), lister.repeatables_.end(), std::back_inserter(folder.migrations));
}

} // namespace turnstone::core
