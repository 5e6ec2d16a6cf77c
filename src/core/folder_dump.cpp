// Dumps of a whole schema, as Rails (structure.sql), dbmate (schema.sql) and pg_dump itself write them: a
// baseline.
#include <algorithm>

#include <fmt/format.h>

#include "turnstone/core/folder_layouts.hpp"
#include "turnstone/core/format_text.hpp"

namespace turnstone::core {

namespace {

constexpr const char *one_dump_hint = "Load a folder that holds the one dump that new databases begin with.";

// "INSERT INTO public.schema_migrations (version) VALUES", the quotes and the schema being as they may.
bool begins_list(std::string_view line, std::string_view command) {
    if (!take_prefix(line, command))
        return false;
    std::string plain(line);
    std::erase(plain, '"');
    return plain.find("schema_migrations (version) ") != std::string::npos;
}

// The newest version that the dump says is in it; none where it has no list of versions.
std::optional<Version> newest_version(std::string_view text) {
    std::optional<Version> newest;
    bool inserted = false;
    bool copied = false;
    const auto take = [&](std::string_view digits) {
        const auto version = all_digits(digits) ? Version::parse(digits) : std::nullopt;
        if (version && (!newest || *newest < *version))
            newest = version;
    };
    for (const TextLine &line : lines_of(text)) {
        const bool begins_insert = begins_list(line.text, "INSERT INTO ");
        inserted = inserted || begins_insert;
        if (inserted) {
            std::string_view rest = line.text;
            for (std::size_t open = rest.find('\''); open != std::string_view::npos; open = rest.find('\'')) {
                rest.remove_prefix(open + 1);
                const std::size_t close = std::min(rest.find('\''), rest.size());
                take(rest.substr(0, close));
                rest.remove_prefix(std::min(close + 1, rest.size()));
            }
            inserted = !trimmed(line.text).ends_with(';');
        } else if (copied) {
            take(line.text);
            copied = line.text != "\\.";
        } else
            copied = begins_list(line.text, "COPY ") && line.text.ends_with("FROM stdin;");
    }
    return newest;
}

} // namespace

bool is_dump(std::string_view text) {
    if (text.find("\n-- PostgreSQL database dump\n") != std::string_view::npos ||
        text.find("\n-- PostgreSQL database dump\r\n") != std::string_view::npos)
        return true;
    // Rails takes the head with its comments away.
    return text.find("SET statement_timeout = 0;") != std::string_view::npos &&
           text.find("SELECT pg_catalog.set_config('search_path', '', false);") != std::string_view::npos;
}

void list_dump(const Files &files, Folder &folder) {
    Files dumps;
    Files deeper; // Rails has a program for each migration there
    for (const SourceFile *file : files) {
        if (!at_top(file->path))
            deeper.push_back(file);
        else if (is_sql(file->path) && is_dump(without_mark(file->bytes)))
            dumps.push_back(file);
        else if (!passes_over_other_files(folder, *file, "the tool that it is of"))
            pass_over(folder, file->path, "is no dump of pg_dump");
    }
    pass_over_folders(folder, deeper, "beside the dump");
    if (dumps.empty())
        throw Error(ErrorCode::invalid_script, "the folder holds no dump of pg_dump", {}, one_dump_hint);
    if (dumps.size() > 1)
        throw Error(ErrorCode::duplicate,
                    fmt::format("there are two dumps: \"{}\" and \"{}\"", dumps[0]->path, dumps[1]->path), {},
                    one_dump_hint);
    const SourceFile &dump = *dumps.front();
    const auto newest = newest_version(dump.bytes);
    folder.migrations.push_back(
        single(dump, newest.value_or(*Version::parse("1")), description_of(without_sql(dump.path))));
    folder.migrations.back().kind = MigrationKind::baseline;
    if (newest)
        folder.remarks.push_back(
            fmt::format("\"{}\" is taken for the sum of all migrations up to {}, the newest in its list",
                        dump.path, newest->text()));
    else
        folder.remarks.push_back(fmt::format(
            "\"{}\" holds no list of versions, so it is taken for the sum of version 1", dump.path));
}

} // namespace turnstone::core
